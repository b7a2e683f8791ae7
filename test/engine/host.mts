import { once } from 'node:events';
import http from 'node:http';

/** A server that answers as no well-meant one does: with whatever the test says, byte by byte. */
export async function startHost(
	answer: (call: { path: string; url: URL }, response: http.ServerResponse) => void,
) {
	const calls = [];
	const server = http.createServer((request, response) => {
		request.resume();
		const url = new URL(request.url, 'http://host');
		const { authorization } = request.headers;
		const call = { method: request.method, path: url.pathname, url, authorization };
		calls.push(call);
		response.on('error', () => {});
		answer(call, response);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		origin: `http://127.0.0.1:${server.address().port}`,
		calls,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

/** Writes the same chunk until the reader has enough, or so many bytes are sent. */
export function pourWithoutEnd(response, chunk, bytes = Infinity) {
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
