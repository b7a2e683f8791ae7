import { compose, reachesService, send } from './answers.mts';
import * as files from './files.mts';
import { recognise } from './routes.mts';
import { createService } from './service.mts';
import { stateOf } from './tasks.mts';
import { Timers } from './timers.mts';
import { isObject } from './validation.mts';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { RequestEntry } from './journal.mts';
import type { Effects, Facts } from './misbehaviour.mts';
import type { Call, Envelope } from './service.mts';
import type { Settings } from './settings.mts';
import type { World } from './world.mts';

const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** A request under way. */
interface Exchange {
	call: Call;
	effects: Effects;
	entry: RequestEntry;
	response: ServerResponse;
}

/** @returns undefined when the client went away before it had sent all */
async function readText(request: IncomingMessage): Promise<string | undefined> {
	const chunks: Buffer[] = [];
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

/** @returns undefined when it does not parse */
function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** @returns whether the connection was ended without an answer */
function drop({ effects: { reset, loseAnswer }, entry, response }: Exchange): boolean {
	if (!reset && !loseAnswer) return false;
	entry.dropped = reset ? 'reset' : 'loseAnswer';
	if (reset) response.socket?.resetAndDestroy();
	else response.socket?.destroy();
	return true;
}

/**
 * Answers requests to the API and for files: the service's own behaviour, and the rule on top.
 *
 * @returns `close` forgets answers that were delayed
 */
export function createHandler(
	settings: Settings,
	world: World,
): { handle: RequestListener; close: () => void } {
	const { tasks, rules, journal } = world;
	const service = createService(settings, world);
	const timers = new Timers();

	/** What a rule can match: the task where there is one, the request otherwise. */
	function factsOf({ taskId, key, body }: Call): Facts {
		const task = taskId === undefined ? undefined : tasks.get(taskId);
		if (task) return { ...world.factsOf(task), key: key ?? task.key };
		const input = isObject(body) && isObject(body.input) ? body.input : {};
		return { taskId, key, mode: input.mode, prompt: input.prompt };
	}

	/** Accepts a submit before any delay: a client that gives up waiting has paid all the same. */
	async function askService({ call, effects, entry }: Exchange): Promise<Envelope | undefined> {
		if (!reachesService(effects)) return undefined;
		const { envelope, started } = service(call, effects);
		if (started) {
			entry.taskId = started.taskId;
			await world.started(started);
		}
		return envelope;
	}

	async function answerApi(exchange: Exchange) {
		const { effects, entry, response } = exchange;
		const envelope = await askService(exchange);
		if (effects.delayMs) await timers.sleep(effects.delayMs);
		if (drop(exchange)) return;
		if (effects.cut) entry.dropped = 'cut';
		send(response, compose(envelope, effects, settings.errorForm), effects.cut);
	}

	async function answerFile(exchange: Exchange) {
		const { call, effects, entry, response } = exchange;
		if (effects.delayMs) await timers.sleep(effects.delayMs);
		if (drop(exchange)) return;
		const isMissing = !hasFile(call);
		const httpStatus = effects.httpStatus ?? (isMissing ? 404 : undefined);
		if (httpStatus || effects.html) {
			send(response, compose(undefined, { ...effects, httpStatus }, 'http'), effects.cut);
			return;
		}
		if (effects.cut) entry.dropped = 'cut';
		await files.serve(response, call, effects);
	}

	function hasFile({ taskId, media }: Call): boolean {
		if (media !== undefined) return files.hasMedia(media);
		if (taskId === undefined) return true;
		const task = tasks.get(taskId);
		return taskId === 'sample' || (task !== undefined && stateOf(task) === 'success');
	}

	async function handle(request: IncomingMessage, response: ServerResponse) {
		const at = Date.now();
		const route = recognise(request.method ?? '', request.url ?? '');
		const { authorization, range, 'content-type': contentType } = request.headers;
		const key = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
		const { kind, method, path, taskId } = route;
		const query = route.query.toString() || undefined;
		const entry = journal.open(
			{ kind, at, method, path, query, taskId, key, authorization },
			response,
		);
		const text = method === 'POST' ? await readText(request) : '';
		if (text === undefined) return;
		const call: Call = { ...route, key, range, contentType, body: parseJson(text) };
		if (text) entry.body = call.body ?? text;
		const rule = rules.take(kind, factsOf(call));
		if (kind !== 'file') return await answerApi({ call, effects: rule, entry, response });
		const effects = { ...files.switches(call.query), ...rule };
		return await answerFile({ call, effects, entry, response });
	}

	return { handle, close: () => timers.clear() };
}
