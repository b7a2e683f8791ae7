import type { ModeName } from '../../../nodes/WanVideo/model/modes.ts';
import {
	type Overrides,
	type Schedule,
	learningSchedule,
	scheduleAfterPoll,
	scheduleOfKnownTask,
} from '../../../nodes/WanVideo/tasks/schedule.ts';

/** @returns when a task that takes `durationMs` is polled; milliseconds since its submission */
function pollsOf(schedule: Schedule, durationMs: number): number[] {
	const polls: number[] = [];
	let now = 0;
	do {
		now += schedule.pauseMs(now, polls.length);
		polls.push(now);
	} while (now < durationMs);
	return polls;
}

interface Circumstances {
	overrides?: Overrides;
	underWay?: number;
	mode?: ModeName;
}

const learned = (
	durations: number[],
	{ overrides = {}, underWay = 1, mode = 'text-to-video' }: Circumstances = {},
) =>
	learningSchedule(
		{ mode },
		overrides,
		() => [...durations],
		() => underWay,
	);

/** Durations between 80 and 120 s, in no order. */
const KNOWN = Array.from({ length: 40 }, (_, index) => 80_000 + ((index * 17) % 40) * 1_000);

const mean = (numbers: number[]) =>
	numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

describe('when nothing is known', () => {
	const RECOMMENDED: Array<[ModeName, number[]]> = [
		['text-to-video', [30_000, 40_000, 50_000]],
		['reference-to-video', [45_000, 55_000]],
	];

	test.each(RECOMMENDED)("the service's recommendation for %s is followed", (mode, polls) => {
		expect(pollsOf(learned([1_000, 2_000], { mode }), 50_000)).toEqual(polls);
	});

	test('a task that exists already is polled at once', () => {
		expect(pollsOf(scheduleOfKnownTask({}), 15_000)).toEqual([0, 10_000, 20_000]);
	});

	test('a task that was polled just now is polled after the interval, recommended or chosen', () => {
		expect(pollsOf(scheduleAfterPoll({}), 15_000)).toEqual([10_000, 20_000]);
		const chosen = scheduleAfterPoll({ firstPollMs: 1, pollIntervalMs: 5_000 });
		expect(pollsOf(chosen, 9_000)).toEqual([5_000, 10_000]);
	});
});

describe('when similar tasks are finished', () => {
	test('there is no poll before the first of them was due', () => {
		expect(pollsOf(learned(KNOWN), 100_000)[0]).toBeGreaterThan(82_000);
	});

	test('a video is noticed sooner than by the recommendation, with no more polls', () => {
		const fixed = learned([]);
		const learnt = learned(KNOWN);
		const lag = (schedule: Schedule) =>
			mean(KNOWN.map((ms) => Math.max(...pollsOf(schedule, ms)) - ms));
		const polls = (schedule: Schedule) => mean(KNOWN.map((ms) => pollsOf(schedule, ms).length));
		expect(lag(learnt)).toBeLessThan(2_000);
		expect(lag(fixed)).toBeGreaterThan(4_000);
		expect(polls(learnt)).toBeLessThanOrEqual(polls(fixed));
	});

	test('a task that is overdue is polled less and less often', () => {
		const polls = pollsOf(learned(KNOWN), 300_000);
		const pauses = polls.slice(1).map((at, index) => at - polls[index]);
		const overdue = pauses.filter((_, index) => polls[index] > 119_000);
		expect(overdue.at(-1)).toBe(10_000);
		expect([...overdue].sort((a, b) => a - b)).toEqual(overdue);
		expect(overdue.length).toBeLessThan(25);
	});

	test('many tasks that take longer than all that is known are polled as recommended', () => {
		const schedule = learned(KNOWN, { underWay: 100 });
		expect(schedule.pauseMs(130_000, 4)).toBe(10_000);
	});

	test('a thousand tasks under way stay below 10,000 requests a minute', () => {
		const polls = pollsOf(learned(KNOWN, { underWay: 1_000 }), 200_000);
		const pauses = polls.slice(1).map((at, index) => at - polls[index]);
		expect((60_000 / Math.min(...pauses)) * 1_000).toBeLessThan(10_000);
	});

	test('what the user set wins', () => {
		const overrides = { firstPollMs: 5_000, pollIntervalMs: 20_000 };
		expect(pollsOf(learned(KNOWN, { overrides }), 50_000)).toEqual([5_000, 25_000, 45_000, 65_000]);
	});
});
