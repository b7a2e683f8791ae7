import type {
	IExecuteFunctions,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
	IWebhookFunctions,
} from 'n8n-workflow';
import type { Clock } from '../time/clock';
import type { Stop } from '../time/stop';
import { type Outcome, STOPPED, about, failed, success } from '../wan/failure';
import type { WanRequest } from '../wan/request';
import { type Task, parseTask, readTaskId } from '../wan/task';
import { type Answer, readNetworkError, readResponse } from './answer';
import { type Stream, readText } from './body';
import { CREDENTIAL, type Credential, withoutKey } from './credential';
import { failureFor } from './verdict';

const MODEL = 'wan-2-6-video';
/** APIXO's answers have some hundred bytes; what is longer than this is none. Bytes. */
const LONGEST_ANSWER = 5_000_000;
/** Generous, because a submission that times out has an unknown outcome. Milliseconds. */
const SUBMIT_TIMEOUT_MS = 120_000;
const READ_TIMEOUT_MS = 30_000;

type RequestContext = IExecuteFunctions | IWebhookFunctions;

interface Stops {
	/** Ends requests that only look. */
	stop: Stop;
	/** Ends a submission: later than `stop`, so that its answer can still arrive. */
	abandon: Stop;
}

/**
 * n8n puts the execution's own cancel signal into every authenticated request. A submission that
 * is on its way when the user stops must be allowed to bring its task ID home, so requests run
 * with a signal of our choice, through a view of the context that answers with it.
 */
function withSignal(context: RequestContext, signal: AbortSignal): RequestContext {
	return Object.create(context, { getExecutionCancelSignal: { value: () => signal } });
}

/** The service's calls, each sent exactly once. Repeating is the caller's decision. */
export class ApixoClient {
	constructor(
		private readonly context: RequestContext,
		private readonly credential: Credential,
		private readonly clock: Clock,
		private readonly stops: Stops,
	) {}

	/** Submits a task and returns its ID. `callbackUrl` asks for a webhook when it is final. */
	async submit(input: WanRequest, callbackUrl?: string): Promise<Outcome<string>> {
		const delivery =
			callbackUrl === undefined
				? { request_type: 'async' }
				: { request_type: 'callback', callback_url: callbackUrl };
		if (this.stops.stop.requested) return failed(STOPPED);
		const answer = await this.send(
			{
				method: 'POST',
				url: `/generateTask/${MODEL}`,
				body: { ...delivery, input },
				timeout: SUBMIT_TIMEOUT_MS,
			},
			this.stops.abandon,
		);
		const taskId = idIn(answer);
		if (taskId !== undefined) return success(taskId);
		return failed(failureFor(asSubmission(answer), 'submit'));
	}

	/** One look at a task. */
	async status(taskId: string): Promise<Outcome<Task>> {
		const answer = await this.send(
			{ method: 'GET', url: `/statusTask/${MODEL}`, qs: { taskId }, timeout: READ_TIMEOUT_MS },
			this.stops.stop,
		);
		if (answer.kind === 'envelope' && answer.code === 200) {
			const task = parseTask(answer.data, taskId);
			if (task !== undefined) return success(task);
			return failed(about(taskId, failureFor({ kind: 'unreadable', code: 200 }, 'read')));
		}
		const failure = failureFor(answer, 'read');
		if (failure.details.httpCode !== 404) return failed(about(taskId, failure));
		return failed({
			...about(taskId, failure),
			message: `APIXO has no task ${taskId} for this API key`,
			hint: 'Check the Task ID, and that the credential belongs to the account that submitted it.',
		});
	}

	/** The key's remaining balance in USD. */
	async balance(): Promise<Outcome<number>> {
		const answer = await this.send(
			{ method: 'GET', url: '/apikeys/current-balance', timeout: READ_TIMEOUT_MS },
			this.stops.stop,
		);
		const isOk = answer.kind === 'envelope' && answer.code === 200;
		if (isOk && typeof answer.data === 'number') return success(answer.data);
		return failed(failureFor(isOk ? { kind: 'unreadable', code: 200 } : answer, 'read'));
	}

	private async send(options: IHttpRequestOptions, stop: Stop): Promise<Answer> {
		const controller = new AbortController();
		const unwatch = stop.watch(() => controller.abort());
		if (stop.requested) return { kind: 'stopped' };
		try {
			// n8n's own timeout starts anew with each byte, so an answer could trickle for ever.
			const timeout = AbortSignal.timeout(options.timeout ?? READ_TIMEOUT_MS);
			const response: IN8nHttpFullResponse =
				await this.context.helpers.httpRequestWithAuthentication.call(
					withSignal(
						this.context,
						AbortSignal.any([controller.signal, timeout]),
					) as IExecuteFunctions,
					CREDENTIAL,
					{
						...options,
						url: `${this.credential.baseUrl}${options.url}`,
						encoding: 'stream',
						headers: { Accept: 'application/json' },
						returnFullResponse: true,
						ignoreHttpStatusErrors: true,
						// The key must not travel to where a redirect points.
						disableFollowRedirect: true,
					},
					// Or n8n would look it up and decrypt it for each request again.
					{
						credentialsDecrypted: {
							id: '',
							name: CREDENTIAL,
							type: CREDENTIAL,
							data: this.credential.decrypted,
						},
					},
				);
			const { statusCode, headers } = response;
			const body = await readText(response.body as unknown as Stream, LONGEST_ANSWER);
			const answer = { statusCode, headers, body: withoutKey(body, this.credential) };
			return readResponse(answer, this.clock.now());
		} catch (error) {
			return stop.requested ? { kind: 'stopped' } : readNetworkError(error);
		} finally {
			unwatch();
		}
	}
}

function idIn(answer: Answer): string | undefined {
	if (answer.kind !== 'envelope' || answer.code !== 200) return undefined;
	return readTaskId(answer.data);
}

/** What an answer without a task ID means for a submission that was sent. */
function asSubmission(answer: Answer): Answer {
	if (answer.kind === 'stopped') {
		return { kind: 'unanswered', reached: true, reason: 'the execution was stopped' };
	}
	const isAccepted = answer.kind === 'envelope' && answer.code === 200;
	return isAccepted ? { kind: 'unreadable', code: 200 } : answer;
}
