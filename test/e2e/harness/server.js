const fs = require('node:fs');
const path = require('node:path');
const { newUserFolder } = require('./homes');
const { boot } = require('./process');

/**
 * A real n8n on loopback.
 *
 * @typedef {object} N8nServer
 * @property {string} url without a slash at the end
 * @property {number} port
 * @property {number} pid of the current process; its task runner is in the same process group
 * @property {string} userFolder
 * @property {string} logFile
 * @property {() => string} log everything that n8n wrote so far
 * @property {(signal?: NodeJS.Signals) => Promise<void>} stop default SIGTERM; keeps the user folder
 * @property {() => Promise<void>} kill SIGKILL: no time to save or say anything
 * @property {(signal?: NodeJS.Signals) => Promise<void>} restart same port, same user folder
 * @property {() => Promise<void>} dispose ends it at once and removes its user folder
 */

/**
 * Starts a real n8n and waits until it can be used. It ends with this process at the latest.
 *
 * @param {object} options
 * @param {import('../../runtime/n8n').N8nRuntime} options.runtime
 * @param {string} [options.userFolder] default: a new one
 * @param {NodeJS.ProcessEnv} [options.env] added to what the harness sets
 * @param {string} [options.webhookUrl] default: the server's own address
 * @param {number} [options.port] default: a free one
 * @param {string[]} [options.command] what to run of n8n, see `boot`
 * @returns {Promise<N8nServer>}
 * @throws {Error} with the last lines of its log
 */
async function startN8n({ runtime, userFolder, env, webhookUrl, port, command }) {
	const home = userFolder ?? (await newUserFolder(runtime));
	const logFile = path.join(home, 'n8n.log');
	const settings = { runtime, userFolder: home, env, webhookUrl, logFile, command };
	let current = await boot({ ...settings, port });
	const stop = async (signal) => await current.end(signal);

	return {
		url: current.url,
		port: current.port,
		get pid() {
			return current.pid;
		},
		userFolder: home,
		logFile,
		log: () => fs.readFileSync(logFile, 'utf8'),
		stop,
		kill: async () => await stop('SIGKILL'),
		async restart(signal) {
			await stop(signal);
			current = await boot({ ...settings, port: current.port });
		},
		async dispose() {
			await stop('SIGKILL');
			fs.rmSync(home, { recursive: true, force: true });
		},
	};
}

module.exports = { startN8n };
