import { bad, good, paceOf, passing, taskIn } from './fakes.mts';
import { awaitFinal, repeating } from '../../../nodes/WanVideo/waiting/polling.ts';

import { fixedSchedule } from '../../../nodes/WanVideo/waiting/schedule.ts';

const SCHEDULE = fixedSchedule(30_000, 10_000);
const MINUTE = 60_000;

/** Waits for a task that `answer` describes by the time of the look. */
async function watch(
	answer: (elapsedMs: number, count: number) => object,
	{ schedule = SCHEDULE, timeoutMs = 20 * MINUTE, atLook } = {},
) {
	const pace = paceOf(timeoutMs);
	const looks = [];
	const look = async () => {
		looks.push(pace.clock.elapsed());
		atLook?.(pace);
		return answer(pace.clock.elapsed(), looks.length);
	};
	const outcome = await awaitFinal('task_1', look, schedule, pace);
	return { outcome, looks, elapsed: pace.clock.elapsed() };
}

const finishedAt = (ms) => (elapsed) => taskIn(elapsed >= ms ? 'success' : 'processing');

describe('waiting for a task', () => {
	test('looks first when asked, then at the interval, and not once more than needed', async () => {
		const { outcome, looks } = await watch(finishedAt(55_000));
		expect(outcome.ok).toBe(true);
		expect(looks).toEqual([30_000, 40_000, 50_000, 60_000]);
	});

	test('takes a task that is final at the first look', async () => {
		const { outcome, looks } = await watch(finishedAt(0), {
			schedule: fixedSchedule(0, 1_000),
		});
		expect([outcome.ok, looks]).toEqual([true, [0]]);
	});

	test.each([['pending'], ['processing'], ['queued'], ['success?']])(
		'goes on while the state is %s',
		async (state) => {
			const { outcome, looks } = await watch((_, count) => taskIn(count < 9 ? state : 'success'));
			expect([outcome.ok, looks.length]).toEqual([true, 9]);
		},
	);

	test('tells a task that failed at APIXO, at once', async () => {
		const { outcome, looks } = await watch(() => taskIn('failed', { failCode: 'NSFW' }));
		expect(looks).toHaveLength(1);
		expect(outcome.failure.details).toMatchObject({ state: 'failed', failCode: 'NSFW' });
	});

	test('never waits beyond the deadline, looks a last time at it, and keeps the task ID', async () => {
		const { outcome, looks, elapsed } = await watch(finishedAt(Infinity), { timeoutMs: 55_000 });
		expect(looks).toEqual([30_000, 40_000, 50_000, 55_000]);
		expect(elapsed).toBe(55_000);
		expect(outcome.failure.message).toMatch(/task_1 was not finished in time/);
		expect(outcome.failure.details).toMatchObject({ taskId: 'task_1', state: 'processing' });
		expect(outcome.failure.hint).toMatch(/Wait or the Get operation/);
	});

	test('looks once even if there is no time at all', async () => {
		const { outcome, looks } = await watch(finishedAt(0), { timeoutMs: 0 });
		expect([outcome.ok, looks]).toEqual([true, [0]]);
	});
});

describe('passing trouble', () => {
	test('never ends the wait before its deadline', async () => {
		const { outcome, looks } = await watch(
			(elapsed) => (elapsed < 19 * MINUTE ? passing() : taskIn('success')),
			{ timeoutMs: 20 * MINUTE },
		);
		expect(outcome.ok).toBe(true);
		expect(looks.length).toBeGreaterThan(30);
	});

	test('that is still there at the deadline is told, with the task ID', async () => {
		const { outcome, elapsed } = await watch(
			() => bad({ message: 'no luck', details: { httpCode: 503 }, retry: { patient: true } }),
			{ timeoutMs: 5 * MINUTE },
		);
		expect(elapsed).toBe(5 * MINUTE);
		expect(outcome.failure.details).toMatchObject({ taskId: 'task_1', httpCode: 503 });
		expect(outcome.failure.hint).toContain('no luck');
	});

	test('slows the looks down, and calm brings the interval back', async () => {
		const { looks } = await watch((_, count) => {
			if (count === 14) return taskIn('success');
			return count <= 9 ? passing() : taskIn('processing');
		});
		const pauses = looks.slice(1).map((time, index) => time - looks[index]);
		expect(Math.min(...pauses)).toBeGreaterThanOrEqual(10_000);
		expect(Math.max(...pauses.slice(5, 9))).toBeGreaterThanOrEqual(15_000);
		expect(pauses.slice(9)).toEqual([10_000, 10_000, 10_000, 10_000]);
	});

	test('waits as long as APIXO asks', async () => {
		const { looks } = await watch((_, count) =>
			count === 1 ? passing(90_000) : taskIn('success'),
		);
		expect(looks[1] - looks[0]).toBeGreaterThanOrEqual(90_000);
		expect(looks[1] - looks[0]).toBeLessThanOrEqual(91_000);
	});

	test('is told apart from an answer that repeating cannot change', async () => {
		const { outcome, looks } = await watch((_, count) =>
			count < 3 ? passing() : bad({ message: 'wrong key' }),
		);
		expect([looks.length, outcome.failure.message]).toEqual([3, 'wrong key']);
	});
});

describe('a stop', () => {
	test('before the first look means no look at all', async () => {
		const pace = paceOf(MINUTE);
		pace.stop.request();
		const look = jest.fn();
		const { failure } = await awaitFinal('task_1', look, SCHEDULE, pace);
		expect(look).not.toHaveBeenCalled();
		expect(failure).toMatchObject({ stopped: true, details: { taskId: 'task_1' } });
	});

	test('during a look means no further look, and the last state is kept', async () => {
		const { outcome, looks } = await watch(() => taskIn('processing'), {
			atLook: ({ stop }) => stop.request(),
		});
		expect(looks).toHaveLength(1);
		expect(outcome.failure.details).toMatchObject({ taskId: 'task_1', state: 'processing' });
	});

	test('does not take away a result that is already there', async () => {
		const { outcome } = await watch(() => taskIn('success'), {
			atLook: ({ stop }) => stop.request(),
		});
		expect(outcome.ok).toBe(true);
	});
});

describe('repeating a request', () => {
	/** Runs through the outcomes; the last one stays. */
	async function repeat(outcomes, { timeoutMs = 20 * MINUTE, during } = {}) {
		const pace = paceOf(timeoutMs);
		let attempts = 0;
		const outcome = await repeating(async () => {
			attempts += 1;
			during?.(pace);
			return outcomes[Math.min(attempts, outcomes.length) - 1];
		}, pace);
		return { outcome, attempts, elapsed: pace.clock.elapsed() };
	}

	test('does not happen when it is not needed, or of no use', async () => {
		expect(await repeat([good(1)])).toMatchObject({ attempts: 1, elapsed: 0 });
		expect(await repeat([bad()])).toMatchObject({ attempts: 1, elapsed: 0 });
	});

	test('goes on until it works', async () => {
		const { outcome, attempts } = await repeat([passing(), passing(), good(5)]);
		expect([outcome.value, attempts]).toEqual([5, 3]);
	});

	test('ends after four repeats where patience is of no use', async () => {
		const { attempts, outcome } = await repeat([passing(undefined, false)]);
		expect([attempts, outcome.ok]).toEqual([5, false]);
	});

	test('is patient with limits, up to the deadline', async () => {
		const { attempts, elapsed } = await repeat([passing(1_000)], { timeoutMs: 3 * MINUTE });
		expect(attempts).toBeGreaterThan(80);
		expect(elapsed).toBeLessThanOrEqual(3 * MINUTE);
	});

	test('does not begin a pause that ends after the deadline', async () => {
		const { attempts, elapsed } = await repeat([passing(5 * MINUTE)], { timeoutMs: MINUTE });
		expect([attempts, elapsed]).toEqual([1, 0]);
	});

	test('ends at once when the execution is stopped', async () => {
		const { outcome, attempts, elapsed } = await repeat([passing()], {
			during: ({ stop }) => stop.request(),
		});
		expect([attempts, elapsed, outcome.failure.stopped]).toEqual([1, 0, true]);
	});
});
