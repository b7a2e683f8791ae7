'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');

const READY_TIMEOUT_MS = 60_000;
const READY_POLL_MS = 50;
const LAST_LINES = 20;

/**
 * A server that n8n needs, on loopback.
 *
 * @typedef {object} Service
 * @property {() => Promise<void>} stop asks it to end, in good order
 * @property {() => Promise<void>} kill ends it at once
 * @property {() => Promise<void>} start after it has ended: same port, same folder
 */

/**
 * @typedef {object} Blueprint
 * @property {string} command
 * @property {string[]} args
 * @property {string} folder where it runs and writes `service.log`
 * @property {{ uid?: number, gid?: number }} [user] default: this process's own
 * @property {{ stop: NodeJS.Signals, kill: NodeJS.Signals }} signals
 * @property {() => Promise<boolean>} isReady
 */

/**
 * Signals a process when this one is gone, however it went: the end of its standard input tells
 * `read`. In a group of its own, so that Ctrl-C does not end it first.
 */
function killWithThisProcess(pid, signal) {
	const script = 'read _; kill -s "$1" "$2"';
	const name = signal.replace('SIG', '');
	const guard = spawn('sh', ['-c', script, 'sh', name, String(pid)], {
		detached: true,
		stdio: ['pipe', 'ignore', 'ignore'],
	});
	guard.stdin.on('error', () => {});
	guard.stdin.unref();
	guard.unref();
	return guard;
}

/** @param {Blueprint} blueprint */
async function launch({ command, args, folder, user, signals, isReady }) {
	const logFile = path.join(folder, 'service.log');
	const log = fs.openSync(logFile, 'a');
	const child = spawn(command, args, {
		...user,
		cwd: folder,
		detached: true,
		stdio: ['ignore', log, log],
	});
	fs.closeSync(log);
	const ended = once(child, 'exit');
	const guard = killWithThisProcess(child.pid, signals.kill);
	child.once('exit', () => guard.kill());
	const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
	const end = async (signal) => {
		if (!hasEnded()) child.kill(signal);
		await ended;
	};
	const deadline = Date.now() + READY_TIMEOUT_MS;
	while (!(await isReady())) {
		if (hasEnded() || Date.now() > deadline) {
			await end(signals.kill);
			const lines = fs.readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-LAST_LINES);
			throw new Error(`${path.basename(command)} did not get ready:\n${lines.join('\n')}`);
		}
		await sleep(READY_POLL_MS);
	}
	return end;
}

/**
 * Starts a server and waits until it can be used. It ends with this process at the latest.
 *
 * @param {Blueprint} blueprint
 * @returns {Promise<Service>}
 * @throws {Error} with the last lines of its log
 */
async function startService(blueprint) {
	let end = await launch(blueprint);
	return {
		stop: async () => await end(blueprint.signals.stop),
		kill: async () => await end(blueprint.signals.kill),
		async start() {
			end = await launch(blueprint);
		},
	};
}

module.exports = { startService };
