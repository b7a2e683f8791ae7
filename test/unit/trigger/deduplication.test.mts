import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

const inNewProcess = () => {
	let module;
	jest.isolateModules(() => (module = load('../../../nodes/WanVideo/callback/deduplication.ts')));
	return module.Deduplication;
};

const ANSWERED = { headersSent: true, statusCode: 200 };

const contextOf = (data, workflow = 'w1', response = ANSWERED) => ({
	getWorkflowStaticData: () => data,
	getWorkflow: () => ({ id: workflow }),
	getNode: () => ({ id: 'n1' }),
	getResponseObject: () => response,
});

/** n8n's side: a workflow's static data is stored as JSON, and outlives the process. */
function trigger() {
	let stored = '{}';
	return async (work) => {
		const data = JSON.parse(stored);
		const Deduplication = inNewProcess();
		const result = await work(new Deduplication(contextOf(data)));
		stored = JSON.stringify(data);
		return result;
	};
}

test('a report that was handled is known after a restart', async () => {
	const restarted = trigger();
	expect(await restarted((known) => known.isHandled('task_1.success'))).toBe(false);
	await restarted(async (known) => await known.remember('task_1.success'));
	expect(await restarted((known) => known.isHandled('task_1.success'))).toBe(true);
	expect(await restarted((known) => known.isHandled('task_1.failed'))).toBe(false);
});

test('the newest reports are kept, and their number is bounded', async () => {
	const restarted = trigger();
	const report = (index) => `task_${index}.success`;
	await restarted(async (known) => {
		for (let index = 0; index < 2_000; index += 1) await known.remember(report(index));
	});
	expect(await restarted((known) => known.isHandled(report(1_999)))).toBe(true);
	expect(await restarted((known) => known.isHandled(report(1_600)))).toBe(true);
	expect(await restarted((known) => known.isHandled(report(0)))).toBe(false);
});

test('a report that is being handled is not begun a second time, until it has ended', () => {
	const Deduplication = inNewProcess();
	const at = (workflow) => (work) => work(new Deduplication(contextOf({}, workflow)));
	const [here, elsewhere] = [at('here'), at('elsewhere')];
	const begin = (known) => known.begin('task_1.success');
	expect([here(begin), here(begin), elsewhere(begin)]).toEqual([true, false, true]);
	here((known) => known.end('task_1.success'));
	expect(here(begin)).toBe(true);
});

test('static data that someone else has filled does no harm', async () => {
	const data = { handled: 'odd' };
	const Deduplication = inNewProcess();
	const known = new Deduplication(contextOf(data));
	expect(known.isHandled('task_1.success')).toBe(false);
	await known.remember('task_1.success');
	expect(known.isHandled('task_1.success')).toBe(true);
});

describe('while n8n starts the workflow', () => {
	const settled = async () => await new Promise((resolve) => setTimeout(resolve, 30));

	test('the change is made again, since n8n forgets that there was one, until it has answered', async () => {
		const Deduplication = inNewProcess();
		let changes = 0;
		const data = {
			set handled(_) {
				changes += 1;
			},
		};
		const response = { headersSent: false };
		await new Deduplication(contextOf(data, 'w1', response)).remember('task_1.success');
		await settled();
		expect(changes).toBeGreaterThan(2);
		Object.assign(response, ANSWERED);
		await settled();
		const changesThen = changes;
		await settled();
		expect(changes).toBe(changesThen);
	});

	test('callbacks that come together take turns, and none overwrites what another has saved', async () => {
		const Deduplication = inNewProcess();
		const response = { headersSent: false };
		const [first, second] = [{}, {}];
		await new Deduplication(contextOf(first, 'w1', response)).remember('task_1.success');
		let isSecondBegun = false;
		const remembering = new Deduplication(contextOf(second))
			.remember('task_2.success')
			.then(() => (isSecondBegun = true));
		await settled();
		expect([isSecondBegun, second.handled]).toEqual([false, undefined]);
		Object.assign(response, ANSWERED);
		await remembering;
		expect(second.handled).toEqual(['task_1.success', 'task_2.success']);
	});

	test('a report whose workflow n8n could not start is not taken for handled by others', async () => {
		const Deduplication = inNewProcess();
		const response = { headersSent: true, statusCode: 500 };
		await new Deduplication(contextOf({}, 'w1', response)).remember('task_1.success');
		const later = {};
		await new Deduplication(contextOf(later)).remember('task_2.success');
		await settled();
		expect(later.handled).toEqual(['task_2.success']);
	});
});
