import fc from 'fast-check';
import { bad, taskIn } from './fakes.mts';
import { Gathering, Gatherings } from '../../../nodes/WanVideo/waiting/gathering.ts';

/** APIXO with some tasks, of which more and more are final, and a count of the looks. */
function service(taskIds) {
	const states = new Map(taskIds.map((taskId) => [taskId, 'processing']));
	const looks = [];
	const look = async (taskId) => {
		looks.push(taskId);
		await null;
		return taskIn(states.get(taskId), { taskId });
	};
	return { look, looks, finish: (taskId, state = 'success') => states.set(taskId, state) };
}

const ids = (count) => Array.from({ length: count }, (_, index) => `task_${index}`);

test('all tasks come in their own order, once the last one is final', async () => {
	const { look, finish } = service(ids(3));
	const gathering = new Gathering(ids(3));
	finish('task_2');
	expect(await gathering.report('task_2', look)).toEqual({ kind: 'noted' });
	finish('task_0', 'failed');
	expect(await gathering.report('task_0', look)).toEqual({ kind: 'noted' });
	finish('task_1');
	const { kind, tasks } = await gathering.report('task_1', look);
	expect(kind).toBe('all');
	expect(tasks.map(({ taskId, state }) => [taskId, state])).toEqual([
		['task_0', 'failed'],
		['task_1', 'success'],
		['task_2', 'success'],
	]);
});

test('a callback that was lost does not hold up the others', async () => {
	const { look, finish } = service(ids(3));
	const gathering = new Gathering(ids(3));
	ids(3).forEach((taskId) => finish(taskId));
	expect((await gathering.report('task_1', look)).kind).toBe('all');
});

test('a report is not believed: APIXO says that the task is unfinished', async () => {
	const { look, looks } = service(ids(2));
	expect(await new Gathering(ids(2)).report('task_1', look)).toEqual({ kind: 'unconfirmed' });
	expect(looks).toEqual(['task_1']);
});

test('trouble with APIXO is told, not taken for an answer, and passes', async () => {
	const { look, finish } = service(ids(1));
	finish('task_0');
	const gathering = new Gathering(ids(1));
	const troubled = await gathering.report('task_0', async () => bad({ message: 'no luck' }));
	expect(troubled).toMatchObject({ kind: 'trouble', failure: { message: 'no luck' } });
	expect((await gathering.report('task_0', look)).kind).toBe('all');
});

test('a late callback for a task that is known needs no further question', async () => {
	const { look, looks, finish } = service(ids(2));
	const gathering = new Gathering(ids(2));
	finish('task_0');
	await gathering.report('task_0', look);
	const before = looks.filter((taskId) => taskId === 'task_0').length;
	expect(await gathering.report('task_0', look)).toEqual({ kind: 'noted' });
	expect(looks.filter((taskId) => taskId === 'task_0')).toHaveLength(before);
});

test('in whatever order tasks finish, the questions grow with the tasks, not with their square', async () => {
	const orders = fc
		.integer({ min: 1, max: 120 })
		.chain((count) => fc.shuffledSubarray(ids(count), { minLength: count, maxLength: count }));
	await fc.assert(
		fc.asyncProperty(orders, async (order) => {
			const { look, looks, finish } = service(order);
			const gathering = new Gathering(ids(order.length));
			for (const [index, taskId] of order.entries()) {
				finish(taskId);
				const { kind } = await gathering.report(taskId, look);
				expect(kind).toBe(index === order.length - 1 ? 'all' : 'noted');
			}
			expect(looks.length).toBeLessThanOrEqual(2 * order.length);
		}),
	);
});

test('callbacks that come in a crowd ask about once for each task, and all learn the end', async () => {
	const { look, looks, finish } = service(ids(60));
	ids(60).forEach((taskId) => finish(taskId));
	const gathering = new Gathering(ids(60));
	const all = await Promise.all(
		ids(60).map(async (taskId) => await gathering.report(taskId, look)),
	);
	expect(all.map(({ kind }) => kind)).toContain('all');
	expect(all.filter(({ kind }) => !['all', 'noted', 'joined'].includes(kind))).toEqual([]);
	expect(looks.length).toBeLessThanOrEqual(70);
});

test('of a crowd a few are kept waiting; they speak for the others, however callbacks come together', async () => {
	const crowds = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
	await fc.assert(
		fc.asyncProperty(crowds, async (sizes) => {
			const count = sizes.reduce((sum, size) => sum + size);
			const { look, looks, finish } = service(ids(count));
			const gathering = new Gathering(ids(count));
			const coming = ids(count);
			for (const size of sizes) {
				const crowd = coming.splice(0, size);
				crowd.forEach((taskId) => finish(taskId));
				const reports = crowd.map(async (taskId) => await gathering.report(taskId, look));
				const kinds = (await Promise.all(reports)).map(({ kind }) => kind);
				expect(kinds.filter((kind) => kind !== 'joined').length).toBeLessThanOrEqual(5);
				expect(kinds.includes('all')).toBe(coming.length === 0);
			}
			expect(looks.length).toBeLessThanOrEqual(2 * count);
		}),
	);
});

test('an execution has one gathering, which goes when many newer ones come', () => {
	const gatherings = new Gatherings(2);
	const first = gatherings.of('1', () => ['task_1']);
	expect(gatherings.of('1', () => ['task_1'])).toBe(first);
	expect(gatherings.of('2', () => ['task_2'])).not.toBe(first);
	gatherings.of('3', () => ['task_3']);
	expect(gatherings.of('1', () => ['task_1'])).not.toBe(first);
});

test('a gathering that resumes its execution stays until it is forgotten', () => {
	const gatherings = new Gatherings(1);
	const resuming = gatherings.of('1', () => ['task_1']);
	resuming.resumer = 'task_1';
	gatherings.of('2', () => ['task_2']);
	gatherings.of('3', () => ['task_3']);
	expect(gatherings.of('1', () => ['task_1'])).toBe(resuming);
	gatherings.forget('1');
	expect(gatherings.of('1', () => ['task_1'])).not.toBe(resuming);
});

test('a task that two items share is waited for once', async () => {
	const { look, finish } = service(ids(1));
	finish('task_0');
	const gathering = new Gathering(['task_0', 'task_0']);
	expect(await gathering.report('task_0', look)).toMatchObject({ kind: 'all', tasks: [{}] });
});
