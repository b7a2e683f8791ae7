import { LIMITS, MODES } from '../wan/modes';
import type { WanRequest } from '../wan/request';

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

const CLOSEST_MS = 2_000;

/**
 * A key may send 10,000 requests a minute. All tasks of a run together stay below half of that,
 * so that a thousand tasks are no burden to it: so many milliseconds per task under way.
 */
const SHARE_MS = 12;

const quantile = (sorted: number[], part: number) =>
	sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];

/** How many looks tasks of these durations take on average. */
const meanLooks = (durations: number[], firstMs: number, intervalMs: number): number =>
	durations.reduce(
		(sum, duration) => sum + 1 + Math.ceil(Math.max(0, duration - firstMs) / intervalMs),
		0,
	) / durations.length;

/**
 * The steps to take from the moment on when tasks begin to finish: as small as they can be without
 * more looks per task than the service's recommended schedule takes.
 */
function stepMs(durations: number[], fromMs: number, recommendedFirstMs: number): number {
	const allowed = meanLooks(durations, recommendedFirstMs, RECOMMENDED_INTERVAL_MS);
	let step = CLOSEST_MS;
	while (step < RECOMMENDED_INTERVAL_MS && meanLooks(durations, fromMs, step) > allowed) {
		step += 250;
	}
	return step;
}

/**
 * Learns from tasks alike that are finished: no look before the next one is likely due, small
 * steps around then, longer ones after.
 * @param durations of finished tasks alike, milliseconds, any order; read anew at each look
 * @param underWay how many tasks of this run are under way
 */
export function learningSchedule(
	{ mode }: Pick<WanRequest, 'mode'>,
	wishes: Wishes,
	durations: () => number[],
	underWay: () => number,
): Schedule {
	const recommendedFirstMs = MODES[mode].firstPollSeconds * 1_000;
	const { firstPollMs, pollIntervalMs } = wishes;
	return {
		pauseMs(elapsedMs, looks) {
			if (looks === 0 && firstPollMs !== undefined) return firstPollMs;
			if (looks > 0 && pollIntervalMs !== undefined) return pollIntervalMs;
			const sorted = durations().sort((a, b) => a - b);
			if (sorted.length < ENOUGH) {
				return looks === 0 ? recommendedFirstMs : RECOMMENDED_INTERVAL_MS;
			}
			const early = quantile(sorted, 0.05);
			if (elapsedMs < early) return early - elapsedMs;
			const late = quantile(sorted, 0.95);
			const step = Math.max(stepMs(sorted, early, recommendedFirstMs), underWay() * SHARE_MS);
			const overdue = Math.max(0, elapsedMs - late);
			return Math.max(step, Math.min(RECOMMENDED_INTERVAL_MS, step + overdue / 4));
		},
	};
}
