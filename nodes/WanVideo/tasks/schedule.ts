import { POLL_INTERVAL_SECONDS, modeOf } from '../model/modes';
import type { WanRequest } from '../model/request';
import { MIN_KNOWN_DURATIONS } from './durations';
import { parkTimes } from './parkTimes';
import { pollTimes } from './pollTimes';

/** When to poll a task. Times are milliseconds since the task was submitted. */
export interface Schedule {
	/**
	 * The pause before the next poll, asked anew before each one.
	 *
	 * @param polls how often the task was polled already
	 */
	pauseMs(elapsedMs: number, polls: number): number;
}

/** What the user set explicitly. It always wins. */
export interface Overrides {
	firstPollMs?: number;
	pollIntervalMs?: number;
}

const RECOMMENDED_INTERVAL_MS = POLL_INTERVAL_SECONDS * 1_000;

export const fixedSchedule = (firstMs: number, intervalMs: number): Schedule => ({
	pauseMs: (_elapsed, polls) => (polls === 0 ? firstMs : intervalMs),
});

/** For a task that exists already, so that it may be final at the first poll. */
export const scheduleOfKnownTask = ({ firstPollMs, pollIntervalMs }: Overrides): Schedule =>
	fixedSchedule(firstPollMs ?? 0, pollIntervalMs ?? RECOMMENDED_INTERVAL_MS);

const MIN_PAUSE_MS = 1_000;

/** A task that takes longer than all known ones is polled less and less often. */
const overdueStepMs = (overdueMs: number) => 2_000 + overdueMs / 2;

/**
 * A key may send 10,000 requests a minute. All tasks of a run together stay below half of that, so
 * that a thousand of them do not use it up.
 */
const PAUSE_PER_TASK_MS = 12;

/**
 * Learns from similar tasks that are finished: polls more closely where tasks finish, and not in
 * between. A task that outlives all of them is polled less and less often, down to what the service
 * recommends.
 *
 * @param durations of similar finished tasks, milliseconds, any order; read anew at each poll
 * @param underWay how many tasks of this run are under way
 */
export function learningSchedule(
	{ mode }: Pick<WanRequest, 'mode'>,
	{ firstPollMs, pollIntervalMs }: Overrides,
	durations: () => number[],
	underWay: () => number,
): Schedule {
	const recommended = {
		firstMs: modeOf(mode).firstPollSeconds * 1_000,
		intervalMs: RECOMMENDED_INTERVAL_MS,
	};
	return {
		pauseMs(elapsedMs, polls) {
			if (polls === 0 && firstPollMs !== undefined) return firstPollMs;
			if (polls > 0 && pollIntervalMs !== undefined) return pollIntervalMs;
			const known = durations();
			if (known.length < MIN_KNOWN_DURATIONS)
				return polls === 0 ? recommended.firstMs : recommended.intervalMs;
			const pause = Math.max(MIN_PAUSE_MS, underWay() * PAUSE_PER_TASK_MS);
			const times = pollTimes(known, recommended);
			const next = times.find((time) => time >= elapsedMs + pause);
			if (next !== undefined) return next - elapsedMs;
			// Where more are under way than are known, those that take longest are not known yet.
			const overdueMs = elapsedMs - times[times.length - 1];
			const isOddOneOut = underWay() <= known.length;
			const step = isOddOneOut ? overdueStepMs(overdueMs) : Infinity;
			return Math.max(pause, Math.min(recommended.intervalMs, step));
		},
	};
}

/** How long a pause of a parked execution must be for n8n to end it in time; milliseconds. */
export const PUNCTUAL_MS = 62_000;

/** Shorter ones would hold a slot of n8n for requests that learn nothing. */
const MIN_STEP_MS = 1_500;

const MAX_OVERDUE_PAUSE_MS = 300_000;

/** Part of its time for which a task that takes longer than all known ones is polled closely. */
const CLOSE_OVERDUE_SHARE = 0.1;

/** When it takes longer still. */
const overduePauseMs = (elapsedMs: number) =>
	Math.max(PUNCTUAL_MS, Math.min(elapsedMs / 4, MAX_OVERDUE_PAUSE_MS));

/**
 * For a parked execution: where similar tasks are known, it is parked until the last of its tasks
 * should be finished, and then polls closely for a short time.
 *
 * @param underWay how many tasks of this execution are under way
 */
export const parkedSchedule = (
	{ firstPollMs, pollIntervalMs }: Overrides,
	durations: () => number[],
	underWay: () => number,
): Schedule => ({
	pauseMs(elapsedMs, polls) {
		if (polls === 0 && firstPollMs !== undefined) return firstPollMs;
		if (polls > 0 && pollIntervalMs !== undefined) return Math.max(PUNCTUAL_MS, pollIntervalMs);
		const known = durations();
		// A single one says more than none: without, the execution would look once a minute.
		if (known.length === 0) return overduePauseMs(elapsedMs);
		const rules = { parkMs: PUNCTUAL_MS, stepMs: MIN_STEP_MS };
		const times = parkTimes(known, rules, underWay());
		const next = times.find((time) => time >= elapsedMs + MIN_STEP_MS);
		if (next !== undefined) return next - elapsedMs;
		const overdueMs = elapsedMs - times[times.length - 1];
		return overdueMs < elapsedMs * CLOSE_OVERDUE_SHARE
			? overdueStepMs(overdueMs)
			: overduePauseMs(elapsedMs);
	},
});

/**
 * How long a callback may be late. Longer than n8n's timers are set ahead (see `isTimed` in
 * wait/parking.ts): a callback that is in time must not find one.
 */
const CALLBACK_GRACE_MS = 90_000;
const USUAL_DURATION_MS = 180_000;

/**
 * For a task that APIXO reports: looks only once it should have been reported, so that a lost
 * callback costs minutes.
 */
export const callbackSchedule = (
	{ firstPollMs, pollIntervalMs }: Overrides,
	durations: () => number[],
): Schedule => ({
	pauseMs(elapsedMs, polls) {
		const chosen = polls === 0 ? firstPollMs : pollIntervalMs;
		if (chosen !== undefined) return Math.max(PUNCTUAL_MS, chosen);
		const known = durations();
		const longest = known.length < MIN_KNOWN_DURATIONS ? USUAL_DURATION_MS : Math.max(...known);
		const due = longest + CALLBACK_GRACE_MS - elapsedMs;
		return due >= PUNCTUAL_MS ? due : overduePauseMs(elapsedMs);
	},
});
