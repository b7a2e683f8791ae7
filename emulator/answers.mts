import { STATUS_CODES } from 'node:http';
import type { Envelope } from './service.mts';
import type { Effects } from './misbehaviour.mts';
import type { ServerResponse } from 'node:http';

const HTML = '<!doctype html><html><body><h1>Please stand by</h1></body></html>';

/** Effects that stand in for the service's own answer: a request that meets one is not accepted. */
const REFUSALS = ['httpStatus', 'code', 'envelope', 'retryAfter', 'reset'];

/**
 * Whether the service itself sees the request. Answers that are merely lost or mangled on their way
 * belong to a request that was accepted. `accept` in a rule overrides both.
 */
export function reachesService(effects) {
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
): { status: number; headers: Record<string, string>; text: string } {
	const { code, message, retryAfter, noTaskId } = effects;
	let body = envelope ?? { code: 200, message: 'success', data: null };
	let status = errorForm === 'http' ? body.code : 200;
	const headers = { 'content-type': 'application/json; charset=utf-8' };
	if (retryAfter !== undefined) headers['retry-after'] = String(retryAfter);
	const forced = effects.httpStatus ?? (retryAfter === undefined ? undefined : 429);
	if (forced !== undefined || code !== undefined) {
		status = forced ?? 200;
		body = {
			code: code ?? forced,
			message: message ?? STATUS_CODES[forced] ?? 'error',
			data: null,
		};
	}
	if (effects.envelope !== undefined) body = effects.envelope;
	if (noTaskId && body?.data?.taskId) body = { ...body, data: {} };
	return dress({ status, headers, text: JSON.stringify(body) }, effects);
}

function dress(answer, { html, malformedJson, headers }) {
	if (html) answer.text = HTML;
	if (html) answer.headers['content-type'] = 'text/html; charset=utf-8';
	if (malformedJson) answer.text = `${answer.text.slice(0, -1)},`;
	Object.assign(answer.headers, headers);
	return answer;
}

/**
 * Sends an answer, or half of it.
 *
 * @param cut all headers, half the body, then a closed socket
 */
export function send(
	response: ServerResponse,
	{ status, headers, text }: ReturnType<typeof compose>,
	cut?: boolean,
) {
	const body = Buffer.from(text);
	response.writeHead(status, { 'content-length': body.length, ...headers });
	if (!cut) {
		response.end(body);
		return;
	}
	response.write(body.subarray(0, body.length >> 1), () => response.socket?.destroy());
}
