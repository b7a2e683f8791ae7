/**
 * The outcome of a step that may fail in an expected way. Expected failures are values, not
 * exceptions, so that a task ID that was paid for cannot get lost on the way.
 */

/** What is known about a failed item. With its `hint`, these are `details` in the node's output. */
interface FailureDetails {
	taskId?: string;
	state?: string;
	failCode?: string;
	failMsg?: string;
	/** HTTP status of the response, or the code in its envelope. */
	httpCode?: number;
}

interface Explanation {
	/** What happened, in words for people who do not program. */
	message: string;
	/** What to do about it. */
	hint: string;
	details: FailureDetails;
	/** APIXO itself says that it has no such task. */
	isUnknownTask?: boolean;
}

/** What may follow a failure. */
type FailureKind =
	/** Repeating the request would not help. */
	| {
			kind: 'final';
			/** Whether every other submission would be refused for the same reason. */
			refusesAll?: boolean;
	  }
	/** The request was refused or never arrived, so it may be repeated. */
	| {
			kind: 'retryable';
			/** Milliseconds that the service asked to wait. */
			afterMs?: number;
			/** Repeat it for as long as there is time, not just a few times. */
			untilDeadline: boolean;
	  }
	/** A submission that may have been accepted and billed. It must not be repeated. */
	| { kind: 'ambiguous' }
	/** The execution was stopped. No request may follow. */
	| { kind: 'stopped' };

export type Failure = Explanation & FailureKind;

export type Result<T> = { ok: true; value: T } | { ok: false; failure: Failure };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

export const err = (failure: Failure): Result<never> => ({ ok: false, failure });

/** A failure that repeating does not change. */
export const finalFailure = (
	message: string,
	hint: string,
	details: FailureDetails = {},
): Failure => ({ kind: 'final', message, hint, details });

/** The same failure, with its task in the details and, unless it is there already, in the message. */
export const withTaskId = (taskId: string, failure: Failure): Failure => ({
	...failure,
	message: failure.message.includes(taskId)
		? failure.message
		: `${failure.message} (task ${taskId})`,
	details: { taskId, ...failure.details },
});

export const STOPPED: Failure = {
	kind: 'stopped',
	message: 'The execution was stopped',
	hint: 'A task that was submitted goes on at APIXO. Fetch its video with the Wait or the Get operation.',
	details: {},
};
