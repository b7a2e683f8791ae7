import { Experience } from '../../../nodes/WanVideo/waiting/experience.ts';
import { learningSchedule, scheduleOfKnownTask } from '../../../nodes/WanVideo/waiting/schedule.ts';

const REQUEST = { mode: 'text-to-video', resolution: '720p', duration: 5 };

/** @returns when a task that takes `durationMs` is looked at */
function looksAt(schedule, durationMs): number[] {
	const looks = [];
	let now = 0;
	do {
		now += schedule.pauseMs(now, looks.length);
		looks.push(now);
	} while (now < durationMs);
	return looks;
}

const learned = (durations, { wishes = {}, underWay = 1, mode = 'text-to-video' } = {}) =>
	learningSchedule(
		{ mode },
		wishes,
		() => [...durations],
		() => underWay,
	);

/** Durations between 80 and 120 s, in no order. */
const KNOWN = Array.from({ length: 40 }, (_, index) => 80_000 + ((index * 17) % 40) * 1_000);

const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

describe('when nothing is known', () => {
	test.each([
		['text-to-video', [30_000, 40_000, 50_000]],
		['reference-to-video', [45_000, 55_000]],
	])("the service's recommendation for %s is followed", (mode, looks) => {
		expect(looksAt(learned([1_000, 2_000], { mode }), 50_000)).toEqual(looks);
	});

	test('a task that exists already is looked at once at once', () => {
		expect(looksAt(scheduleOfKnownTask({}), 15_000)).toEqual([0, 10_000, 20_000]);
	});
});

describe('when tasks alike are finished', () => {
	test('there is no look before the first of them was due', () => {
		expect(looksAt(learned(KNOWN), 100_000)[0]).toBeGreaterThan(82_000);
	});

	test('a video is noticed sooner than by the recommendation, with no more looks', () => {
		const fixed = learned([]);
		const learnt = learned(KNOWN);
		const lag = (schedule) => mean(KNOWN.map((ms) => looksAt(schedule, ms).at(-1) - ms));
		const looks = (schedule) => mean(KNOWN.map((ms) => looksAt(schedule, ms).length));
		expect(lag(learnt)).toBeLessThan(2_000);
		expect(lag(fixed)).toBeGreaterThan(4_000);
		expect(looks(learnt)).toBeLessThanOrEqual(looks(fixed));
	});

	test('a task that is overdue is looked at less and less often', () => {
		const looks = looksAt(learned(KNOWN), 300_000);
		const pauses = looks.slice(1).map((at, index) => at - looks[index]);
		const overdue = pauses.filter((_, index) => looks[index] > 119_000);
		expect(overdue.at(-1)).toBe(10_000);
		expect([...overdue].sort((a, b) => a - b)).toEqual(overdue);
		expect(overdue.length).toBeLessThan(25);
	});

	test('a crowd that has outlived all that is known is looked at as recommended', () => {
		const schedule = learned(KNOWN, { underWay: 100 });
		expect(schedule.pauseMs(130_000, 4)).toBe(10_000);
	});

	test('a thousand tasks under way stay below 10,000 requests a minute', () => {
		const looks = looksAt(learned(KNOWN, { underWay: 1_000 }), 200_000);
		const pauses = looks.slice(1).map((at, index) => at - looks[index]);
		expect((60_000 / Math.min(...pauses)) * 1_000).toBeLessThan(10_000);
	});

	test('what the user set wins', () => {
		const wishes = { firstPollMs: 5_000, pollIntervalMs: 20_000 };
		expect(looksAt(learned(KNOWN, { wishes }), 50_000)).toEqual([5_000, 25_000, 45_000, 65_000]);
	});
});

describe('experience', () => {
	const experienceIn = (data) => new Experience({ getWorkflowStaticData: () => data });
	const task = (costTime) => ({ costTime });

	test('is kept per mode, resolution and duration, for later runs', () => {
		const data = {};
		experienceIn(data).note(REQUEST, task(90_000));
		expect(experienceIn(data).durationsOf(REQUEST)).toEqual([90_000]);
		expect(experienceIn(data).durationsOf({ ...REQUEST, duration: 6 })).toEqual([]);
	});

	test('is bounded to the newest 60 of each of the newest 30 kinds', () => {
		const data = {};
		const experience = experienceIn(data);
		for (let ms = 1; ms <= 90; ms += 1) experience.note(REQUEST, task(ms));
		expect(experience.durationsOf(REQUEST)).toHaveLength(60);
		expect(experience.durationsOf(REQUEST).at(-1)).toBe(90);
		for (let duration = 100; duration < 150; duration += 1) {
			experience.note({ ...REQUEST, duration }, task(1));
		}
		expect(Object.keys(data.durations)).toHaveLength(30);
		expect(experience.durationsOf({ ...REQUEST, duration: 149 })).toEqual([1]);
		expect(experience.durationsOf(REQUEST)).toEqual([]);
	});

	test('takes the times of a task that names no costTime, and nothing from one without times', () => {
		const experience = experienceIn({});
		experience.note(REQUEST, { createTime: 1_000, completeTime: 4_000 });
		experience.note(REQUEST, {});
		experience.note(REQUEST, { createTime: 4_000, completeTime: 1_000 });
		expect(experience.durationsOf(REQUEST)).toEqual([3_000]);
	});

	test.each([[{ durations: 'x' }], [{ durations: { 'text-to-video 720p 5': 'x' } }]])(
		'is empty where the static data holds something else: %j',
		(data) => {
			expect(experienceIn(data).durationsOf(REQUEST)).toEqual([]);
		},
	);
});
