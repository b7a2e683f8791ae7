import { LIMITS, MODES } from '../wan/modes';
import type { WanRequest } from '../wan/request';
import { lookTimes } from './lookTimes';

/** When to look at a task. Times are milliseconds since the task was submitted. */
export interface Schedule {
	/** The pause before the next look; asked anew before each one. */
	pauseMs(elapsedMs: number, looks: number): number;
}

/** What the user set explicitly; it always wins. */
export interface Wishes {
	firstPollMs?: number;
	pollIntervalMs?: number;
}

const RECOMMENDED_INTERVAL_MS = LIMITS.pollIntervalSeconds * 1_000;

export const fixedSchedule = (firstMs: number, intervalMs: number): Schedule => ({
	pauseMs: (_elapsed, looks) => (looks === 0 ? firstMs : intervalMs),
});

/** For a task that exists already, so that it may be final at the first look. */
export const scheduleOfKnownTask = ({ firstPollMs, pollIntervalMs }: Wishes): Schedule =>
	fixedSchedule(firstPollMs ?? 0, pollIntervalMs ?? RECOMMENDED_INTERVAL_MS);

/** For a task of unknown age that was looked at just now, and is unfinished. */
export const scheduleAfterLook = ({ pollIntervalMs }: Wishes): Schedule =>
	scheduleOfKnownTask({ firstPollMs: pollIntervalMs ?? RECOMMENDED_INTERVAL_MS, pollIntervalMs });

/** With fewer finished tasks than this, the service's recommendation is followed. */
const ENOUGH = 5;

const CLOSEST_MS = 1_000;

const FIRST_OVERDUE_STEP_MS = 2_000;

/**
 * A key may send 10,000 requests a minute. All tasks of a run together stay below half of that,
 * so that a thousand tasks are no burden to it: so many milliseconds per task under way.
 */
const SHARE_MS = 12;

/**
 * Learns from tasks alike that are finished: no look before the next one is likely due, and more
 * closely where tasks finish. What outlives all of them is looked at less and less, down to what
 * the service recommends.
 * @param durations of finished tasks alike, milliseconds, any order; read anew at each look
 * @param underWay how many tasks of this run are under way
 */
export function learningSchedule(
	{ mode }: Pick<WanRequest, 'mode'>,
	{ firstPollMs, pollIntervalMs }: Wishes,
	durations: () => number[],
	underWay: () => number,
): Schedule {
	const recommended = {
		firstMs: MODES[mode].firstPollSeconds * 1_000,
		intervalMs: RECOMMENDED_INTERVAL_MS,
	};
	return {
		pauseMs(elapsedMs, looks) {
			if (looks === 0 && firstPollMs !== undefined) return firstPollMs;
			if (looks > 0 && pollIntervalMs !== undefined) return pollIntervalMs;
			const known = durations();
			if (known.length < ENOUGH) return looks === 0 ? recommended.firstMs : recommended.intervalMs;
			const pause = Math.max(CLOSEST_MS, underWay() * SHARE_MS);
			const times = lookTimes(known, recommended);
			const next = times.find((time) => time >= elapsedMs + pause);
			if (next !== undefined) return next - elapsedMs;
			// Where more are under way than are known, those that take longest are not known yet.
			const overdueMs = elapsedMs - times[times.length - 1];
			const isOddOneOut = underWay() <= known.length;
			const step = isOddOneOut ? FIRST_OVERDUE_STEP_MS + overdueMs / 2 : Infinity;
			return Math.max(pause, Math.min(recommended.intervalMs, step));
		},
	};
}
