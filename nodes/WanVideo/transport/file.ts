import type { IExecuteFunctions, IN8nHttpFullResponse, IWebhookFunctions } from 'n8n-workflow';
import { type Outcome, STOPPED, failed, success } from '../wan/failure';
import { isLocalHost } from '../wan/urls';
import { readNetworkError } from './answer';
import type { Stream } from './body';

/** A download that stands still for so long is given up; milliseconds. */
const IDLE_TIMEOUT_MS = 60_000;
const MOST_REDIRECTS = 5;

/** What a file host or a proxy sends in place of a video. */
const NOT_A_VIDEO = /^\s*(text\/|application\/(json|xml|xhtml))/i;

export interface FileRules {
	/** Accept hosts inside a private network: APIXO itself is reached there (a local stand-in). */
	allowLocal: boolean;
	/** Bytes. */
	maxBytes: number;
}

const refusal = (message: string, httpCode?: number): Outcome<never> =>
	failed({ message, hint: '', details: { httpCode } });

/** Where a file is, or why it is not fetched: a broken service must not reach into the network. */
function checked(url: string, { allowLocal }: FileRules): Outcome<string> {
	if (!URL.canParse(url)) return refusal('its address is no URL');
	const { protocol, hostname } = new URL(url);
	if (protocol !== 'https:' && protocol !== 'http:') {
		return refusal(`its address starts with ${protocol}, which is not fetched`);
	}
	if (!allowLocal && isLocalHost(hostname)) {
		return refusal(`its address points into a private network (${hostname}), which is not fetched`);
	}
	return success(url);
}

const tooLarge = (maxBytes: number) =>
	`the file is larger than ${Math.round(maxBytes / 1e6)} MB (Max File Size in Options)`;

/** The same stream, which ends with an error once it is longer than allowed. */
function limited(stream: Stream, maxBytes: number): Stream {
	let bytes = 0;
	// Not `on`, which would start the flow before n8n reads.
	stream.prependListener('data', (chunk: Buffer) => {
		bytes += chunk.length;
		if (bytes > maxBytes) {
			stream.destroy(Object.assign(new Error(), { words: tooLarge(maxBytes) }));
		}
	});
	// Until n8n reads, nobody else would take an error, which the stream keeps.
	stream.on('error', () => {});
	return stream;
}

/**
 * Opens a public file as a stream, without the credential, so that the key stays with the API.
 * Redirects are followed here, since each stop on the way must be allowed.
 */
export async function openFile(
	context: IExecuteFunctions | IWebhookFunctions,
	url: string,
	rules: FileRules,
	abortSignal: AbortSignal,
): Promise<Outcome<Stream>> {
	let address = url;
	for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
		const target = checked(address, rules);
		if (!target.ok) return target;
		const { statusCode, headers, body } = (await context.helpers.httpRequest({
			method: 'GET',
			url: target.value,
			encoding: 'stream',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
			abortSignal,
			timeout: IDLE_TIMEOUT_MS,
		})) as IN8nHttpFullResponse;
		const stream = body as unknown as Stream;
		const { location, 'content-type': type, 'content-length': length } = headers;
		if (statusCode === 200 && !NOT_A_VIDEO.test(String(type ?? ''))) {
			if (!(Number(length) > rules.maxBytes)) return success(limited(stream, rules.maxBytes));
			stream.destroy();
			return refusal(tooLarge(rules.maxBytes));
		}
		stream.destroy();
		const isRedirect = statusCode >= 300 && statusCode < 400 && typeof location === 'string';
		if (!isRedirect) {
			const what = String(type ?? 'no content type');
			return refusal(`the file host answered with HTTP status ${statusCode} (${what})`, statusCode);
		}
		address = URL.canParse(location, address) ? new URL(location, address).href : location;
	}
	return refusal(`the file host redirected more than ${MOST_REDIRECTS} times`);
}

/** Why a file could not be read to its end. */
export function brokenFile(error: unknown, isStopped: boolean): Outcome<never> {
	if (isStopped) return failed(STOPPED);
	const { words } = error as { words?: unknown };
	return refusal(typeof words === 'string' ? words : readNetworkError(error).reason);
}
