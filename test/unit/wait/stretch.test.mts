import type { IExecuteFunctions, INode } from 'n8n-workflow';
import type { ApixoClient } from '../../../nodes/apixo/client.ts';
import { type Result, ok } from '../../../nodes/apixo/result.ts';
import type { Way } from '../../../nodes/WanVideo/descriptions/waitFor.ts';
import { knownDurations } from '../../../nodes/WanVideo/tasks/durations.ts';
import { PUNCTUAL_MS } from '../../../nodes/WanVideo/tasks/schedule.ts';
import type { ItemState, Terms } from '../../../nodes/WanVideo/wait/record.ts';
import { type Begun, Stretch, type WaitJob } from '../../../nodes/WanVideo/wait/stretch.ts';
import { virtualClock } from '../support/clock.mts';
import { failureOf, refused } from '../support/results.mts';
import { runOver } from '../support/run.mts';
import { standIn } from '../support/standIn.mts';
import { REQUEST, finished, polled } from '../support/tasks.mts';

interface Scenario {
	way?: Way;
	/** How long the task of each item takes; milliseconds. */
	takesMs: number[];
	limit?: number;
	/** How long the submission of an item takes. */
	submitMs?: (item: number) => number;
	/** The item whose submission is refused. */
	refused?: number;
	timeoutMs?: (item: number) => number;
	onError?: NonNullable<INode['onError']>;
	kind?: string;
	/** What goes by whenever the clock is read. */
	tickMs?: number;
}

const taskOf = (item: number) => `task_${item}`;

/** An execution that waits for tasks: a service, a clock, and n8n's part in parking. */
function waiting({
	way = 'parked',
	takesMs,
	limit = 50,
	submitMs = () => 0,
	refused: refusedItem,
	timeoutMs = () => 3_600_000,
	onError = 'continueRegularOutput',
	kind,
	tickMs,
}: Scenario) {
	const clock = virtualClock(tickMs);
	const submittedAt = new Map<string, number>();
	const polls: Array<{ taskId: string; at: number }> = [];
	let most = 0;

	const isOver = (taskId: string) =>
		clock.elapsed() >= (submittedAt.get(taskId) ?? 0) + takesMs[Number(taskId.slice(5))];
	const client = standIn<ApixoClient>({
		async pollTask(taskId) {
			polls.push({ taskId, at: clock.elapsed() });
			return polled(isOver(taskId) ? 'success' : 'processing', { taskId });
		},
	});
	const terms = (item: number): Terms => ({
		output: { simplify: true },
		pace: {},
		timeoutMs: timeoutMs(item),
		kind,
	});
	const items = takesMs.map(
		(_, item): ItemState => ({
			kind: 'planned',
			terms: terms(item),
			source: { request: REQUEST },
		}),
	);
	let stop = () => {};
	const onExecutionCancellation: IExecuteFunctions['onExecutionCancellation'] = (handler) => {
		stop = handler;
	};
	const { run } = runOver(
		takesMs.map(() => ({})),
		onError,
		{ onExecutionCancellation, customData: undefined },
		clock,
	);
	const job: WaitJob = {
		way,
		client,
		plan: async () => ({ items, hints: [], limit }),
		async begin(_planned, item): Promise<Result<Begun>> {
			await clock.sleep(submitMs(item));
			if (item === refusedItem) return refused('No such luck');
			submittedAt.set(taskOf(item), clock.elapsed());
			const underWay = [...submittedAt.keys()].filter((taskId) => !isOver(taskId)).length;
			most = Math.max(most, underWay);
			return ok({ taskId: taskOf(item), isNew: true });
		},
	};
	const stretch = (mayPark = way !== 'polling') => new Stretch(run, job, { items, limit }, mayPark);
	return {
		clock,
		items,
		polls,
		stop: () => stop(),
		stretch,
		/** Task IDs, in order. */
		submitted: () => [...submittedAt.keys()],
		mostUnderWay: () => most,
		kinds: () => items.map((item) => item.kind),
		/** Stretch after stretch, as n8n runs them. @returns until when it was parked each time */
		async toTheEnd(): Promise<{ parks: number[]; outputs: Array<Result<unknown>> }> {
			const parks: number[] = [];
			for (;;) {
				const last = stretch();
				const until = await last.go();
				if (until === undefined) return { parks, outputs: await last.outputAll() };
				parks.push(until - clock.now());
				clock.advance(until - clock.now());
				for (const item of items) if (item.kind === 'awaited') item.task.nextPoll = clock.now();
			}
		},
	};
}

describe('an execution that parks', () => {
	test('takes its items in waves of Max Parallel Tasks', async () => {
		const wait = waiting({ takesMs: Array<number>(5).fill(50_000), limit: 2 });
		const { parks, outputs } = await wait.toTheEnd();
		expect(outputs.map(({ ok: isOk }) => isOk)).toEqual(Array(5).fill(true));
		expect(parks).toEqual([PUNCTUAL_MS, PUNCTUAL_MS, PUNCTUAL_MS]);
		expect(wait.mostUnderWay()).toBe(2);
	});

	test('by callback submits all of them, however few may be under way', async () => {
		const wait = waiting({ way: 'callback', takesMs: Array<number>(5).fill(50_000), limit: 2 });
		expect(await wait.stretch().go()).toBeDefined();
		expect(wait.submitted()).toHaveLength(5);
	});

	test.each<Way>(['parked', 'callback'])(
		'by %s leaves no more than a hundred submissions to a kill',
		async (way) => {
			const wait = waiting({ way, takesMs: Array<number>(250).fill(1_000_000), limit: 1_000 });
			const counts: number[] = [];
			for (let stretch = 0; stretch < 3; stretch += 1) {
				const until = await wait.stretch().go();
				counts.push(wait.submitted().length);
				wait.clock.advance((until ?? NaN) - wait.clock.now());
			}
			expect(counts).toEqual([100, 200, 250]);
		},
	);

	test('is parked for at least as long as n8n needs to end it in time', async () => {
		const { parks } = await waiting({ takesMs: [300_000, 80_000, 3_000] }).toTheEnd();
		expect(Math.min(...parks)).toBeGreaterThanOrEqual(PUNCTUAL_MS);
	});

	test('is parked soon after its last submission, however long all of them took', async () => {
		const takesMs = Array<number>(10).fill(300_000);
		const wait = waiting({ takesMs, submitMs: (item) => item * 4_000 });
		expect(await wait.stretch().go()).toBeDefined();
		expect(wait.clock.elapsed()).toBeLessThan(40_000);
		const { parks } = await wait.toTheEnd();
		expect(parks.length).toBeGreaterThan(1);
	});

	test('polls in the process what is known to end soon', async () => {
		const kind = 'known to take 90 s';
		for (let ms = 88_000; ms < 93_000; ms += 500)
			knownDurations.add(kind, finished({ costTime: ms }));
		const wait = waiting({ takesMs: [90_000], kind });
		const { parks, outputs } = await wait.toTheEnd();
		expect(parks).toHaveLength(1);
		expect(outputs).toMatchObject([{ ok: true }]);
		expect(wait.clock.elapsed()).toBeLessThan(95_000);
	});

	test('polls before it parks what may have been reported while others were submitted', async () => {
		const takesMs = [5_000, 5_000, 5_000];
		const wait = waiting({ way: 'callback', takesMs, submitMs: () => 12_000, limit: 1 });
		expect(await wait.stretch().go()).toBeDefined();
		expect(wait.polls).toEqual([
			{ taskId: taskOf(0), at: 36_000 },
			{ taskId: taskOf(1), at: 36_000 },
		]);
		expect(wait.kinds()).toEqual(['final', 'final', 'awaited']);
	});

	test('parks at once for the shortest pause, though time goes by meanwhile', async () => {
		const wait = waiting({ takesMs: [50_000, 50_000], tickMs: 1 });
		expect(await wait.stretch().go()).toBeDefined();
		expect(wait.clock.elapsed()).toBeLessThan(1_000);
		expect(wait.polls).toEqual([]);
	});

	test('parks at once when the submissions were quick', async () => {
		const wait = waiting({ way: 'callback', takesMs: [5_000, 5_000], submitMs: () => 1_000 });
		expect(await wait.stretch().go()).toBeDefined();
		expect(wait.polls).toEqual([]);
	});

	test('goes on in the process when n8n cannot park it', async () => {
		const wait = waiting({ takesMs: [70_000, 200_000] });
		expect(await wait.stretch().go()).toBeDefined();
		const instead = wait.stretch(false);
		expect(await instead.go()).toBeUndefined();
		expect(await instead.outputAll()).toMatchObject([
			{ ok: true, value: { json: { taskId: taskOf(0) } } },
			{ ok: true, value: { json: { taskId: taskOf(1) } } },
		]);
		expect(wait.submitted()).toHaveLength(2);
	});
});

describe.each<Way>(['polling', 'parked', 'callback'])('waiting by %s', (way) => {
	test('gives each item as long as its own Timeout says', async () => {
		const timeoutMs = (item: number) => [100_000, 400_000, 400_000][item];
		const wait = waiting({ way, takesMs: [300_000, 300_000, Infinity], timeoutMs });
		const { outputs } = await wait.toTheEnd();
		expect(outputs.map(({ ok: isOk }) => isOk)).toEqual([false, true, false]);
		expect(failureOf(outputs[0]).details).toEqual({ taskId: taskOf(0), state: 'processing' });
		expect(wait.polls.filter(({ taskId }) => taskId === taskOf(0)).at(-1)?.at).toBe(100_000);
		expect(wait.clock.elapsed()).toBe(400_000);
	});

	test('ends with the first failure under On Error = Stop, and names what goes on', async () => {
		const takesMs = [200_000, 200_000, 200_000];
		const wait = waiting({ way, takesMs, refused: 1, onError: 'stopWorkflow' });
		const { parks, outputs } = await wait.toTheEnd();
		expect(parks).toEqual([]);
		expect(outputs.map((output) => failureOf(output).kind)).toEqual([
			'stopped',
			'final',
			'stopped',
		]);
		expect(failureOf(outputs[0]).details.taskId).toBe(taskOf(0));
		expect(wait.polls).toEqual([]);
	});

	test('goes on for the others after a failure with On Error = Continue', async () => {
		const wait = waiting({ way, takesMs: [90_000, 90_000, 90_000], refused: 1 });
		const { outputs } = await wait.toTheEnd();
		expect(outputs.map(({ ok: isOk }) => isOk)).toEqual([true, false, true]);
	});

	test('submits and polls nothing more once the user has stopped it', async () => {
		const wait = waiting({ way, takesMs: [1_000, 1_000, 1_000], submitMs: () => 20_000, limit: 1 });
		void wait.clock.sleep(10_000).then(wait.stop);
		expect(await wait.stretch().go()).toBeUndefined();
		expect(wait.submitted()).toEqual([taskOf(0)]);
		expect(wait.polls).toEqual([]);
	});
});
