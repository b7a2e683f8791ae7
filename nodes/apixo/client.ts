import type { Clock } from '../shared/clock';
import { type Failure, type Result, STOPPED, err, ok, withTaskId } from './result';
import { type ApiRequest, type RequestContext, send } from './connection';
import type { Credential } from './credential';
import type { ServiceResponse } from './response';
import { retry } from './retry';
import { type Task, parseTask, taskIdIn } from './task';
import { failureFor } from './verdict';

/** Generous, because a submission that times out has an unknown outcome. */
const SUBMIT_TIMEOUT_MS = 120_000;
const READ_TIMEOUT_MS = 30_000;

interface ClientOptions {
	context: RequestContext;
	credential: Credential;
	clock: Clock;
	/** The model's name in the service's URLs. */
	model: string;
	/** Ends requests that only read, and all repeating. */
	signal: AbortSignal;
	/** Ends submissions. It comes later than `signal`, so that their responses can still arrive. */
	submitSignal: AbortSignal;
	/** How long a request may be repeated, unless a call has a deadline of its own. */
	retryForMs: number;
}

const UNREADABLE: ServiceResponse = { kind: 'unreadable', code: 200 };

type Envelope = Extract<ServiceResponse, { kind: 'envelope' }>;

const isSuccess = (response: ServiceResponse): response is Envelope =>
	response.kind === 'envelope' && response.code === 200;

/** What a response that reports success holds; undefined for any other. */
const dataOf = (response: ServiceResponse): unknown =>
	isSuccess(response) ? response.data : undefined;

/** The service's calls for one model, bound to a clock, to signals, and to a retry budget. */
export class ApixoClient {
	constructor(private readonly options: ClientOptions) {}

	/**
	 * Submits a task, which costs money. What may have been accepted is never sent again.
	 *
	 * @param callbackUrl asks for a webhook there when the task is final
	 * @param deadline Unix milliseconds
	 * @returns the task ID
	 */
	async submit(
		input: object,
		callbackUrl: string | undefined,
		deadline: number,
	): Promise<Result<string>> {
		const { model } = this.options;
		const delivery =
			callbackUrl === undefined
				? { request_type: 'async' }
				: { request_type: 'callback', callback_url: callbackUrl };
		const request: ApiRequest = {
			method: 'POST',
			path: `/generateTask/${model}`,
			body: { ...delivery, input },
			timeoutMs: SUBMIT_TIMEOUT_MS,
		};
		return await this.repeat(async () => await this.sendSubmission(request), deadline);
	}

	/**
	 * The state of a task, asked again while the service has passing trouble.
	 *
	 * @param deadline Unix milliseconds
	 */
	async getTask(taskId: string, deadline = this.defaultDeadline()): Promise<Result<Task>> {
		return await this.repeat(async () => await this.pollTask(taskId), deadline);
	}

	/** The state of a task, asked once. */
	async pollTask(taskId: string): Promise<Result<Task>> {
		const response = await this.read({
			path: `/statusTask/${this.options.model}`,
			qs: { taskId },
		});
		const task = parseTask(dataOf(response), taskId);
		return task === undefined ? err(withTaskId(taskId, readFailure(response, taskId))) : ok(task);
	}

	/**
	 * The remaining balance of the API key in USD.
	 *
	 * @param deadline Unix milliseconds
	 */
	async getBalance(deadline = this.defaultDeadline()): Promise<Result<number>> {
		return await this.repeat(async () => {
			const response = await this.read({ path: '/apikeys/current-balance' });
			const balance = dataOf(response);
			return typeof balance === 'number' ? ok(balance) : err(readFailure(response));
		}, deadline);
	}

	private defaultDeadline(): number {
		const { clock, retryForMs } = this.options;
		return clock.now() + retryForMs;
	}

	private async repeat<T>(attempt: () => Promise<Result<T>>, deadline: number) {
		const { clock, signal } = this.options;
		return await retry(attempt, { clock, signal, deadline });
	}

	private async read(request: Pick<ApiRequest, 'path' | 'qs'>): Promise<ServiceResponse> {
		const { context, credential, clock, signal } = this.options;
		const whole: ApiRequest = { method: 'GET', ...request, timeoutMs: READ_TIMEOUT_MS };
		return await send(context, credential, clock, whole, signal);
	}

	private async sendSubmission(request: ApiRequest): Promise<Result<string>> {
		const { context, credential, clock, signal, submitSignal } = this.options;
		if (signal.aborted) return err(STOPPED);
		const response = await send(context, credential, clock, request, submitSignal);
		const taskId = taskIdIn(dataOf(response));
		return taskId === undefined ? err(submitFailure(response)) : ok(taskId);
	}
}

/** What a response without a task ID means for a submission that was sent. */
function submitFailure(response: ServiceResponse): Failure {
	if (response.kind === 'stopped') {
		const unanswered: ServiceResponse = {
			kind: 'unanswered',
			reached: true,
			reason: 'the execution was stopped',
		};
		return failureFor(unanswered, 'submit');
	}
	return failureFor(isSuccess(response) ? UNREADABLE : response, 'submit');
}

/** What a response without the wanted data means. */
function readFailure(response: ServiceResponse, taskId?: string): Failure {
	const failure = failureFor(isSuccess(response) ? UNREADABLE : response, 'read');
	const isUnknownTask = response.kind === 'envelope' && response.code === 404;
	if (taskId === undefined || !isUnknownTask) return failure;
	return {
		...failure,
		isUnknownTask,
		message: `APIXO has no task ${taskId} for this API key`,
		hint: 'Check that the credential belongs to the account that submitted it, and the Task ID if you entered it. If they are right, APIXO keeps the task no longer: run the workflow anew for a new video, which is paid for.',
	};
}
