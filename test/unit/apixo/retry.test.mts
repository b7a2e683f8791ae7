import { type Result, ok } from '../../../nodes/apixo/result.ts';
import { retry } from '../../../nodes/apixo/retry.ts';
import { type Wait, waitOf } from '../support/clock.mts';
import { failureOf, refused, retryable, valueOf } from '../support/results.mts';

const MINUTE = 60_000;

describe('repeating a request', () => {
	interface Circumstances {
		timeoutMs?: number;
		/** Happens during each attempt. */
		during?: (wait: Wait) => void;
	}

	/** Runs through the results; the last one stays. */
	async function repeat(
		results: Array<Result<number>>,
		{ timeoutMs = 20 * MINUTE, during }: Circumstances = {},
	) {
		const wait = waitOf(timeoutMs);
		let attempts = 0;
		const result = await retry(async () => {
			attempts += 1;
			during?.(wait);
			return results[Math.min(attempts, results.length) - 1];
		}, wait);
		return { result, attempts, elapsed: wait.clock.elapsed() };
	}

	test('does not happen when it is not needed, or of no use', async () => {
		expect(await repeat([ok(1)])).toMatchObject({ attempts: 1, elapsed: 0 });
		expect(await repeat([refused()])).toMatchObject({ attempts: 1, elapsed: 0 });
	});

	test('goes on until it works', async () => {
		const { result, attempts } = await repeat([retryable(), retryable(), ok(5)]);
		expect([valueOf(result), attempts]).toEqual([5, 3]);
	});

	test('ends after four repeats where more are of no use', async () => {
		const { attempts, result } = await repeat([retryable({ untilDeadline: false })]);
		expect([attempts, result.ok]).toEqual([5, false]);
	});

	test('goes on up to the deadline where APIXO limits requests', async () => {
		const { attempts, elapsed } = await repeat([retryable({ afterMs: 1_000 })], {
			timeoutMs: 3 * MINUTE,
		});
		expect(attempts).toBeGreaterThan(80);
		expect(elapsed).toBeLessThanOrEqual(3 * MINUTE);
	});

	test('does not begin a pause that ends after the deadline', async () => {
		const { attempts, elapsed } = await repeat([retryable({ afterMs: 5 * MINUTE })], {
			timeoutMs: MINUTE,
		});
		expect([attempts, elapsed]).toEqual([1, 0]);
	});

	test('ends at once when the execution is stopped', async () => {
		const { result, attempts, elapsed } = await repeat([retryable()], {
			during: ({ stop }) => stop(),
		});
		expect([attempts, elapsed, failureOf(result).kind]).toEqual([1, 0, 'stopped']);
	});
});
