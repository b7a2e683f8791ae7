import { once } from 'node:events';
import http from 'node:http';
import type { IncomingMessage } from 'node:http';
import { DEFAULT_KEY } from '../../../emulator/index.mts';

/** Longer than the node asks APIXO for. */
const ANSWER_TIMEOUT_MS = 20_000;

/** What no answer to a stranger may hold: the key, or what n8n looks like inside. */
const TELLTALE = new RegExp(
	`${DEFAULT_KEY}|node_modules|\\.js:\\d+|\\bat .+ \\(|TypeError|SyntaxError: .*\\n`,
);

/** A request to a webhook, by default a POST without a body. */
export interface Attack {
	method?: string;
	headers?: Record<string, string>;
	body?: string | Buffer;
}

/**
 * Sends any request, on a connection of its own.
 *
 * @returns its HTTP status; 0 when the connection was closed instead
 * @throws when the answer tells what it must not
 */
export async function attack(
	url: string,
	{ method = 'POST', headers, body = '' }: Attack = {},
): Promise<number> {
	const length = { 'content-length': String(Buffer.byteLength(body)) };
	const request = http.request(url, {
		method,
		headers: { ...headers, ...length },
		agent: false,
		timeout: ANSWER_TIMEOUT_MS,
	});
	const timeout = new Error(`${method} ${url} got no answer, ${JSON.stringify(headers)}`);
	request.on('timeout', () => request.destroy(timeout));
	const answered = once(request, 'response') as Promise<[IncomingMessage]>;
	// A server that has heard enough answers and closes while the rest is still on its way.
	request.on('error', () => {});
	request.end(body);
	const [response] = await answered.catch((error: unknown) => {
		if (error === timeout) throw error;
		return [];
	});
	if (response?.statusCode === undefined) return 0;
	let text = '';
	try {
		for await (const chunk of response) text += chunk;
	} catch {
		// An answer that ends early tells no more than it told.
	}
	if (TELLTALE.test(text))
		throw new Error(`${method} ${url} tells too much: ${text.slice(0, 500)}`);
	return response.statusCode;
}

/** A POST of JSON: a value, or its text as it is. */
export const json = (value: unknown): Attack => ({
	headers: { 'content-type': 'application/json' },
	body: typeof value === 'string' ? value : JSON.stringify(value),
});

/** Does some work many times, a few at once. @returns the results in order */
export async function crowd<T>(
	count: number,
	atOnce: number,
	work: (index: number) => Promise<T>,
): Promise<T[]> {
	let next = 0;
	const results: T[] = [];
	const worker = async () => {
		while (next < count) {
			const index = next++;
			results[index] = await work(index);
		}
	};
	await Promise.all(Array.from({ length: atOnce }, worker));
	return results;
}
