import type { INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';
import { legacyInput, legacyItems } from '../../../nodes/WanVideo/wait/legacy.ts';
import { NODE } from '../support/contexts.mts';
import { runOver } from '../support/run.mts';
import { standIn } from '../support/standIn.mts';

const FACTS = { mode: 'text-to-video', estimatedCostUsd: 0.5 };
const DELIVERY = { simplify: true };

/** What version 0.1 parked for a task, and for an item that was refused. */
const ofTask = (taskId: string): INodeExecutionData =>
	Object.assign(
		{
			json: {
				error: `Task ${taskId} was not reported finished within 20 minutes`,
				details: { taskId, state: 'pending', hint: 'Fetch it' },
			},
		},
		{ ticket: { batch: '1', facts: FACTS, delivery: DELIVERY } },
	);
const REFUSED: INodeExecutionData = {
	json: { error: 'Prompt is empty [item 1]', details: { httpCode: 400, hint: 'Write one' } },
};
const PARKED = [ofTask('task_1'), REFUSED, ofTask('task_2')];

describe('an execution that version 0.1 parked', () => {
	/** A call of APIXO to it, and the entry that n8n would go on with. */
	function called(items: INodeExecutionData[], taskId: string) {
		const entry = {
			node: { ...NODE, disabled: true },
			data: { main: [items] },
			metadata: { resumeError: new Error('Nobody called') },
		};
		const context = Object.assign(standIn<IWebhookFunctions>({}), {
			runExecutionData: { executionData: { nodeExecutionStack: [entry] } },
		});
		return { entry, input: legacyInput(context, taskId) };
	}

	test('runs the node again at the first report, instead of ending as it was parked', () => {
		const { entry, input } = called(PARKED, 'task_2');
		expect(input).toBe(PARKED);
		expect(entry.node).not.toHaveProperty('disabled');
		expect(entry.metadata).toEqual({});
	});

	test.each([
		['another task', PARKED, 'task_3'],
		['an item without a ticket', [REFUSED], 'task_1'],
		['nothing', [], 'task_1'],
	])('stays as it is at a report that is for %s', (_, items, taskId) => {
		const { entry, input } = called(items, taskId);
		expect(input).toBeUndefined();
		expect(entry.node.disabled).toBe(true);
		expect(entry.metadata).toHaveProperty('resumeError');
	});

	test('goes on with its tasks and what had failed, and polls at once', () => {
		const { run } = runOver([{}, {}, {}], 'stopWorkflow', { getInputData: () => PARKED });
		const now = run.clock.now();
		const awaited = (taskId: string) => ({
			kind: 'awaited',
			terms: { output: DELIVERY, facts: FACTS, timeoutMs: 1_200_000 },
			task: { taskId, nextPoll: now, deadline: now + 1_200_000 },
			isReported: true,
		});
		expect(legacyItems(run)?.items).toMatchObject([
			awaited('task_1'),
			{
				kind: 'failed',
				failure: { message: 'Prompt is empty', hint: 'Write one', details: { httpCode: 400 } },
			},
			awaited('task_2'),
		]);
		expect([...run.tasks]).toEqual([
			[0, 'task_1'],
			[2, 'task_2'],
		]);
	});
});

test('other input is none of version 0.1, whatever its fields are called', () => {
	const { run } = runOver([{}], 'stopWorkflow', { getInputData: () => [{ json: { ticket: 1 } }] });
	expect(legacyItems(run)).toBeUndefined();
});
