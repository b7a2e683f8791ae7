'use strict';

const { built } = require('../built');
const { Deduplication } = built('callback/deduplication');

/** n8n's side: a workflow's static data is stored as JSON. */
function trigger(workflow = 'w1') {
	let stored = '{}';
	return (work) => {
		const data = JSON.parse(stored);
		const result = work(
			new Deduplication({
				getWorkflowStaticData: () => data,
				getWorkflow: () => ({ id: workflow }),
				getNode: () => ({ id: 'n1' }),
			}),
		);
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
	const [here, elsewhere] = [trigger('here'), trigger('elsewhere')];
	const begin = (known) => known.begin('task_1.success');
	expect([here(begin), here(begin), elsewhere(begin)]).toEqual([true, false, true]);
	here((known) => known.end('task_1.success'));
	expect(here(begin)).toBe(true);
});

test('static data that someone else has filled does no harm', () => {
	const data = { handled: 'odd' };
	const known = new Deduplication({
		getWorkflowStaticData: () => data,
		getWorkflow: () => ({ id: 'w' }),
		getNode: () => ({ id: 'n' }),
	});
	expect(known.isHandled('task_1.success')).toBe(false);
	known.remember('task_1.success');
	expect(known.isHandled('task_1.success')).toBe(true);
});
