import { once } from 'node:events';
import http from 'node:http';
import { originOf } from '../support/origin.mts';

export interface Call {
	method: string | undefined;
	/** without the query */
	path: string;
	url: URL;
	/** the header as sent */
	authorization: string | undefined;
}

export type Answer = (call: Call, response: http.ServerResponse<http.IncomingMessage>) => unknown;

export interface Host {
	origin: string;
	/** in order */
	calls: Call[];
	close: () => Promise<void>;
}

/** A server that answers whatever the test says, byte by byte, as no well-behaved server does. */
export async function startHost(answer: Answer): Promise<Host> {
	const calls: Call[] = [];
	const server = http.createServer((request, response) => {
		request.resume();
		const url = new URL(request.url ?? '/', 'http://host');
		const { authorization } = request.headers;
		const call = { method: request.method, path: url.pathname, url, authorization };
		calls.push(call);
		response.on('error', () => {});
		answer(call, response);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		origin: originOf(server),
		calls,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

/** Writes the same chunk until the reader has enough, or so many bytes are sent. */
export function pourWithoutEnd(response: http.ServerResponse, chunk: Buffer, bytes = Infinity) {
	let sent = 0;
	const write = () => {
		while (sent < bytes && !response.destroyed) {
			sent += chunk.length;
			if (!response.write(chunk)) return response.once('drain', write);
		}
		return response.end();
	};
	write();
}
