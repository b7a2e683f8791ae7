import fc from 'fast-check';
import { parkTimes } from '../../../nodes/WanVideo/tasks/parkTimes.ts';
import { GENERATION_SECONDS, randomOf } from '../../support/measure/random.mts';

const RULES = { parkMs: 62_000, stepMs: 1_500 };

/** Durations of some finished tasks, milliseconds. */
const durations = fc.array(fc.integer({ min: 0, max: 600_000 }), { minLength: 5, maxLength: 60 });

const sumOf = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0);

/** How long a task that takes so long is waited for in a slot of n8n. */
function slotMs(times: number[], durationMs: number): number {
	const gaps = times.map((at, index) => ({ from: times[index - 1] ?? 0, at }));
	const waited = gaps.filter(({ from, at }) => from < durationMs && at - from < RULES.parkMs);
	return sumOf(waited.map(({ from, at }) => at - from));
}

test('each look comes in its turn: after a pause that is parked for, or at least one step', () => {
	fc.assert(
		fc.property(durations, (known) => {
			const times = [0, ...parkTimes(known, RULES)];
			for (const [index, at] of times.slice(1).entries()) {
				expect(at - times[index]).toBeGreaterThanOrEqual(RULES.stepMs);
			}
		}),
		{ numRuns: 100 },
	);
});

test('the last look sees all tasks that are known', () => {
	fc.assert(
		fc.property(durations, (known) => {
			const last = parkTimes(known, RULES).at(-1) ?? 0;
			// The known ones are read as a curve, whose end lies just below the longest of them.
			const sorted = [...known].sort((a, b) => a - b);
			expect(last).toBeGreaterThanOrEqual(sorted[sorted.length - 2]);
		}),
		{ numRuns: 100 },
	);
});

test('the same durations in another order give the same looks', () => {
	fc.assert(
		fc.property(durations, (known) => {
			expect(parkTimes([...known].reverse(), RULES)).toEqual(parkTimes(known, RULES));
		}),
		{ numRuns: 30 },
	);
});

test('other rules give other looks at the same durations', () => {
	const known = [70_000, 71_000, 72_000, 73_000, 74_000];
	const usual = parkTimes(known, RULES);
	expect(parkTimes(known, { ...RULES, parkMs: 80_000 })).not.toEqual(usual);
});

type Shape = keyof typeof GENERATION_SECONDS;

test.each(Object.keys(GENERATION_SECONDS) as Shape[])(
	'tasks that take as long as those that are known (%s) spend at most a tenth in a slot of n8n',
	(shape) => {
		const random = randomOf(7);
		const draw = (count: number) =>
			Array.from({ length: count }, () => Math.round(GENERATION_SECONDS[shape](random) * 1_000));
		const times = parkTimes(draw(60), RULES);
		const later = draw(300);
		const waited = later.map((ms) => times.find((at) => at >= ms) ?? ms);
		const inSlots = sumOf(later.map((ms) => slotMs(times, ms)));
		expect(inSlots / sumOf(waited)).toBeLessThanOrEqual(0.1);
	},
);
