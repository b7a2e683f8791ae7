import type { IExecuteFunctions, IHttpRequestOptions, IWebhookFunctions } from 'n8n-workflow';
import type { Clock } from '../shared/clock';
import { withTimeout } from '../shared/signals';
import { CREDENTIAL, type Credential, withoutKey } from './credential';
import { readNetworkError } from './networkErrors';
import { type ServiceResponse, readResponse } from './response';
import { type StreamResponse, readText } from './streams';

export type RequestContext = IExecuteFunctions | IWebhookFunctions;

/** A request to the API, with its path below the Base URL. */
export interface ApiRequest extends Pick<IHttpRequestOptions, 'method' | 'qs' | 'body'> {
	path: string;
	timeoutMs: number;
}

/** APIXO's responses have some hundred bytes; what is longer than this is none. */
const MAX_RESPONSE_BYTES = 5_000_000;

/**
 * n8n puts the execution's own cancel signal into every authenticated request. A submission that
 * is under way when the user stops must still be able to receive its task ID, so requests run with
 * a signal of our choice, through a view of the context that returns it. (Seen on n8n 2.41.1,
 * n8n-core's request helper functions.)
 */
function withSignal(context: RequestContext, signal: AbortSignal): IExecuteFunctions {
	return Object.create(context, {
		getExecutionCancelSignal: { value: () => signal },
	}) as IExecuteFunctions;
}

/** For n8n, which would look the credential up and decrypt it for each request again. */
const decrypted = ({ decrypted: data }: Credential) => ({
	credentialsDecrypted: { id: '', name: CREDENTIAL, type: CREDENTIAL, data },
});

/** In the address of a file of this n8n: whoever has it can fetch the file. */
const FILE_TOKEN = /(signed(?:\?|%3F)token(?:=|%3D))[\w.-]+/gi;

/** Masks such tokens, should a response of the service repeat what it could not fetch. */
const withoutTokens = (text: string | undefined): string | undefined =>
	text?.replace(FILE_TOKEN, '$1***');

/**
 * Sends one request to the API, exactly once, and never throws: what came of it is a value.
 *
 * @param signal ends the request
 */
export async function send(
	context: RequestContext,
	credential: Credential,
	clock: Clock,
	{ path, timeoutMs, ...request }: ApiRequest,
	signal: AbortSignal,
): Promise<ServiceResponse> {
	if (signal.aborted) return { kind: 'stopped' };
	try {
		// n8n's own timeout starts anew with each byte, so a response could trickle for ever.
		return await withTimeout(signal, timeoutMs, async (either) => {
			const { statusCode, headers, body }: StreamResponse =
				await context.helpers.httpRequestWithAuthentication.call(
					withSignal(context, either),
					CREDENTIAL,
					{
						...request,
						url: `${credential.baseUrl}${path}`,
						timeout: timeoutMs,
						encoding: 'stream',
						headers: { Accept: 'application/json' },
						returnFullResponse: true,
						ignoreHttpStatusErrors: true,
						// The key must not travel to where a redirect points.
						disableFollowRedirect: true,
					},
					decrypted(credential),
				);
			const text = await readText(body, MAX_RESPONSE_BYTES);
			const safe = withoutTokens(withoutKey(text, credential));
			const response = { statusCode, headers, body: safe };
			return readResponse(response, clock.now());
		});
	} catch (error) {
		return signal.aborted ? { kind: 'stopped' } : readNetworkError(error);
	}
}
