import { lookUp } from '../shared/values';
import type { ServiceResponse } from './response';

/**
 * Network errors in words, because n8n replaces a whole message in which it finds one of the codes.
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
	UNABLE_TO_GET_ISSUER_CERT: { words: 'its certificate is not trusted', reached: false },
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { words: 'its certificate is not trusted', reached: false },
	CERT_UNTRUSTED: { words: 'its certificate is not trusted', reached: false },
	CERT_NOT_YET_VALID: { words: 'its certificate is not valid yet', reached: false },
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

/** Those whose code does not tell what their message does, as Node.js and OpenSSL word it. */
const BY_MESSAGE: Array<{ message: RegExp; words: string; reached: boolean }> = [
	{
		message: /before secure TLS connection was established/,
		words: 'the connection was closed before it was encrypted',
		reached: false,
	},
	// Also where something in between breaks into a connection that has already carried a request.
	{ message: /wrong version number/, words: 'what answers there does not encrypt', reached: true },
];

interface ErrorLink {
	name?: unknown;
	message?: unknown;
	code?: unknown;
	syscall?: unknown;
	cause?: unknown;
}

const MAX_DEPTH = 5;

/** An error and its causes: n8n wraps what the HTTP client throws. */
function chainOf(error: unknown): ErrorLink[] {
	const chain: ErrorLink[] = [];
	let link = error;
	while (chain.length < MAX_DEPTH && typeof link === 'object' && link !== null) {
		const { cause }: ErrorLink = link;
		chain.push(link);
		link = cause;
	}
	return chain;
}

/** Reads what the HTTP client threw when no response came. */
export function readNetworkError(error: unknown): Extract<ServiceResponse, { kind: 'unanswered' }> {
	const chain = chainOf(error);
	const said = chain.map(({ message }) => (typeof message === 'string' ? message : ''));
	const known =
		BY_MESSAGE.find(({ message }) => said.some((text) => message.test(text))) ??
		chain
			.flatMap(({ code, name }) => [code, name])
			.map((key) => lookUp(NETWORK_ERRORS, key))
			.find((entry) => entry !== undefined);
	const isConnecting = chain.some(({ syscall }) => syscall === 'connect');
	return {
		kind: 'unanswered',
		reached: !isConnecting && known?.reached !== false,
		reason: known?.words ?? 'the connection broke off',
	};
}
