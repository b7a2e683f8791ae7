import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy that lets nothing through and notes every request that wants to leave this machine. */
export interface RecordingProxy {
	/** environment of an n8n that sends through it whatever is not for this machine */
	env: Record<string, string>;
	/** URLs, for https `CONNECT` and the host */
	calls: string[];
	close: () => Promise<void>;
}

export async function startProxy(): Promise<RecordingProxy> {
	const calls: string[] = [];
	const server = http.createServer((request, response) => {
		calls.push(request.url ?? '');
		response.writeHead(502).end();
	});
	server.on('connect', (request, socket) => {
		calls.push(`CONNECT ${request.url}`);
		socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	// Node: an address is text only for a pipe.
	const { port } = server.address() as AddressInfo;
	const url = `http://127.0.0.1:${port}`;
	return {
		env: {
			HTTP_PROXY: url,
			http_proxy: url,
			HTTPS_PROXY: url,
			https_proxy: url,
			NO_PROXY: '127.0.0.1,localhost',
		},
		calls,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}
