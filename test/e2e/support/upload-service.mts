import { once } from 'node:events';
import http from 'node:http';
import { buffer } from 'node:stream/consumers';
import { originOf } from '../../support/origin.mts';
import { required } from '../../support/required.mts';

/** A service that takes files as a form. */
export interface UploadService {
	url: string;
	/** forms that it has taken, in order */
	forms: () => FormData[];
	close: () => Promise<void>;
}

/** @param isTaken whether it takes the upload of this number, from 1 */
export async function startUploadService(
	isTaken: (number: number) => boolean,
): Promise<UploadService> {
	const forms: FormData[] = [];
	let count = 0;
	const server = http.createServer(async (request, response) => {
		const body = await buffer(request);
		count++;
		if (!isTaken(count)) {
			response.writeHead(503).end('Out of order');
			return;
		}
		const contentType = required(request.headers['content-type'], 'content-type');
		forms.push(await new Response(body, { headers: { 'content-type': contentType } }).formData());
		response.setHeader('content-type', 'application/json').end('{"id":"published"}');
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `${originOf(server)}/upload`,
		forms: () => forms,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}
