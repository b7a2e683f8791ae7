'use strict';

const { once } = require('node:events');
const net = require('node:net');
const path = require('node:path');
const { freePort } = require('../e2e/harness/ports');
const { scratchFolder } = require('../runtime/scratch');
const { startService } = require('./service');

const ANSWER_TIMEOUT_MS = 1_000;

/**
 * @param {number} port
 * @param {string} command e.g. `PING`
 * @returns {Promise<string | undefined>} the answer as it is on the wire; undefined: there was none
 */
async function ask(port, command) {
	const socket = net.connect({ port, host: '127.0.0.1' });
	socket.setTimeout(ANSWER_TIMEOUT_MS, () => socket.destroy(new Error('No answer')));
	try {
		socket.write(`${command}\r\n`);
		const [answer] = await once(socket, 'data');
		return answer.toString();
	} catch {
		return undefined;
	} finally {
		socket.destroy();
	}
}

/** How n8n and Bull call the list of jobs that workers are at. */
const JOBS_UNDER_WAY = 'bull:jobs:active';

/**
 * @typedef {import('./service').Service & { env: NodeJS.ProcessEnv,
 *   busySlots: () => Promise<number> }} Redis `env`: for n8n; `busySlots`: executions that workers
 *   are at
 */

/**
 * Starts a Redis that keeps nothing on disk: a restart loses all that it knew, the worst case.
 *
 * @param {string} programs folder of its programs
 * @returns {Promise<Redis>}
 */
async function startRedis(programs) {
	const port = await freePort();
	const options = { port, bind: '127.0.0.1', save: '', appendonly: 'no' };
	const service = await startService({
		command: path.join(programs, 'redis-server'),
		args: Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
		folder: scratchFolder('redis'),
		signals: { stop: 'SIGTERM', kill: 'SIGKILL' },
		// Not while it still loads.
		isReady: async () => (await ask(port, 'PING'))?.startsWith('+PONG') === true,
	});
	return {
		...service,
		busySlots: async () => Number((await ask(port, `LLEN ${JOBS_UNDER_WAY}`))?.slice(1)),
		env: { QUEUE_BULL_REDIS_HOST: '127.0.0.1', QUEUE_BULL_REDIS_PORT: String(port) },
	};
}

module.exports = { startRedis };
