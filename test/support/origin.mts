import type { Server } from 'node:net';

/** @returns the origin of a server that listens on a port of loopback */
export function originOf(server: Server): string {
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('It listens on no port');
	return `http://127.0.0.1:${address.port}`;
}
