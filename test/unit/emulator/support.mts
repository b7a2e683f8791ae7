import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { DEFAULT_KEY, startEmulator } from '../../../emulator/index.mts';
import type { RemoteEmulator, SubmitInput } from '../../../emulator/index.mts';

const MODEL_PATH = 'wan-2-6-video';
export const TEXT_INPUT = { mode: 'text-to-video', prompt: 'a fox' };

/** The envelope of all that the service answers. */
export interface Envelope {
	code: number;
	message: string;
	data?: unknown;
}

export interface Reply {
	status: number;
	headers: Headers;
	text: string;
	/** @throws if the text is no envelope */
	json: Envelope;
}

function envelopeIn(text: string): Envelope {
	const parsed: unknown = JSON.parse(text);
	if (typeof parsed === 'object' && parsed !== null && 'code' in parsed && 'message' in parsed) {
		const { code, message } = parsed;
		if (typeof code === 'number' && typeof message === 'string')
			return { ...parsed, code, message };
	}
	throw new Error(`No envelope: ${text}`);
}

/** A task as a status answer or a callback reports it. */
export interface ReportedTask {
	taskId: string;
	state?: string;
	resultJson?: string;
	failCode?: string;
	failMsg?: string;
	[field: string]: unknown;
}

/** @throws if the answer holds no task */
export function taskIn({ data }: Envelope): ReportedTask {
	const isObject = typeof data === 'object' && data !== null;
	if (isObject && 'taskId' in data && typeof data.taskId === 'string') {
		return { ...data, taskId: data.taskId };
	}
	throw new Error(`No task: ${JSON.stringify(data)}`);
}

export interface RequestOptions extends Omit<NonNullable<Parameters<typeof fetch>[1]>, 'headers'> {
	/** The API key; none is sent if it is empty. */
	key?: string;
	headers?: Record<string, string>;
}

/** One request. */
export async function request(
	url: string,
	{ key = DEFAULT_KEY, headers = {}, ...init }: RequestOptions = {},
): Promise<Reply> {
	const authorization: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {};
	const response = await fetch(url, { ...init, headers: { ...authorization, ...headers } });
	const text = await response.text();
	return {
		status: response.status,
		headers: response.headers,
		text,
		get json() {
			return envelopeIn(text);
		},
	};
}

/** Fields of a request, which need not make sense. */
export type Input = { [Field in keyof SubmitInput]?: unknown } & { [field: string]: unknown };

export type Client = ReturnType<typeof clientOf>;

/** The calls of the API against one emulator. */
export function clientOf({ baseUrl }: Pick<RemoteEmulator, 'baseUrl'>) {
	const submitBody = (body: unknown, { headers, ...options }: RequestOptions = {}) =>
		request(`${baseUrl}/generateTask/${MODEL_PATH}`, {
			...options,
			method: 'POST',
			headers: { 'content-type': 'application/json', ...headers },
			body: typeof body === 'string' ? body : JSON.stringify(body),
		});
	const submit = (input: Input = {}, options?: RequestOptions) =>
		submitBody({ request_type: 'async', input: { ...TEXT_INPUT, ...input } }, options);
	const status = (taskId: string, options?: RequestOptions) =>
		request(`${baseUrl}/statusTask/${MODEL_PATH}?taskId=${taskId}`, options);
	return {
		submitBody,
		submit,
		/** Submits a valid request. @returns its task ID */
		submitted: async (input?: Input, options?: RequestOptions): Promise<string> =>
			taskIn((await submit(input, options)).json).taskId,
		/** Submits a valid request with a callback. @returns its task ID */
		submitWithCallback: async (url: string, input: Input = {}): Promise<string> => {
			const body = {
				request_type: 'callback',
				callback_url: url,
				input: { ...TEXT_INPUT, ...input },
			};
			return taskIn((await submitBody(body)).json).taskId;
		},
		status,
		/** What a status answer says of a task. */
		task: async (taskId: string, options?: RequestOptions): Promise<ReportedTask> =>
			taskIn((await status(taskId, options)).json),
		balance: (options?: RequestOptions) => request(`${baseUrl}/apikeys/current-balance`, options),
	};
}

/** @throws when the condition does not come true in time */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 4_000) {
	const deadline = Date.now() + timeoutMs;
	while (!(await condition())) {
		if (Date.now() > deadline) throw new Error(`Not in time: ${condition}`);
		await sleep(5);
	}
}

/** A request that a receiver got. */
interface Received {
	/** Unix milliseconds. */
	at: number;
	method?: string;
	url?: string;
	text: string;
}

export interface Receiver {
	url: string;
	received: Received[];
	close: () => Promise<void>;
}

/** A callback receiver that answers with the given statuses in turn, the last one for ever. */
export async function startReceiver(statuses = [200]): Promise<Receiver> {
	const received: Received[] = [];
	const server = createServer(async (incoming, outgoing) => {
		const text = Buffer.concat(await incoming.toArray()).toString();
		const { method, url } = incoming;
		received.push({ at: Date.now(), method, url, text });
		const status = statuses[Math.min(received.length, statuses.length) - 1];
		outgoing.writeHead(status).end('noted');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${portOf(server)}/hook?id=1`,
		received,
		close: () => new Promise((resolve) => server.close(() => resolve())),
	};
}

function portOf(server: ReturnType<typeof createServer>): number {
	const address = server.address();
	if (typeof address === 'object' && address !== null) return address.port;
	throw new Error('The server does not listen');
}

export { sleep, startEmulator };
