import { Readable } from 'node:stream';
import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { ApixoClient } from '../../../nodes/apixo/client.ts';
import { MODEL } from '../../../nodes/WanVideo/model/modes.ts';
import type { Wait } from './clock.mts';
import { required } from '../../support/required.mts';
import { standIn } from './standIn.mts';

/**
 * What comes back for one request: data in APIXO's envelope, another status, the web page of a server
 * in between with a status, or no response.
 */
export type Answer =
	| { data: unknown }
	| { status: number }
	| { page: number }
	| { networkError: string };

function respond(answer: Answer) {
	if ('networkError' in answer) throw Object.assign(new Error('x'), { code: answer.networkError });
	if ('page' in answer) {
		const body = Readable.from([Buffer.from('<html></html>')]);
		return { statusCode: answer.page, headers: {}, body };
	}
	const code = 'status' in answer ? answer.status : 200;
	const envelope = { code, message: 'so it is', data: 'data' in answer ? answer.data : null };
	return {
		statusCode: code,
		headers: {},
		body: Readable.from([Buffer.from(JSON.stringify(envelope))]),
	};
}

/** APIXO as n8n's request helper reaches it: answers by the script, each once. */
export function scriptedService(script: { submit?: Answer[]; status?: Answer[] }) {
	const submits: IHttpRequestOptions[] = [];
	const polls: IHttpRequestOptions[] = [];
	const context = standIn<IExecuteFunctions>({
		helpers: standIn<IExecuteFunctions['helpers']>({
			httpRequestWithAuthentication: async (_type, options) => {
				const isSubmit = options.method === 'POST';
				(isSubmit ? submits : polls).push(options);
				const answers = isSubmit ? script.submit : script.status;
				return respond(required(answers?.shift(), 'answer in the script'));
			},
		}),
	});
	return {
		context,
		/** What was paid for: the bodies of all submissions. */
		paid: () => submits.map(({ body }) => body),
		/** The tasks that were asked for. */
		asked: () => polls.map(({ qs }) => qs?.taskId),
	};
}

export const BASE_URL = 'https://api.apixo.ai/api/v1';

/** A client of the service that may repeat requests for `retryForMs`. */
export function clientFor(
	context: IExecuteFunctions,
	{ clock, signal }: Wait,
	retryForMs = 0,
): ApixoClient {
	const apiKey = 'sk-apixo-1';
	const credential = { apiKey, baseUrl: BASE_URL, decrypted: { apiKey, baseUrl: BASE_URL } };
	return new ApixoClient({
		context,
		credential,
		clock,
		model: MODEL,
		signal,
		submitSignal: signal,
		retryForMs,
	});
}
