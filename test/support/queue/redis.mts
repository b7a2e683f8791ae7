import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { freePort } from '../../../tools/n8n/driver/ports.mts';
import { scratchFolder } from '../../../tools/shared/scratch.mts';
import { startService } from './service.mts';
import type { Service } from './service.mts';

const ANSWER_TIMEOUT_MS = 1_000;

/**
 * @param command e.g. `PING`
 * @returns the answer as it is on the wire; undefined: there was none
 */
async function ask(port: number, command: string): Promise<string | undefined> {
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

/** The name that n8n and Bull give to the list of jobs that workers are at. */
const JOBS_UNDER_WAY = 'bull:jobs:active';

export interface Redis extends Service {
	/** for n8n */
	env: NodeJS.ProcessEnv;
	/** executions that workers are at */
	busySlots: () => Promise<number>;
}

/**
 * Starts a Redis that keeps nothing on disk: a restart loses all that it knew, the worst case.
 *
 * @param programs folder of its programs
 */
export async function startRedis(programs: string): Promise<Redis> {
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
