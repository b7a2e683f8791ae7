import { isRecord, numberValue, parseJson } from '../shared/values';

/**
 * What one HTTP request led to, before anyone decides what it means. An error can come as an HTTP
 * status, or as HTTP 200 with another `code` in the envelope.
 */
export type ServiceResponse =
	| {
			kind: 'envelope';
			/** 200, or what went wrong: the HTTP status, or the code in the envelope. */
			code: number;
			message?: string;
			data?: unknown;
			retryAfterMs?: number;
	  }
	/** Reports success like the service, but is malformed, or no envelope. */
	| { kind: 'unreadable'; code: number; retryAfterMs?: number }
	/** From a server between n8n and the service: with an HTTP status, but without the envelope. */
	| { kind: 'foreign'; code: number; message?: string; retryAfterMs?: number }
	/** No response. `reached` is false only if the request surely never got to the service. */
	| { kind: 'unanswered'; reached: boolean; reason: string }
	/** The execution was stopped while the request was under way. */
	| { kind: 'stopped' };

interface HttpResponse {
	statusCode?: number;
	headers?: Record<string, unknown>;
	/** Text, unless it was too long to be read. */
	body?: string;
}

/** @returns milliseconds to wait by a Retry-After header (seconds or an HTTP date) */
export function retryAfterMs(header: unknown, nowMs: number): number | undefined {
	const value: unknown = Array.isArray(header) ? header[0] : header;
	if (typeof value !== 'string' && typeof value !== 'number') return undefined;
	const seconds = Number(value);
	if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
	const date = Date.parse(String(value));
	return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

/** Text that is no JSON, nor the beginning of any: a web page, or words for people. */
const isForPeople = (body: string) => body.trim() !== '' && !/^\s*[[{"]/.test(body);

/** What a server says that is not the service, where it says it in JSON. */
function foreignMessage(parsed: unknown): string | undefined {
	const { message, error } = isRecord(parsed) ? parsed : {};
	return [message, error].find((text) => typeof text === 'string');
}

/** @param nowMs Unix milliseconds, for Retry-After dates */
export function readResponse(response: HttpResponse, nowMs: number): ServiceResponse {
	const status = response.statusCode ?? 0;
	const wait = retryAfterMs(response.headers?.['retry-after'], nowMs);
	const body = response.body ?? '';
	const parsed = parseJson(body);
	const envelope = isRecord(parsed) ? parsed : {};
	const envelopeCode = numberValue(envelope.code);
	const isOk = status >= 200 && status < 300;
	if (Number.isFinite(envelopeCode)) {
		return {
			kind: 'envelope',
			code: isOk ? envelopeCode : status,
			message: typeof envelope.message === 'string' ? envelope.message : undefined,
			data: envelope.data,
			retryAfterMs: wait,
		};
	}
	if (isOk && (parsed !== undefined || !isForPeople(body))) {
		return { kind: 'unreadable', code: status, retryAfterMs: wait };
	}
	return { kind: 'foreign', code: status, message: foreignMessage(parsed), retryAfterMs: wait };
}
