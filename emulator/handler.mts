import { compose, reachesService, send } from './answers.mts';
import * as files from './files.mts';
import { recognise } from './routes.mts';
import { createService } from './service.mts';
import { stateOf } from './tasks.mts';
import { Timers } from './timers.mts';
import type { createSettings } from './settings.mts';
import type { createWorld } from './world.mts';
import type { RequestListener } from 'node:http';

const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** @returns undefined when the client went away before it had sent all */
async function readText(request): Promise<string | undefined> {
	const chunks = [];
	let size = 0;
	try {
		for await (const chunk of request) {
			size += chunk.length;
			if (size <= MAX_BODY_BYTES) chunks.push(chunk);
		}
	} catch {
		return undefined;
	}
	return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text) {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/**
 * Answers requests to the API and for files: the service's own behaviour, and the rule on top.
 *
 * @returns `close` forgets answers
 *   that were delayed
 */
export function createHandler(
	settings: ReturnType<typeof createSettings>,
	world: ReturnType<typeof createWorld>,
): { handle: RequestListener; close: () => void } {
	const { tasks, rules, journal } = world;
	const service = createService(settings, world);
	const timers = new Timers();

	/** What a rule can match: the task where there is one, the request otherwise. */
	function factsOf(call) {
		const task = call.taskId && tasks.get(call.taskId);
		if (task) return { ...world.factsOf(task), key: call.key ?? task.key };
		const { mode, prompt } = call.body?.input ?? {};
		return { taskId: call.taskId, key: call.key, mode, prompt };
	}

	/** Accepts a submit before any delay: a client that gives up waiting has paid all the same. */
	async function askService(call, effects, entry) {
		if (!reachesService(effects)) return undefined;
		const envelope = service(call, effects);
		if (call.kind === 'submit' && envelope.code === 200) {
			entry.taskId = envelope.data.taskId;
			await world.started(tasks.get(entry.taskId));
		}
		return envelope;
	}

	async function answerApi(call, effects, entry, response) {
		const envelope = await askService(call, effects, entry);
		if (effects.delayMs) await timers.sleep(effects.delayMs);
		if (drop(effects, entry, response)) return;
		if (effects.cut) entry.dropped = 'cut';
		send(response, compose(envelope, effects, settings.errorForm), effects.cut);
	}

	async function answerFile(call, rule, entry, response) {
		const effects = { ...files.switches(call.query), ...rule };
		if (effects.delayMs) await timers.sleep(effects.delayMs);
		if (drop(effects, entry, response)) return;
		const missing = call.taskId && !isFinished(call.taskId);
		if (effects.httpStatus || effects.html || missing) {
			const substitute = missing ? { httpStatus: 404, ...effects } : effects;
			send(response, compose(undefined, substitute, 'http'), effects.cut);
			return;
		}
		if (effects.cut) entry.dropped = 'cut';
		await files.serve(response, call, effects);
	}

	const isFinished = (taskId) =>
		taskId === 'sample' || (tasks.get(taskId) && stateOf(tasks.get(taskId)) === 'success');

	/** @returns whether the connection was ended without an answer */
	function drop({ reset, loseAnswer }, entry, response): boolean {
		if (!reset && !loseAnswer) return false;
		entry.dropped = reset ? 'reset' : 'loseAnswer';
		if (reset) response.socket?.resetAndDestroy();
		else response.socket?.destroy();
		return true;
	}

	async function handle(request, response) {
		const at = Date.now();
		const { kind, ...route } = recognise(request.method, request.url);
		const { authorization, range } = request.headers;
		const key = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
		const call = { ...route, kind, key, range, contentType: request.headers['content-type'] };
		const { method, path, taskId } = route;
		const query = route.query.toString() || undefined;
		const entry = journal.open(
			{ kind, at, method, path, query, taskId, key, authorization },
			response,
		);
		const text = method === 'POST' ? await readText(request) : '';
		if (text === undefined) return;
		call.body = parseJson(text);
		if (text) entry.body = call.body ?? text;
		const effects = rules.take(kind, factsOf(call));
		await (kind === 'file' ? answerFile : answerApi)(call, effects, entry, response);
	}

	return { handle, close: () => timers.clear() };
}
