import fc from 'fast-check';
import {
	type Collected,
	Collector,
	Collectors,
	type GetTask,
} from '../../../nodes/WanVideo/callbackWait/collector.ts';
import { refused } from '../support/results.mts';
import { polled } from '../support/tasks.mts';

/** APIXO with some tasks, of which more and more are final, and all requests for them. */
function service(taskIds: string[]) {
	const states = new Map(taskIds.map((taskId) => [taskId, 'processing']));
	const asked: string[] = [];
	const getTask: GetTask = async (taskId) => {
		asked.push(taskId);
		await null;
		return polled(states.get(taskId) ?? 'unknown', { taskId });
	};
	const finish = (taskId: string, state = 'success') => void states.set(taskId, state);
	return { getTask, asked, finish };
}

/** The tasks of all items. @throws if they are not all final */
function tasksOf(collected: Collected) {
	if (collected.kind === 'all') return collected.tasks;
	throw new Error(`Not all tasks are final: ${collected.kind}`);
}

const ids = (count: number) => Array.from({ length: count }, (_, index) => `task_${index}`);

test('all tasks come in their own order, once the last one is final', async () => {
	const { getTask, finish } = service(ids(3));
	const collector = new Collector(ids(3));
	finish('task_2');
	expect(await collector.report('task_2', getTask)).toEqual({ kind: 'noted' });
	finish('task_0', 'failed');
	expect(await collector.report('task_0', getTask)).toEqual({ kind: 'noted' });
	finish('task_1');
	expect(
		tasksOf(await collector.report('task_1', getTask)).map(({ taskId, state }) => [taskId, state]),
	).toEqual([
		['task_0', 'failed'],
		['task_1', 'success'],
		['task_2', 'success'],
	]);
});

test('a callback that was lost does not hold up the others', async () => {
	const { getTask, finish } = service(ids(3));
	const collector = new Collector(ids(3));
	ids(3).forEach((taskId) => finish(taskId));
	expect((await collector.report('task_1', getTask)).kind).toBe('all');
});

test('a report is not believed: APIXO says that the task is unfinished', async () => {
	const { getTask, asked } = service(ids(2));
	expect(await new Collector(ids(2)).report('task_1', getTask)).toEqual({ kind: 'unconfirmed' });
	expect(asked).toEqual(['task_1']);
});

test('trouble with APIXO is reported, and not taken for a state', async () => {
	const { getTask, finish } = service(ids(1));
	finish('task_0');
	const collector = new Collector(ids(1));
	const troubled = await collector.report('task_0', async () => refused('no luck'));
	expect(troubled).toMatchObject({ kind: 'trouble', failure: { message: 'no luck' } });
	expect((await collector.report('task_0', getTask)).kind).toBe('all');
});

test('a late callback for a task that is known needs no further request', async () => {
	const { getTask, asked, finish } = service(ids(2));
	const collector = new Collector(ids(2));
	finish('task_0');
	await collector.report('task_0', getTask);
	const before = asked.filter((taskId) => taskId === 'task_0').length;
	expect(await collector.report('task_0', getTask)).toEqual({ kind: 'noted' });
	expect(asked.filter((taskId) => taskId === 'task_0')).toHaveLength(before);
});

test('in whatever order tasks finish, the number of requests grows with the tasks, not with their square', async () => {
	const orders = fc
		.integer({ min: 1, max: 120 })
		.chain((count) => fc.shuffledSubarray(ids(count), { minLength: count, maxLength: count }));
	await fc.assert(
		fc.asyncProperty(orders, async (order) => {
			const { getTask, asked, finish } = service(order);
			const collector = new Collector(ids(order.length));
			for (const [index, taskId] of order.entries()) {
				finish(taskId);
				const { kind } = await collector.report(taskId, getTask);
				expect(kind).toBe(index === order.length - 1 ? 'all' : 'noted');
			}
			expect(asked.length).toBeLessThanOrEqual(2 * order.length);
		}),
	);
});

test('callbacks that come together lead to about one request for each task', async () => {
	const { getTask, asked, finish } = service(ids(60));
	ids(60).forEach((taskId) => finish(taskId));
	const collector = new Collector(ids(60));
	const all = await Promise.all(
		ids(60).map(async (taskId) => await collector.report(taskId, getTask)),
	);
	expect(all.map(({ kind }) => kind)).toContain('all');
	expect(all.filter(({ kind }) => !['all', 'noted', 'joined'].includes(kind))).toEqual([]);
	expect(asked.length).toBeLessThanOrEqual(70);
});

test('of many callbacks at once a few are kept waiting, and one of them gets all tasks', async () => {
	const crowds = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
	await fc.assert(
		fc.asyncProperty(crowds, async (sizes) => {
			const count = sizes.reduce((sum, size) => sum + size);
			const { getTask, asked, finish } = service(ids(count));
			const collector = new Collector(ids(count));
			const coming = ids(count);
			for (const size of sizes) {
				const crowd = coming.splice(0, size);
				crowd.forEach((taskId) => finish(taskId));
				const reports = crowd.map(async (taskId) => await collector.report(taskId, getTask));
				const kinds = (await Promise.all(reports)).map(({ kind }) => kind);
				expect(kinds.filter((kind) => kind !== 'joined').length).toBeLessThanOrEqual(5);
				expect(kinds.includes('all')).toBe(coming.length === 0);
			}
			expect(asked.length).toBeLessThanOrEqual(2 * count);
		}),
	);
});

test('an execution has one collector, which goes when many newer ones come', () => {
	const collectors = new Collectors(2);
	const first = collectors.of('1', () => ['task_1']);
	expect(collectors.of('1', () => ['task_1'])).toBe(first);
	expect(collectors.of('2', () => ['task_2'])).not.toBe(first);
	collectors.of('3', () => ['task_3']);
	expect(collectors.of('1', () => ['task_1'])).not.toBe(first);
});

test('a collector that resumes its execution stays until it is forgotten', () => {
	const collectors = new Collectors(1);
	const resuming = collectors.of('1', () => ['task_1']);
	resuming.resumer = 'task_1';
	collectors.of('2', () => ['task_2']);
	collectors.of('3', () => ['task_3']);
	expect(collectors.of('1', () => ['task_1'])).toBe(resuming);
	collectors.forget('1');
	expect(collectors.of('1', () => ['task_1'])).not.toBe(resuming);
});

test('a task that two items share is waited for once', async () => {
	const { getTask, finish } = service(ids(1));
	finish('task_0');
	const collector = new Collector(['task_0', 'task_0']);
	expect(await collector.report('task_0', getTask)).toMatchObject({ kind: 'all', tasks: [{}] });
});
