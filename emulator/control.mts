import type { RequestListener } from 'node:http';

/**
 * The emulator's methods over HTTP, for a test that drives an emulator in another process.
 * A GET reads, a POST acts on a JSON body, a DELETE takes rules back.
 */
const ACTIONS: Record<
	string,
	(emulator: object, body: unknown, query: URLSearchParams) => unknown
> = {
	'GET info': ({ origin, baseUrl }) => ({ origin, baseUrl }),
	'GET ledger': (emulator) => emulator.ledger(),
	'GET tasks': (emulator) => emulator.tasks(),
	'GET requests': (emulator, _, query) =>
		emulator.requests({ kind: query.get('kind') ?? undefined }),
	'GET callbacks': (emulator) => emulator.callbacks(),
	'GET balance': (emulator, _, query) => emulator.balance(query.get('key') ?? undefined),
	'POST misbehave': (emulator, rule) => ({ id: emulator.misbehave(rule).id }),
	'DELETE misbehave': (emulator, _, query) =>
		emulator.behave(query.has('id') ? Number(query.get('id')) : undefined),
	'POST finish': (emulator, { taskId, ...outcome }) => emulator.finish(taskId, outcome),
	'POST addTask': (emulator, task) => emulator.addTask(task),
	'POST retryCallbacks': (emulator) => emulator.retryCallbacks(),
	'POST setBalance': (emulator, { key, usd }) => emulator.setBalance(key, usd),
	'POST settings': (emulator, changes) => emulator.configure(changes),
	'POST reset': (emulator) => emulator.reset(),
};

export const PREFIX = '/_emulator/';

export function createControl(emulator): RequestListener {
	return async function control(request, response) {
		const reply = (status, value) => {
			response.writeHead(status, { 'content-type': 'application/json' });
			response.end(JSON.stringify(value ?? null));
		};
		const [path, search = ''] = request.url.slice(PREFIX.length).split('?', 2);
		const action = ACTIONS[`${request.method} ${path}`];
		if (!action) return reply(404, { error: `No such control: ${request.method} ${path}` });
		try {
			const chunks = await request.toArray();
			const text = Buffer.concat(chunks).toString('utf8');
			return reply(
				200,
				action(emulator, text ? JSON.parse(text) : {}, new URLSearchParams(search)),
			);
		} catch (error) {
			return reply(400, { error: error.message });
		}
	};
}
