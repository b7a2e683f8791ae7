import http from 'node:http';

import { PREFIX } from './control.mts';

/** Longer than any client keeps a connection, so that none meets a closed one by chance. */
const KEEP_ALIVE_MS = 120_000;
const BACKLOG = 4_096;

/**
 * Opens the port.
 *
 * @param address port 0: any free one
 * @throws when the port is taken
 */
export async function listen({ host, port }: { host: string; port: number }): Promise<{
	origin: string;
	serve: (...args: unknown[]) => unknown;
	close: () => Promise<void>;
}> {
	const server = http.createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 });
	server.headersTimeout = KEEP_ALIVE_MS + 1_000;
	await new Promise((resolve, reject) => {
		server.once('error', reject).listen(port, host, BACKLOG, resolve);
	});

	return {
		origin: `http://${host}:${server.address().port}`,

		serve({ handle, control }: { handle: http.RequestListener; control: http.RequestListener }) {
			server.on('request', (request, response) => {
				// Writing to a client that has gone is an everyday event here.
				response.on('error', () => {});
				return (request.url.startsWith(PREFIX) ? control : handle)(request, response);
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
