import http from 'node:http';
import type { AddressInfo } from 'node:net';

import { PREFIX } from './control.mts';

/** Longer than any client keeps a connection, so that none meets a closed one by chance. */
const KEEP_ALIVE_MS = 120_000;
const BACKLOG = 4_096;

interface Listeners {
	handle: http.RequestListener;
	control: http.RequestListener;
}

/**
 * Opens the port.
 *
 * @param address port 0: any free one
 * @throws when the port is taken
 */
export async function listen({ host, port }: { host: string; port: number }) {
	const server = http.createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 });
	server.headersTimeout = KEEP_ALIVE_MS + 1_000;
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject).listen(port, host, BACKLOG, resolve);
	});
	// It listens, and on a TCP port: then Node gives an object.
	const address = server.address() as AddressInfo;

	return {
		origin: `http://${host}:${address.port}`,

		serve({ handle, control }: Listeners) {
			server.on('request', (request, response) => {
				// Writing to a client that has gone is an everyday event here.
				response.on('error', () => {});
				const listener = request.url?.startsWith(PREFIX) ? control : handle;
				return listener(request, response);
			});
		},

		/** Ends every connection, also those that wait for an answer. */
		async close() {
			const closed = new Promise((resolve) => server.close(resolve));
			server.closeAllConnections();
			await closed;
		},
	};
}
