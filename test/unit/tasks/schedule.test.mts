import type { ModeName } from '../../../nodes/WanVideo/model/modes.ts';
import {
	PUNCTUAL_MS,
	type Overrides,
	type Schedule,
	callbackSchedule,
	learningSchedule,
	parkedSchedule,
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

const median = (numbers: number[]) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

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

const MINUTE = 60_000;

const gapsOf = (polls: number[]) => polls.map((at, index) => at - (polls[index - 1] ?? 0));

const isRising = (numbers: number[]) =>
	numbers.every((number, index) => index === 0 || number >= numbers[index - 1]);

const parked = (
	durations: number[],
	{ overrides = {}, underWay = 1 }: Omit<Circumstances, 'mode'> = {},
) =>
	parkedSchedule(
		overrides,
		() => [...durations],
		() => underWay,
	);

describe('while the execution is parked', () => {
	test('a task of unknown duration is polled after a minute, and then less and less often', () => {
		const gaps = gapsOf(pollsOf(parked([]), 60 * MINUTE));
		expect(gaps.slice(0, 3)).toEqual([PUNCTUAL_MS, PUNCTUAL_MS, PUNCTUAL_MS]);
		expect(isRising(gaps)).toBe(true);
		expect(Math.max(...gaps)).toBe(5 * MINUTE);
	});

	test('a single known duration tells when to look', () => {
		const schedule = parked([100_000]);
		expect(pollsOf(schedule, 100_000)).toEqual([100_000]);
		expect(Math.max(...pollsOf(schedule, 105_000))).toBeLessThan(110_000);
	});

	test('the videos of a batch are looked at when the last of them should be finished', () => {
		const firstPoll = (underWay: number) => pollsOf(parked(KNOWN, { underWay }), 1)[0];
		expect(firstPoll(1)).toBeLessThan(100_000);
		expect(firstPoll(10)).toBeGreaterThan(105_000);
	});

	test('a task of known duration is noticed within seconds, with a few polls', () => {
		const schedule = parked(KNOWN);
		const lags = KNOWN.map((ms) => Math.max(...pollsOf(schedule, ms)) - ms);
		const polls = mean(KNOWN.map((ms) => pollsOf(schedule, ms).length));
		expect(median(lags)).toBeLessThan(5_000);
		expect(polls).toBeLessThan(6);
	});

	test('a task that outlives all that is known is polled closely for a moment, then parked for', () => {
		const polls = pollsOf(parked(KNOWN), 10 * MINUTE);
		const longest = Math.max(...KNOWN);
		const overdue = gapsOf(polls).filter((_, index) => polls[index - 1] > longest);
		expect(isRising(overdue)).toBe(true);
		const close = overdue.filter((gap) => gap < PUNCTUAL_MS);
		expect(close.length).toBeGreaterThan(1);
		expect(close.reduce((sum, gap) => sum + gap, 0)).toBeLessThan(0.25 * longest);
		expect(overdue.length).toBeGreaterThan(close.length + 2);
	});

	test('what the user set wins, but for pauses that n8n could not end in time', () => {
		const chosen = (pollIntervalMs: number) =>
			gapsOf(
				pollsOf(parked(KNOWN, { overrides: { firstPollMs: 5_000, pollIntervalMs } }), 200_000),
			);
		expect(chosen(100_000)).toEqual([5_000, 100_000, 100_000]);
		expect(chosen(1_000).slice(0, 2)).toEqual([5_000, PUNCTUAL_MS]);
	});
});

describe('while a callback is expected', () => {
	const unknown = () => callbackSchedule({}, () => []);

	test('a task of unknown duration is looked for after four and a half minutes, then once a minute and less', () => {
		const gaps = gapsOf(pollsOf(unknown(), 60 * MINUTE));
		expect(gaps.slice(0, 2)).toEqual([270_000, 67_500]);
		expect(isRising(gaps.slice(1))).toBe(true);
		expect(Math.max(...gaps)).toBe(5 * MINUTE);
	});

	test('a task of known duration is looked for well after the longest of them', () => {
		const schedule = callbackSchedule({}, () => KNOWN);
		expect(pollsOf(schedule, 150_000)[0]).toBe(Math.max(...KNOWN) + 90_000);
	});

	test('a task that was polled in between is looked for when it was to be', () => {
		expect(unknown().pauseMs(100_000, 1)).toBe(170_000);
		expect(unknown().pauseMs(210_000, 1)).toBe(PUNCTUAL_MS);
	});

	test('what the user set wins, but for pauses that n8n could not end in time', () => {
		const schedule = callbackSchedule({ firstPollMs: 0, pollIntervalMs: 90_000 }, () => KNOWN);
		expect(pollsOf(schedule, 200_000)).toEqual([PUNCTUAL_MS, 152_000, 242_000]);
	});
});
