import { STATUS_CODES } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { Effects } from './misbehaviour.mts';
import type { Envelope } from './service.mts';

const HTML = '<!doctype html><html><body><h1>Please stand by</h1></body></html>';

/** Effects that replace the service's own answer: a request that meets one is not accepted. */
const REFUSALS: Array<keyof Effects> = ['httpStatus', 'code', 'envelope', 'retryAfter', 'reset'];

export interface Answer {
	status: number;
	headers: Record<string, string>;
	text: string;
}

/**
 * Whether the service itself sees the request. A request whose answer is only lost or mangled was
 * accepted. `accept` in a rule overrides both.
 */
export function reachesService(effects: Effects): boolean {
	return effects.accept ?? !REFUSALS.some((name) => name in effects);
}

/**
 * The answer to send, after misbehaviour.
 *
 * @param envelope the service's own, if it was asked
 * @param errorForm where an error's code shows: as HTTP status, or in a 200
 */
export function compose(
	envelope: Envelope | undefined,
	effects: Effects,
	errorForm: 'http' | 'envelope',
): Answer {
	const { code, message, retryAfter, noTaskId } = effects;
	const own = envelope ?? { code: 200, message: 'success', data: null };
	let body: unknown = noTaskId && own.code === 200 ? { ...own, data: {} } : own;
	let status = errorForm === 'http' ? own.code : 200;
	const headers: Record<string, string> = { 'content-type': 'application/json; charset=utf-8' };
	if (retryAfter !== undefined) headers['retry-after'] = String(retryAfter);
	const forced = effects.httpStatus ?? (retryAfter === undefined ? undefined : 429);
	if (forced !== undefined || code !== undefined) {
		status = forced ?? 200;
		const standard = forced === undefined ? undefined : STATUS_CODES[forced];
		body = { code: code ?? forced, message: message ?? standard ?? 'error', data: null };
	}
	if (effects.envelope !== undefined) body = effects.envelope;
	return mangle({ status, headers, text: JSON.stringify(body) }, effects);
}

function mangle(answer: Answer, { html, text, malformedJson, headers }: Effects): Answer {
	if (html) answer.text = HTML;
	if (html) answer.headers['content-type'] = 'text/html; charset=utf-8';
	if (text !== undefined) answer.text = text;
	if (text !== undefined) answer.headers['content-type'] = 'text/plain; charset=utf-8';
	if (malformedJson) answer.text = `${answer.text.slice(0, -1)},`;
	Object.assign(answer.headers, headers);
	return answer;
}

/**
 * Sends an answer, or half of it.
 *
 * @param cut all headers, half the body, then a closed socket
 */
export function send(response: ServerResponse, { status, headers, text }: Answer, cut?: boolean) {
	const body = Buffer.from(text);
	response.writeHead(status, { 'content-length': body.length, ...headers });
	if (!cut) {
		response.end(body);
		return;
	}
	response.write(body.subarray(0, body.length >> 1), () => response.socket?.destroy());
}
