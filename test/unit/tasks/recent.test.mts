import { STOPPED, err, finalFailure, ok } from '../../../nodes/apixo/result.ts';
import type { Failure, Result } from '../../../nodes/apixo/result.ts';
import { type Asker, RecentTasks } from '../../../nodes/WanVideo/tasks/recent.ts';
import { type FakeClock, fakeClock } from '../support/clock.mts';

const FOX = { requested: 'fox' };
const HOUR_MS = 3_600_000;

/** A client of an MCP server, each of whose calls is an execution of its own. */
const MCP: Asker = { scope: 'tool', isTool: true, mayBeGone: true };
const AGENT: Asker = { ...MCP, mayBeGone: false };
const TEST: Asker = { scope: 'test', isTool: false, mayBeGone: false };

/** One process, and its time. */
function process() {
	const clock = fakeClock();
	const recent = new RecentTasks();
	const ask = (asker: Asker) => recent.for(asker, clock);
	return { clock, ask };
}

const wants = (...marks: Array<{ requested: string; wished?: string }>) => new Map(marks.entries());

const sent = (taskId: string) => async (): Promise<Result<string>> => ok(taskId);

/** A call of a tool that is answered after so long. */
async function call(
	{ clock, ask }: { clock: FakeClock; ask: ReturnType<typeof process>['ask'] },
	asker: Asker,
	tookMs: number,
) {
	const scope = ask(asker);
	const offer = scope.claim(wants(FOX)).get(0);
	const taskId = offer?.taskId ?? `task_${clock.elapsed()}`;
	if (offer === undefined) await scope.send(0, FOX, sent(taskId));
	await clock.sleep(tookMs);
	scope.handOver(taskId);
	return { taskId, isUnfinishedOnly: offer?.isHandedOver };
}

describe('a call over MCP', () => {
	test('that took so long that the client may be gone gives its video once more', async () => {
		const stage = process();
		const { taskId } = await call(stage, MCP, 61_000);
		expect(await call(stage, MCP, 1_000)).toEqual({ taskId, isUnfinishedOnly: false });
		// That one was quick, so it has arrived: now the task counts only while it is unfinished.
		expect(await call(stage, MCP, 1_000)).toEqual({ taskId, isUnfinishedOnly: true });
	});

	test('gives it for an hour', async () => {
		const stage = process();
		await call(stage, MCP, 61_000);
		await stage.clock.sleep(HOUR_MS + 1);
		expect((await call(stage, MCP, 1_000)).isUnfinishedOnly).toBeUndefined();
	});

	test('that was quick is taken for answered, and one of an agent always is', async () => {
		const quick = process();
		await call(quick, MCP, 20_000);
		expect((await call(quick, MCP, 0)).isUnfinishedOnly).toBe(true);
		const agent = process();
		await call(agent, AGENT, 600_000);
		expect((await call(agent, AGENT, 0)).isUnfinishedOnly).toBe(true);
	});
});

describe('the same submission, while another call sends it', () => {
	const twice = async (first: Result<string>) => {
		const { ask } = process();
		const submit = jest
			.fn<Promise<Result<string>>, []>()
			.mockResolvedValueOnce(first)
			.mockResolvedValue(ok('task_2'));
		const [one, two] = [ask(MCP), ask(MCP)];
		const results = [one.send(0, FOX, submit), two.send(0, FOX, submit)];
		return { results: await Promise.all(results), count: submit.mock.calls.length };
	};

	test('is not sent again, and both have its task', async () => {
		const { results, count } = await twice(ok('task_1'));
		expect(results.map(({ result }) => result)).toEqual([ok('task_1'), ok('task_1')]);
		expect(results.map(({ isShared }) => isShared)).toEqual([false, true]);
		expect(count).toBe(1);
	});

	test('is not sent again if nobody knows whether it was accepted', async () => {
		const lost: Failure = { ...finalFailure('lost', ''), kind: 'ambiguous' };
		expect((await twice(err(lost))).count).toBe(1);
	});

	test.each([finalFailure('refused', ''), STOPPED])(
		'is sent if that one failed ($kind)',
		async (failure) => {
			const { results, count } = await twice(err(failure));
			expect(results[1]).toEqual({ result: ok('task_2'), isShared: false });
			expect(count).toBe(2);
		},
	);

	test('is found by a call that began before, and came later', async () => {
		const { ask, clock } = process();
		const slow = ask(MCP);
		await clock.sleep(1);
		await ask(MCP).send(0, FOX, sent('task_1'));
		expect(await slow.send(0, FOX, sent('task_2'))).toEqual({
			result: ok('task_1'),
			isShared: true,
		});
	});

	test('is sent in each test run: two equal items are two videos', async () => {
		const scope = process().ask(TEST);
		const results = [scope.send(0, FOX, sent('task_1')), scope.send(1, FOX, sent('task_2'))];
		expect((await Promise.all(results)).map(({ result }) => result)).toEqual([
			ok('task_1'),
			ok('task_2'),
		]);
	});
});

describe('test runs', () => {
	test('are offered nothing of their own execution, as in a loop', async () => {
		const { ask } = process();
		const one = { ...TEST, executionId: '1' };
		await ask(one).send(0, FOX, sent('task_1'));
		expect(ask(one).claim(wants(FOX)).size).toBe(0);
		expect(ask({ ...TEST, executionId: '2' }).claim(wants(FOX)).size).toBe(1);
	});

	test('prefer an equal wish to an equal request, whatever the order of the items', async () => {
		const { ask } = process();
		const a = { requested: 'fox', wished: 'a' };
		const b = { requested: 'fox', wished: 'b' };
		const first = ask(TEST);
		await first.send(0, a, sent('task_a'));
		const offers = ask(TEST).claim(wants(b, a));
		expect([...offers].map(([item, { taskId }]) => [item, taskId])).toEqual([[1, 'task_a']]);
	});

	test('know a task by the input item that it was picked up for last', async () => {
		const { ask } = process();
		await ask(TEST).send(0, { requested: 'fox', wished: 'a' }, sent('task_1'));
		ask(TEST).claim(wants({ requested: 'fox', wished: 'b' }));
		expect(ask(TEST).claim(wants({ requested: 'random', wished: 'b' })).size).toBe(1);
	});

	test('have no tasks of another scope, nor of the day before', async () => {
		const { ask, clock } = process();
		await ask(TEST).send(0, FOX, sent('task_1'));
		expect(ask({ ...TEST, scope: 'other' }).claim(wants(FOX)).size).toBe(0);
		await clock.sleep(24 * HOUR_MS + 1);
		expect(ask(TEST).claim(wants(FOX)).size).toBe(0);
	});

	test('leave no more than 5,000 tasks in memory, the newest', async () => {
		const { ask } = process();
		const scope = ask(TEST);
		for (const index of Array(5_001).keys()) {
			await scope.send(index, { requested: String(index) }, sent(`task_${index}`));
		}
		const offers = ask(TEST).claim(wants({ requested: '0' }, { requested: '1' }));
		expect([...offers.keys()]).toEqual([1]);
	});
});
