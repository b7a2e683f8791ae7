import fc from 'fast-check';
import { backoffMs } from '../../../nodes/shared/backoff.ts';

const repeats = fc.nat({ max: 1_000_000 });
const random = fc.double({ min: 0, max: 1, noNaN: true });

test('doubles from one second to half a minute', () => {
	const longest = [0, 1, 2, 3, 4, 5, 6, 50].map((count) => backoffMs(count, undefined, 1));
	expect(longest).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test('is spread over the upper half', () => {
	fc.assert(
		fc.property(repeats, random, (count, chance) => {
			const ceiling = backoffMs(count, undefined, 1);
			const pause = backoffMs(count, undefined, chance);
			expect(pause).toBeGreaterThanOrEqual(ceiling / 2);
			expect(pause).toBeLessThanOrEqual(ceiling);
			expect(ceiling).toBeLessThanOrEqual(30_000);
		}),
	);
});

test('never comes back before Retry-After, nor much later, nor waits longer than five minutes', () => {
	fc.assert(
		fc.property(repeats, fc.nat({ max: 10_000_000 }), random, (count, asked, chance) => {
			const pause = backoffMs(count, asked, chance);
			expect(pause).toBeGreaterThanOrEqual(Math.min(asked, 300_000));
			expect(pause).toBeLessThanOrEqual(Math.min(asked, 300_000) + (asked > 0 ? 1_000 : 30_000));
		}),
	);
});

test('a Retry-After of zero is no invitation to hammer', () => {
	expect(backoffMs(0, 0, 0)).toBeGreaterThanOrEqual(500);
});
