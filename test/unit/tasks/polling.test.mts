import type { Result } from '../../../nodes/apixo/result.ts';
import type { Task } from '../../../nodes/apixo/task.ts';
import { type AwaitedTask, waitUntilFinal } from '../../../nodes/WanVideo/tasks/polling.ts';
import { fixedSchedule } from '../../../nodes/WanVideo/tasks/schedule.ts';
import { type Wait, waitOf } from '../support/clock.mts';
import { failureOf, given, refused, retryable } from '../support/results.mts';
import { polled } from '../support/tasks.mts';

const SCHEDULE = fixedSchedule(30_000, 10_000);
const MINUTE = 60_000;

/** What APIXO says at the nth poll, so many milliseconds after the submission. */
type Answer = (elapsedMs: number, count: number) => Result<Task>;

interface Circumstances {
	schedule?: typeof SCHEDULE;
	timeoutMs?: number;
	/** Happens during each poll. */
	during?: (wait: Wait) => void;
}

const submittedJustNow = ({ clock, deadline }: Wait): AwaitedTask => ({
	taskId: 'task_1',
	since: clock.now(),
	deadline,
	polls: 0,
});

/** Waits for a task to its end. */
async function watch(
	answer: Answer,
	{ schedule = SCHEDULE, timeoutMs = 20 * MINUTE, during }: Circumstances = {},
) {
	const wait = waitOf(timeoutMs);
	const polls: number[] = [];
	const poll = async () => {
		polls.push(wait.clock.elapsed());
		during?.(wait);
		return answer(wait.clock.elapsed(), polls.length);
	};
	const result = await waitUntilFinal(submittedJustNow(wait), { poll, schedule, ...wait });
	return { result: given(result, 'result'), polls, elapsed: wait.clock.elapsed() };
}

const finishedAt =
	(ms: number): Answer =>
	(elapsed) =>
		polled(elapsed >= ms ? 'success' : 'processing');

describe('waiting for a task', () => {
	test('polls first when asked, then at the interval, and not once more than needed', async () => {
		const { result, polls } = await watch(finishedAt(55_000));
		expect(result.ok).toBe(true);
		expect(polls).toEqual([30_000, 40_000, 50_000, 60_000]);
	});

	test('takes a task that is final at the first poll', async () => {
		const { result, polls } = await watch(finishedAt(0), {
			schedule: fixedSchedule(0, 1_000),
		});
		expect([result.ok, polls]).toEqual([true, [0]]);
	});

	test.each([['pending'], ['processing'], ['queued'], ['success?']])(
		'goes on while the state is %s',
		async (state) => {
			const { result, polls } = await watch((_, count) => polled(count < 9 ? state : 'success'));
			expect([result.ok, polls.length]).toEqual([true, 9]);
		},
	);

	test('reports a task that failed at APIXO, at once', async () => {
		const { result, polls } = await watch(() => polled('failed', { failCode: 'NSFW' }));
		expect(polls).toHaveLength(1);
		expect(failureOf(result).details).toMatchObject({ state: 'failed', failCode: 'NSFW' });
	});

	test('never waits beyond the deadline, polls a last time at it, and keeps the task ID', async () => {
		const { result, polls, elapsed } = await watch(finishedAt(Infinity), { timeoutMs: 55_000 });
		expect(polls).toEqual([30_000, 40_000, 50_000, 55_000]);
		expect(elapsed).toBe(55_000);
		expect(failureOf(result).message).toMatch(/task_1 was not finished in time/);
		expect(failureOf(result).details).toMatchObject({ taskId: 'task_1', state: 'processing' });
		expect(failureOf(result).hint).toMatch(/Wait or the Get operation/);
	});

	test('polls once even if there is no time at all', async () => {
		const { result, polls } = await watch(finishedAt(0), { timeoutMs: 0 });
		expect([result.ok, polls]).toEqual([true, [0]]);
	});
});

describe('passing trouble', () => {
	test('never ends the wait before its deadline', async () => {
		const { result, polls } = await watch(
			(elapsed) => (elapsed < 19 * MINUTE ? retryable() : polled('success')),
			{ timeoutMs: 20 * MINUTE },
		);
		expect(result.ok).toBe(true);
		expect(polls.length).toBeGreaterThan(30);
	});

	test('that is still there at the deadline is reported, with the task ID', async () => {
		const { result, elapsed } = await watch(
			() => retryable({ message: 'no luck', httpCode: 503 }),
			{ timeoutMs: 5 * MINUTE },
		);
		expect(elapsed).toBe(5 * MINUTE);
		expect(failureOf(result).details).toMatchObject({ taskId: 'task_1', httpCode: 503 });
		expect(failureOf(result).hint).toContain('no luck');
	});

	test('slows the polls down, and calm brings the interval back', async () => {
		const { polls } = await watch((_, count) => {
			if (count === 14) return polled('success');
			return count <= 9 ? retryable() : polled('processing');
		});
		const pauses = polls.slice(1).map((time, index) => time - polls[index]);
		expect(Math.min(...pauses)).toBeGreaterThanOrEqual(10_000);
		expect(Math.max(...pauses.slice(5, 9))).toBeGreaterThanOrEqual(15_000);
		expect(pauses.slice(9)).toEqual([10_000, 10_000, 10_000, 10_000]);
	});

	test('waits as long as APIXO asks', async () => {
		const { polls } = await watch((_, count) =>
			count === 1 ? retryable({ afterMs: 90_000 }) : polled('success'),
		);
		expect(polls[1] - polls[0]).toBeGreaterThanOrEqual(90_000);
		expect(polls[1] - polls[0]).toBeLessThanOrEqual(91_000);
	});

	test('is not confused with a failure that repeating cannot change', async () => {
		const { result, polls } = await watch((_, count) =>
			count < 3 ? retryable() : refused('wrong key'),
		);
		expect([polls.length, failureOf(result).message]).toEqual([3, 'wrong key']);
	});
});

describe('a stop', () => {
	test('before the first poll means no poll at all', async () => {
		const wait = waitOf(MINUTE);
		wait.stop();
		const poll = jest.fn();
		const polling = { poll, schedule: SCHEDULE, ...wait };
		const failure = failureOf(given(await waitUntilFinal(submittedJustNow(wait), polling)));
		expect(poll).not.toHaveBeenCalled();
		expect(failure).toMatchObject({ kind: 'stopped', details: { taskId: 'task_1' } });
	});

	test('during a poll means no further poll, and the last state is kept', async () => {
		const { result, polls } = await watch(() => polled('processing'), {
			during: ({ stop }) => stop(),
		});
		expect(polls).toHaveLength(1);
		expect(failureOf(result).details).toMatchObject({ taskId: 'task_1', state: 'processing' });
	});

	test('does not take away a result that is already there', async () => {
		const { result } = await watch(() => polled('success'), {
			during: ({ stop }) => stop(),
		});
		expect(result.ok).toBe(true);
	});
});

describe('a wait that leaves before long pauses', () => {
	/** Goes as far as it can without a pause of 62 s. */
	async function leave(answers: Array<Result<Task>>, taken: Partial<AwaitedTask> = {}) {
		const wait = waitOf(20 * MINUTE);
		const task = { ...submittedJustNow(wait), ...taken };
		const polls: number[] = [];
		const result = await waitUntilFinal(task, {
			poll: async () => {
				polls.push(wait.clock.elapsed());
				return given(answers.shift(), 'answer');
			},
			schedule: fixedSchedule(30_000, 90_000),
			leavesBefore: (pauseMs) => pauseMs >= 62_000,
			...wait,
		});
		const nextInMs = (task.nextPoll ?? NaN) - wait.clock.now();
		return { result, polls, task, nextInMs };
	}

	test('leaves before the first one, and says when the next poll is due', async () => {
		const { result, polls, task, nextInMs } = await leave([polled('processing')]);
		expect([result, polls, nextInMs]).toEqual([undefined, [30_000], 90_000]);
		expect(task).toMatchObject({ polls: 1, state: 'processing' });
	});

	test('leaves before a pause of just that length, though time goes by meanwhile', async () => {
		const { clock, ...wait } = waitOf(20 * MINUTE);
		let ticks = 0;
		const ticking = { ...clock, now: () => clock.now() + ticks++ };
		const poll = jest.fn(async () => polled('processing'));
		const result = await waitUntilFinal(submittedJustNow({ clock, ...wait }), {
			poll,
			schedule: fixedSchedule(62_000, 62_000),
			leavesBefore: (pauseMs) => pauseMs >= 62_000,
			...wait,
			clock: ticking,
		});
		expect([result, poll.mock.calls]).toEqual([undefined, []]);
	});

	test('polls at once when it goes on at the time that was settled', async () => {
		const since = waitOf(0).clock.now() - 90_000;
		const { result, polls } = await leave([polled('success')], {
			since,
			polls: 1,
			nextPoll: since + 90_000,
		});
		expect([result?.ok, polls]).toEqual([true, [0]]);
	});

	test('never pauses beyond the deadline', async () => {
		const { clock } = waitOf(0);
		const { polls, result } = await leave([polled('processing'), polled('processing')], {
			deadline: clock.now() + 70_000,
		});
		expect(polls).toEqual([30_000, 70_000]);
		expect(failureOf(given(result)).message).toMatch(/not finished in time/);
	});

	test('asks again soon when trouble passes, rather than after the pause', async () => {
		const { result, polls } = await leave([retryable(), retryable(), polled('success')]);
		expect(result?.ok).toBe(true);
		expect(polls[2] - polls[0]).toBeLessThan(10_000);
	});

	test('leaves when trouble does not pass, with the pause that was planned', async () => {
		const { result, polls, nextInMs } = await leave(Array.from({ length: 5 }, () => retryable()));
		expect([result, polls.length]).toEqual([undefined, 5]);
		expect(nextInMs).toBeGreaterThanOrEqual(90_000);
	});
});
