import { backoffMs } from '../time/backoff';
import type { Clock } from '../time/clock';
import type { Stop } from '../time/stop';
import { type Failure, type Outcome, STOPPED, about, failed } from '../wan/failure';
import { type Task, isFinal, outcomeOf } from '../wan/task';
import type { Schedule } from './schedule';

export interface Pace {
	clock: Clock;
	stop: Stop;
	/** Unix milliseconds; nothing is waited for beyond it. */
	deadline: number;
}

/** A request that was refused or never arrived is sent so often again, if it is not patient. */
const MAX_REPEATS = 4;

/** Repeats a request while its failure allows it: patient ones up to the deadline. */
export async function repeating<T>(
	attempt: () => Promise<Outcome<T>>,
	{ clock, stop, deadline }: Pace,
): Promise<Outcome<T>> {
	for (let repeats = 0; ; repeats += 1) {
		const outcome = await attempt();
		if (outcome.ok || outcome.failure.retry === undefined) return outcome;
		const { afterMs, patient } = outcome.failure.retry;
		const pause = backoffMs(repeats, afterMs, Math.random());
		const isLast = (!patient && repeats >= MAX_REPEATS) || clock.now() + pause > deadline;
		if (isLast) return outcome;
		await clock.sleep(pause, stop);
		if (stop.requested) return failed(STOPPED);
	}
}

function timedOut(taskId: string, state: string | undefined, trouble: Failure | undefined) {
	const because = trouble ? ` Last trouble: ${trouble.message}.` : '';
	return failed({
		message: `Task ${taskId} was not finished in time`,
		hint: `The task goes on at APIXO and stays paid.${because} Fetch its video with the Wait or the Get operation and this task ID, or retry this execution: it picks the task up without paying again. A longer Timeout in Options gives it more time.`,
		details: {
			taskId,
			state: state ?? trouble?.details.state,
			httpCode: trouble?.details.httpCode,
		},
	});
}

/**
 * Looks at a task until it is final. Passing trouble (limits, server errors, network) never ends
 * the wait before its deadline; an answer that repeating cannot change does.
 */
export async function awaitFinal(
	taskId: string,
	look: () => Promise<Outcome<Task>>,
	schedule: Schedule,
	{ clock, stop, deadline }: Pace,
): Promise<Outcome<Task>> {
	const start = clock.now();
	let pause = schedule.pauseMs(0, 0);
	let state: string | undefined;
	let troubles = 0;
	for (let looks = 1; ; looks += 1) {
		const left = deadline - clock.now();
		await clock.sleep(Math.max(0, Math.min(pause, left)), stop);
		if (stop.requested) return failed(about(taskId, { ...STOPPED, details: { state } }));
		const seen = await look();
		let trouble: Failure | undefined;
		pause = schedule.pauseMs(clock.now() - start, looks);
		if (seen.ok) {
			if (isFinal(seen.value)) return outcomeOf(seen.value);
			state = seen.value.state;
			troubles = 0;
		} else {
			trouble = seen.failure;
			if (trouble.retry === undefined) return seen;
			pause = Math.max(pause, backoffMs(troubles, trouble.retry.afterMs, Math.random()));
			troubles += 1;
		}
		if (clock.now() >= deadline) return timedOut(taskId, state, trouble);
	}
}
