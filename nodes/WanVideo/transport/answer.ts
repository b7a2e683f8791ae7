import { numberValue } from '../wan/values';

/**
 * What came back from one HTTP request, before anyone decides what it means.
 * An error can come as an HTTP status, or as HTTP 200 with another `code` in the envelope.
 */
export type Answer =
	| {
			kind: 'envelope';
			/** 200, or what went wrong: the HTTP status, or the code in the envelope. */
			code: number;
			message?: string;
			data?: unknown;
			retryAfterMs?: number;
	  }
	/** An answer that is not the service's envelope: malformed, cut, or from someone else. */
	| { kind: 'unreadable'; code: number; retryAfterMs?: number }
	/** No answer. `reached` is false only if the request surely never got to the service. */
	| { kind: 'unanswered'; reached: boolean; reason: string }
	/** The execution was stopped while the request was under way. */
	| { kind: 'stopped' };

export interface HttpResponse {
	statusCode?: number;
	headers?: Record<string, unknown>;
	body?: unknown;
}

/** @returns milliseconds to wait by a Retry-After header (seconds or an HTTP date) */
export function retryAfterMs(header: unknown, now: number): number | undefined {
	const value = Array.isArray(header) ? header[0] : header;
	if (typeof value !== 'string' && typeof value !== 'number') return undefined;
	const seconds = Number(value);
	if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
	const date = Date.parse(String(value));
	return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function parsed(body: unknown): Record<string, unknown> | undefined {
	let value = body;
	if (typeof value === 'string') {
		try {
			value = JSON.parse(value);
		} catch {
			return undefined;
		}
	}
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as Record<string, unknown>)
		: undefined;
}

/** Reads an HTTP response; `now` in Unix milliseconds, for Retry-After dates. */
export function readResponse(response: HttpResponse, now: number): Answer {
	const status = response.statusCode ?? 0;
	const wait = retryAfterMs(response.headers?.['retry-after'], now);
	const envelope = parsed(response.body);
	const envelopeCode = numberValue(envelope?.code);
	const isOk = status >= 200 && status < 300;
	if (isOk && (envelope === undefined || !Number.isFinite(envelopeCode))) {
		return { kind: 'unreadable', code: status, retryAfterMs: wait };
	}
	return {
		kind: 'envelope',
		code: isOk ? envelopeCode : status,
		message: typeof envelope?.message === 'string' ? envelope.message : undefined,
		data: envelope?.data,
		retryAfterMs: wait,
	};
}

/**
 * Network errors in words: n8n replaces a whole message in which it finds one of the codes.
 * `reached` is false where the service surely never saw the request.
 */
const NETWORK_ERRORS: Record<string, { words: string; reached: boolean }> = {
	ENOTFOUND: { words: 'its host name is not known', reached: false },
	EAI_AGAIN: { words: 'its host name could not be looked up', reached: false },
	ECONNREFUSED: { words: 'the connection was refused', reached: false },
	EHOSTUNREACH: { words: 'there is no route to it', reached: false },
	ENETUNREACH: { words: 'there is no network', reached: false },
	ERR_INVALID_URL: { words: 'its address is not a URL', reached: false },
	CERT_HAS_EXPIRED: { words: 'its certificate has expired', reached: false },
	DEPTH_ZERO_SELF_SIGNED_CERT: { words: 'its certificate is not trusted', reached: false },
	SELF_SIGNED_CERT_IN_CHAIN: { words: 'its certificate is not trusted', reached: false },
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: { words: 'its certificate is not trusted', reached: false },
	ERR_TLS_CERT_ALTNAME_INVALID: { words: 'its certificate is for another host', reached: false },
	ECONNRESET: { words: 'the connection was closed', reached: true },
	EPIPE: { words: 'the connection was closed', reached: true },
	ECONNABORTED: { words: 'it took too long', reached: true },
	ETIMEDOUT: { words: 'it took too long', reached: true },
	ERR_CANCELED: { words: 'it took too long', reached: true },
	// n8n's own, by name: an administrator keeps nodes away from some addresses.
	SsrfBlockedIpError: { words: 'n8n is set up not to reach its address', reached: false },
	SsrfBlockedHostnameError: { words: 'n8n is set up not to reach its host', reached: false },
};

interface NetworkError {
	name?: unknown;
	code?: unknown;
	syscall?: unknown;
	message?: unknown;
	cause?: unknown;
}

/** The innermost error that carries a system code; n8n wraps what the HTTP client throws. */
function* causes(error: unknown): Generator<NetworkError> {
	for (let depth = 0; depth < 5 && typeof error === 'object' && error !== null; depth += 1) {
		yield error as NetworkError;
		error = (error as NetworkError).cause;
	}
}

/** Reads what the HTTP client threw when no answer came. */
export function readNetworkError(error: unknown): Extract<Answer, { kind: 'unanswered' }> {
	const chain = [...causes(error)];
	const known = chain
		.flatMap(({ code, name }) => [code, name])
		.map((key) =>
			typeof key === 'string' && Object.hasOwn(NETWORK_ERRORS, key)
				? NETWORK_ERRORS[key]
				: undefined,
		)
		.find((entry) => entry !== undefined);
	const isConnecting = chain.some(({ syscall }) => syscall === 'connect');
	return {
		kind: 'unanswered',
		reached: !isConnecting && known?.reached !== false,
		reason: known?.words ?? 'the connection broke off',
	};
}
