import type { IHttpRequestOptions } from 'n8n-workflow';
import { type Result, STOPPED, err, finalFailure, ok } from './result';
import { isLocalHost, parseUrl } from '../shared/urls';
import type { RequestContext } from './connection';
import { readNetworkError } from './networkErrors';
import { type Stream, type StreamResponse, onChunk } from './streams';

/** A download that stands still for so long is given up. */
const IDLE_TIMEOUT_MS = 60_000;
const MAX_REDIRECTS = 5;

/** What a file host or a proxy sends in place of a video. */
const NOT_A_VIDEO = /^\s*(text\/|application\/(json|xml|xhtml))/i;

export interface FileRules {
	/** Accept hosts inside a private network, because APIXO itself is reached there (a stand-in). */
	allowLocal: boolean;
	maxBytes: number;
}

const refuse = (message: string, httpCode?: number): Result<never> =>
	err(finalFailure(message, '', { httpCode }));

/** Why a file is not fetched from there: a broken service must not reach into the network. */
function addressFault(
	address: string,
	{ allowLocal }: Pick<FileRules, 'allowLocal'>,
): string | undefined {
	const url = parseUrl(address);
	if (url === undefined) return 'its address is no URL';
	if (url.protocol !== 'https:' && url.protocol !== 'http:') {
		return `its address starts with ${url.protocol}, which is not fetched`;
	}
	if (allowLocal || !isLocalHost(url.hostname)) return undefined;
	return `its address points into a private network (${url.hostname}), which is not fetched`;
}

const tooLarge = (maxBytes: number) =>
	`the file is larger than ${Math.round(maxBytes / 1e6)} MB (Max File Size in Options)`;

/** Ends a stream that is longer than allowed. */
class FileTooLargeError extends Error {}

/** The same stream, which ends with an error once it is longer than allowed. */
function limited(stream: Stream, maxBytes: number): Stream {
	let bytes = 0;
	onChunk(stream, (chunk) => {
		bytes += chunk.length;
		if (bytes > maxBytes) stream.destroy(new FileTooLargeError(tooLarge(maxBytes)));
	});
	// Until n8n reads, nobody else would take an error, which the stream keeps.
	stream.on('error', () => {});
	return stream;
}

async function get(
	context: RequestContext,
	url: string,
	more: Pick<IHttpRequestOptions, 'headers'>,
	abortSignal: AbortSignal,
): Promise<StreamResponse> {
	return (await context.helpers.httpRequest({
		method: 'GET',
		url,
		...more,
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		abortSignal,
		timeout: IDLE_TIMEOUT_MS,
	})) as StreamResponse;
}

/**
 * Asks a file host for a file, without the credential, so that the key stays with the API. Redirects
 * are followed here, since each address on the way must be allowed.
 *
 * @returns the first response that is no redirect, whatever it is; its body is to be read or destroyed
 * @throws what the HTTP client throws when none comes
 */
async function open(
	context: RequestContext,
	url: string,
	rules: Pick<FileRules, 'allowLocal'>,
	more: Pick<IHttpRequestOptions, 'headers'>,
	abortSignal: AbortSignal,
): Promise<Result<StreamResponse>> {
	let address = url;
	for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
		const fault = addressFault(address, rules);
		if (fault !== undefined) return refuse(fault);
		const response = await get(context, address, more, abortSignal);
		const { statusCode } = response;
		const { location } = response.headers;
		const isRedirect = statusCode >= 300 && statusCode < 400 && typeof location === 'string';
		if (!isRedirect) return ok(response);
		response.body.destroy();
		address = parseUrl(location, address)?.href ?? location;
	}
	return refuse(`the file host redirected more than ${MAX_REDIRECTS} times`);
}

/** Opens a public video file as a stream. */
export async function openVideo(
	context: RequestContext,
	url: string,
	rules: FileRules,
	abortSignal: AbortSignal,
): Promise<Result<Stream>> {
	const response = await open(context, url, rules, {}, abortSignal);
	if (!response.ok) return response;
	const { statusCode, headers, body } = response.value;
	const { 'content-type': type, 'content-length': length } = headers;
	const isVideo = statusCode === 200 && !NOT_A_VIDEO.test(String(type ?? ''));
	if (isVideo && !(Number(length) > rules.maxBytes)) return ok(limited(body, rules.maxBytes));
	body.destroy();
	if (isVideo) return refuse(tooLarge(rules.maxBytes));
	if (statusCode === 407) {
		return refuse('a proxy between n8n and the file host asks for a login', statusCode);
	}
	const what = String(type ?? 'no content type');
	return refuse(`the file host answered with HTTP status ${statusCode} (${what})`, statusCode);
}

/**
 * Opens a part of a public file, which the host may not know how to give.
 *
 * @param from its first byte
 * @param bytes how many there are
 * @throws what the HTTP client throws when no response comes
 */
export async function openPart(
	context: RequestContext,
	url: string,
	rules: Pick<FileRules, 'allowLocal'>,
	{ from, bytes }: { from: number; bytes: number },
	abortSignal: AbortSignal,
): Promise<Result<StreamResponse>> {
	const headers = {
		Range: `bytes=${from}-${from + bytes - 1}`,
		// Compressed, the part would be one of something else.
		'Accept-Encoding': 'identity',
	};
	return await open(context, url, rules, { headers }, abortSignal);
}

/** Why a file could not be read to its end. */
export function brokenFile(error: unknown, isStopped: boolean): Result<never> {
	if (isStopped) return err(STOPPED);
	if (error instanceof FileTooLargeError) return refuse(error.message);
	return refuse(readNetworkError(error).reason);
}
