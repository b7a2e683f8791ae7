/**
 * Why an item has no video, told for people: what happened, and what to do about it.
 * Expected trouble travels as a value, so that a paid task ID cannot get lost on the way.
 */

/** What is known about a failed item; these are the keys of `details` in the node's output. */
export interface FailureDetails {
	taskId?: string;
	state?: string;
	failCode?: string;
	failMsg?: string;
	/** HTTP status of the answer, or the code in its envelope. */
	httpCode?: number;
	hint?: string;
}

export interface Failure {
	message: string;
	/** What to do about it. */
	hint: string;
	details: Omit<FailureDetails, 'hint'>;
	/** The request may be repeated, after this many milliseconds if the service said so. */
	retry?: { afterMs?: number; patient: boolean };
	/** A submission whose outcome is unknown: it may have been accepted and billed. */
	ambiguous?: boolean;
	/** The execution was stopped; no request may follow. */
	stopped?: boolean;
}

export type Outcome<T> = { ok: true; value: T } | { ok: false; failure: Failure };

export const success = <T>(value: T): Outcome<T> => ({ ok: true, value });

export const failed = (failure: Failure): Outcome<never> => ({ ok: false, failure });

/** The same failure, with the task it is about: in the details and, if not yet, in the message. */
export const about = (taskId: string, failure: Failure): Failure => ({
	...failure,
	message: failure.message.includes(taskId)
		? failure.message
		: `${failure.message} (task ${taskId})`,
	details: { taskId, ...failure.details },
});

export const STOPPED: Failure = {
	message: 'The execution was stopped',
	hint: 'A task that was submitted goes on at APIXO. Fetch its video with the Wait or the Get operation.',
	details: {},
	stopped: true,
};
