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

/** A task that is waited for, and what is known about it. Saved while the execution is parked. */
export interface AwaitedTask {
	taskId: string;
	/** When it was submitted, or first looked at; Unix milliseconds. */
	since: number;
	/** Unix milliseconds. The last poll is at the deadline. */
	deadline: number;
	/** How often it was polled. */
	polls: number;
	/** When it is to be polled next, if that is settled; Unix milliseconds. */
	nextPoll?: number;
	/** What APIXO last said. */
	state?: string;
}

interface Polling {
	/** Asks for the task once. */
	poll: (taskId: string) => Promise<Result<Task>>;
	schedule: Schedule;
	clock: Clock;
	/** Ends the wait. */
	signal: AbortSignal;
	/** Whether to stop polling before a pause of so many milliseconds; `nextPoll` is then set. */
	leavesBefore?: (pauseMs: number) => boolean;
}

/** How often a poll that met trouble is repeated before the execution is parked again. */
const MAX_QUICK_REPEATS = 4;

function timedOut({ taskId, state }: AwaitedTask, trouble: Failure | undefined): Result<never> {
	const because = trouble ? ` Last trouble: ${trouble.message}.` : '';
	return err(
		finalFailure(
			`Task ${taskId} was not finished in time`,
			`The task goes on at APIXO and stays paid.${because} Fetch its video with the Wait or the Get operation and this task ID, or retry this execution in the Executions tab: that picks the task up without paying again. A longer Timeout in Options gives it more time.`,
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
 *
 * @param task is kept up to date
 * @returns undefined if it left before a pause
 */
export async function waitUntilFinal(
	task: AwaitedTask,
	{ poll, schedule, clock, signal, leavesBefore }: Polling,
): Promise<Result<Task> | undefined> {
	const { taskId, deadline } = task;
	// Read once for each poll: a pause must not get shorter between being planned and being judged.
	let now = clock.now();
	task.nextPoll ??= now + schedule.pauseMs(now - task.since, task.polls);
	for (let troubles = 0; ; ) {
		task.nextPoll = Math.min(task.nextPoll, deadline);
		const pauseMs = Math.max(0, task.nextPoll - now);
		if (leavesBefore?.(pauseMs)) return undefined;
		await clock.sleep(pauseMs, signal);
		if (signal.aborted)
			return err(withTaskId(taskId, { ...STOPPED, details: { state: task.state } }));
		const polled = await poll(taskId);
		task.polls += 1;
		now = clock.now();
		let trouble: Failure | undefined;
		if (polled.ok && isFinal(polled.value)) return resultOf(polled.value);
		task.nextPoll = now + schedule.pauseMs(now - task.since, task.polls);
		if (polled.ok) {
			task.state = polled.value.state;
			troubles = 0;
		} else {
			trouble = polled.failure;
			if (trouble.kind !== 'retryable') return polled;
			const repeatAt = now + backoffMs(troubles, trouble.afterMs, Math.random());
			// A far poll is not what passing trouble should cost.
			const isQuick = leavesBefore !== undefined && troubles < MAX_QUICK_REPEATS;
			task.nextPoll = isQuick ? repeatAt : Math.max(task.nextPoll, repeatAt);
			troubles += 1;
		}
		if (now >= deadline) return timedOut(task, trouble);
	}
}
