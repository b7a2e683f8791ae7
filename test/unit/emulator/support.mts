import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { startEmulator, DEFAULT_KEY } from '../../../emulator/index.mts';

const MODEL_PATH = 'wan-2-6-video';
export const TEXT_INPUT = { mode: 'text-to-video', prompt: 'a fox' };

/** One request. */
export async function request(
	url,
	{ key = DEFAULT_KEY, headers = {}, ...init } = {},
): Promise<{ status: number; headers: Headers; text: string; json?: unknown }> {
	const authorization = key ? { authorization: `Bearer ${key}` } : {};
	const response = await fetch(url, { ...init, headers: { ...authorization, ...headers } });
	const text = await response.text();
	const answer = { status: response.status, headers: response.headers, text };
	try {
		return { ...answer, json: JSON.parse(text) };
	} catch {
		return answer;
	}
}

/** The calls of the API against one emulator. */
export function clientOf({ baseUrl }) {
	const submitBody = (body, { headers, ...options } = {}) =>
		request(`${baseUrl}/generateTask/${MODEL_PATH}`, {
			...options,
			method: 'POST',
			headers: { 'content-type': 'application/json', ...headers },
			body: typeof body === 'string' ? body : JSON.stringify(body),
		});
	const submit = (input = {}, options) =>
		submitBody({ request_type: 'async', input: { ...TEXT_INPUT, ...input } }, options);
	return {
		submitBody,
		submit,
		/** Submits a valid request. @returns its task ID */
		submitted: async (input): Promise<string> => (await submit(input)).json.data.taskId,
		submitWithCallback: (url, input = {}) =>
			submitBody({
				request_type: 'callback',
				callback_url: url,
				input: { ...TEXT_INPUT, ...input },
			}),
		status: (taskId, options) =>
			request(`${baseUrl}/statusTask/${MODEL_PATH}?taskId=${taskId}`, options),
		balance: (options) => request(`${baseUrl}/apikeys/current-balance`, options),
	};
}

/** @throws when the condition does not come true in time */
export async function until(condition, timeoutMs = 4_000) {
	const deadline = Date.now() + timeoutMs;
	while (!(await condition())) {
		if (Date.now() > deadline) throw new Error(`Not in time: ${condition}`);
		await sleep(5);
	}
}

/** A callback receiver that answers with the given statuses in turn, the last one for ever. */
export async function startReceiver(statuses = [200]) {
	const received = [];
	const server = createServer(async (incoming, outgoing) => {
		const chunks = await incoming.toArray();
		received.push({ at: Date.now(), text: Buffer.concat(chunks).toString(), ...incoming });
		const status = statuses[Math.min(received.length, statuses.length) - 1];
		outgoing.writeHead(status).end('noted');
	});
	await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${server.address().port}/hook?id=1`,
		received,
		close: () => new Promise((resolve) => server.close(resolve)),
	};
}

export { sleep, startEmulator };
