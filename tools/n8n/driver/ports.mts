import net from 'node:net';
import { randomInt } from 'node:crypto';

/**
 * Below the range that systems hand out for outgoing connections, so that a port is still free
 * when its server comes back after a restart.
 */
const MIN_PORT = 15_000;
const MAX_PORT = 32_000;

async function isFree(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const server = net.createServer();
		server.once('error', () => resolve(false));
		server.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
			server.close(() => resolve(true)),
		);
	});
}

/** @returns a port that was free a moment ago; another process may still be faster */
export async function freePort(): Promise<number> {
	const port = randomInt(MIN_PORT, MAX_PORT);
	return (await isFree(port)) ? port : await freePort();
}
