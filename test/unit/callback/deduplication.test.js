'use strict';

const { built } = require('../built');

const inNewProcess = () => {
	let module;
	jest.isolateModules(() => (module = built('callback/deduplication')));
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
	return (work) => {
		const data = JSON.parse(stored);
		const Deduplication = inNewProcess();
		const result = work(new Deduplication(contextOf(data)));
		stored = JSON.stringify(data);
		return result;
	};
}

test('a report that was handled is known after a restart', () => {
	const restarted = trigger();
	expect(restarted((known) => known.isHandled('task_1.success'))).toBe(false);
	restarted((known) => known.remember('task_1.success'));
	expect(restarted((known) => known.isHandled('task_1.success'))).toBe(true);
	expect(restarted((known) => known.isHandled('task_1.failed'))).toBe(false);
});

test('the newest reports are kept, and their number is bounded', () => {
	const restarted = trigger();
	const report = (index) => `task_${index}.success`;
	restarted((known) => {
		for (let index = 0; index < 2_000; index += 1) known.remember(report(index));
	});
	expect(restarted((known) => known.isHandled(report(1_999)))).toBe(true);
	expect(restarted((known) => known.isHandled(report(1_600)))).toBe(true);
	expect(restarted((known) => known.isHandled(report(0)))).toBe(false);
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

test('static data that someone else has filled does no harm', () => {
	const data = { handled: 'odd' };
	const Deduplication = inNewProcess();
	const known = new Deduplication(contextOf(data));
	expect(known.isHandled('task_1.success')).toBe(false);
	known.remember('task_1.success');
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
		new Deduplication(contextOf(data, 'w1', response)).remember('task_1.success');
		await settled();
		expect(changes).toBeGreaterThan(2);
		Object.assign(response, ANSWERED);
		await settled();
		const changesThen = changes;
		await settled();
		expect(changes).toBe(changesThen);
	});

	test('what a callback that came at the same time has saved is not overwritten', async () => {
		const Deduplication = inNewProcess();
		const response = { headersSent: false };
		const [first, second] = [{}, {}];
		new Deduplication(contextOf(second, 'w1', response)).remember('task_2.success');
		new Deduplication(contextOf(first)).remember('task_1.success');
		await settled();
		expect(second.handled.sort()).toEqual(['task_1.success', 'task_2.success']);
		expect(first.handled).toEqual(['task_1.success']);
		Object.assign(response, ANSWERED);
	});

	test('a report whose workflow n8n could not start is not taken for handled by others', async () => {
		const Deduplication = inNewProcess();
		const response = { headersSent: true, statusCode: 500 };
		new Deduplication(contextOf({}, 'w1', response)).remember('task_1.success');
		const later = {};
		new Deduplication(contextOf(later)).remember('task_2.success');
		await settled();
		expect(later.handled).toEqual(['task_2.success']);
	});
});
