import { isFinal, type Task } from '../../apixo/task';
import { backoffMs } from '../../shared/backoff';
import type { Clock } from '../../shared/clock';
import {
	type Failure,
	type Result,
	STOPPED,
	err,
	finalFailure,
	withTaskId,
} from '../../apixo/result';
import { resultOf } from '../model/taskResult';
import type { Schedule } from './schedule';

interface PollOptions {
	taskId: string;
	/** Asks for the task once. */
	poll: (taskId: string) => Promise<Result<Task>>;
	schedule: Schedule;
	clock: Clock;
	/** Ends the wait. */
	signal: AbortSignal;
	/** Unix milliseconds. The last poll is at the deadline. */
	deadline: number;
}

function timedOut(
	taskId: string,
	state: string | undefined,
	trouble: Failure | undefined,
): Result<never> {
	const because = trouble ? ` Last trouble: ${trouble.message}.` : '';
	return err(
		finalFailure(
			`Task ${taskId} was not finished in time`,
			`The task goes on at APIXO and stays paid.${because} Fetch its video with the Wait or the Get operation and this task ID, or retry this execution: it picks the task up without paying again. A longer Timeout in Options gives it more time.`,
			{
				taskId,
				state: state ?? trouble?.details.state,
				httpCode: trouble?.details.httpCode,
			},
		),
	);
}

/**
 * Polls a task until it is final. Passing trouble (limits, server errors, network) never ends the
 * wait before its deadline; a failure that repeating does not change ends it at once.
 */
export async function waitUntilFinal({
	taskId,
	poll,
	schedule,
	clock,
	signal,
	deadline,
}: PollOptions): Promise<Result<Task>> {
	const start = clock.now();
	let pauseMs = schedule.pauseMs(0, 0);
	let state: string | undefined;
	let troubles = 0;
	for (let polls = 1; ; polls += 1) {
		const leftMs = deadline - clock.now();
		await clock.sleep(Math.max(0, Math.min(pauseMs, leftMs)), signal);
		if (signal.aborted) return err(withTaskId(taskId, { ...STOPPED, details: { state } }));
		const polled = await poll(taskId);
		let trouble: Failure | undefined;
		pauseMs = schedule.pauseMs(clock.now() - start, polls);
		if (polled.ok) {
			if (isFinal(polled.value)) return resultOf(polled.value);
			state = polled.value.state;
			troubles = 0;
		} else {
			trouble = polled.failure;
			if (trouble.kind !== 'retryable') return polled;
			pauseMs = Math.max(pauseMs, backoffMs(troubles, trouble.afterMs, Math.random()));
			troubles += 1;
		}
		if (clock.now() >= deadline) return timedOut(taskId, state, trouble);
	}
}
