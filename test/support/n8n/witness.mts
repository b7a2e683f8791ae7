import { once } from 'node:events';
import http from 'node:http';
import { originOf } from '../origin.mts';

export interface Visit {
	/** Unix ms */
	at: number;
	body: unknown;
}

/**
 * A server outside of n8n that notes who called. What a workflow did, and how often, is read here,
 * because n8n's own records only tell the last state of an execution.
 */
export interface Witness {
	/** to be called with POST and a JSON body */
	url: (name: string) => string;
	/** in order */
	visits: (name: string) => Visit[];
	close: () => Promise<void>;
}

export async function startWitness(): Promise<Witness> {
	const seen = new Map<string, Visit[]>();
	const visits = (name: string) => seen.get(name) ?? [];
	const server = http.createServer(async (request, response) => {
		const at = Date.now();
		let text = '';
		for await (const chunk of request) text += chunk;
		const name = decodeURIComponent((request.url ?? '').slice(1));
		seen.set(name, [...visits(name), { at, body: JSON.parse(text) }]);
		response.setHeader('content-type', 'application/json').end('{"seen":true}');
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const origin = originOf(server);
	return {
		url: (name) => `${origin}/${encodeURIComponent(name)}`,
		visits,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}
