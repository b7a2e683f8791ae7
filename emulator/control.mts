import type { IncomingMessage, RequestListener } from 'node:http';

import { reasonOf } from './errors.mts';
import { isRequestKind } from './routes.mts';
import type { Emulator } from './controls.mts';
import type { Rule } from './misbehaviour.mts';
import type { Changes } from './settings.mts';
import type { NewTask, Outcome } from './tasks.mts';

export const PREFIX = '/_emulator/';

/** What a POST carries, by its name. */
export interface ControlBodies {
	misbehave: Rule;
	finish: Outcome & { taskId: string };
	addTask: NewTask;
	retryCallbacks: object;
	setBalance: { key: string; usd: number };
	settings: Changes;
	reset: object;
}

/**
 * The emulator's methods over HTTP, for a test that drives an emulator in another process.
 * A GET reads, a POST acts on a JSON body, a DELETE takes rules back.
 */
const READS: Record<string, (emulator: Emulator, query: URLSearchParams) => unknown> = {
	info: ({ origin, baseUrl }) => ({ origin, baseUrl }),
	ledger: (emulator) => emulator.ledger(),
	tasks: (emulator) => emulator.tasks(),
	requests: (emulator, query) => {
		const kind = query.get('kind') ?? undefined;
		if (kind !== undefined && !isRequestKind(kind)) throw new Error(`No kind of request: ${kind}`);
		return emulator.requests({ kind });
	},
	callbacks: (emulator) => emulator.callbacks(),
	balance: (emulator, query) => emulator.balance(query.get('key') ?? undefined),
};

const ACTS: {
	[Name in keyof ControlBodies]: (emulator: Emulator, body: ControlBodies[Name]) => unknown;
} = {
	misbehave: (emulator, rule) => ({ id: emulator.misbehave(rule).id }),
	finish: (emulator, { taskId, ...outcome }) => emulator.finish(taskId, outcome),
	addTask: (emulator, task) => emulator.addTask(task),
	retryCallbacks: (emulator) => emulator.retryCallbacks(),
	setBalance: (emulator, { key, usd }) => emulator.setBalance(key, usd),
	settings: (emulator, changes) => emulator.configure(changes),
	reset: (emulator) => emulator.reset(),
};

const isAct = (name: string): name is keyof ControlBodies => Object.hasOwn(ACTS, name);

async function readBody(request: IncomingMessage): Promise<unknown> {
	const chunks: Buffer[] = await request.toArray();
	const text = Buffer.concat(chunks).toString('utf8');
	return text ? JSON.parse(text) : {};
}

export function createControl(emulator: Emulator): RequestListener {
	/** @returns undefined: no such control @throws what the emulator's method throws */
	async function perform(request: IncomingMessage, name: string, query: URLSearchParams) {
		if (request.method === 'GET' && Object.hasOwn(READS, name)) {
			return { result: READS[name](emulator, query) };
		}
		if (request.method === 'POST' && isAct(name)) {
			// The other end is client.mts: each name comes with its own body.
			const act = ACTS[name] as (emulator: Emulator, body: unknown) => unknown;
			return { result: act(emulator, await readBody(request)) };
		}
		if (request.method === 'DELETE' && name === 'misbehave') {
			const id = query.get('id');
			return { result: emulator.behave(id === null ? undefined : Number(id)) };
		}
		return undefined;
	}

	return async function control(request, response) {
		const reply = (status: number, value: unknown) => {
			response.writeHead(status, { 'content-type': 'application/json' });
			response.end(JSON.stringify(value ?? null));
		};
		const [name, search] = (request.url ?? '').slice(PREFIX.length).split('?', 2);
		try {
			const done = await perform(request, name, new URLSearchParams(search));
			if (done) reply(200, done.result);
			else reply(404, { error: `No such control: ${request.method} ${name}` });
		} catch (error) {
			reply(400, { error: reasonOf(error) });
		}
	};
}
