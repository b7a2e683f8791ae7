/** Retry of an execution that was parked: what was paid for is picked up, and nothing is paid twice. */

import type { OnError } from 'n8n-workflow';
import { retryPlan, type Execution, type RunResult } from '../support/engine/index.mts';
import type { PanelParameters } from '../support/engine/wan.mts';
import { byPrompt, paidPrompts, prompts, taskIdOf } from './batch.mts';
import { errorText } from './error-text.mts';
import { PARKING_WAYS, parkedScene, taskIdsOf, three, type ParkedScene } from './parked-scene.mts';
import { RETRY_ON_FAIL } from './settings.mts';

const FAIL = { failCode: 'NSFW', failMsg: 'Not for children' };

/** n8n's Retry, which may be parked in turn; `parameters`: of the workflow as it is now, if it is that. */
function retried(
	{ n8n, plan }: ParkedScene,
	execution: Execution,
	result: RunResult,
	parameters?: PanelParameters,
): Execution {
	// It was stopped, or killed, if it is not over yet.
	execution.state = 'finished';
	const workflow = parameters && plan(parameters, three).workflow;
	return n8n.start(retryPlan(result, { ...execution.plan, workflow }));
}

describe.each(PARKING_WAYS)('Retry of an execution that waited by %s', (way) => {
	const same = { ...byPrompt, waitFor: way };

	test.concurrent.each<[name: string, parameters?: PanelParameters]>([
		['the original workflow'],
		['the current workflow', same],
		['another way to wait', { ...same, waitFor: 'polling' }],
	])(
		'after a task failed replaces that one alone, with %s',
		parkedScene(async (stage, _name, parameters) => {
			const { start, outcomeOf, apixo, charged } = stage;
			const execution = start(way, three);
			const failed = await outcomeOf(execution, { two: FAIL });
			expect(failed.status).toBe('error');
			apixo.setGeneration(0);
			const result = await outcomeOf(retried(stage, execution, failed, parameters));
			expect(result.items('Good')).toHaveLength(3);
			expect(result.items('Good')[0].taskId).toBe(taskIdOf(apixo, 'one'));
			expect(paidPrompts(charged).sort()).toEqual(['one', 'three', 'two', 'two']);
		}),
	);

	test.concurrent.each(['polling', way])(
		'with a corrected prompt pays for that item alone, waiting by %s',
		parkedScene(async (stage, waitFor) => {
			const { start, outcomeOf, apixo, charged } = stage;
			const execution = start(way, three);
			const failed = await outcomeOf(execution, { two: FAIL });
			apixo.setGeneration(0);
			const prompt = '={{ $json.prompt === "two" ? "a decent two" : $json.prompt }}';
			const result = await outcomeOf(retried(stage, execution, failed, { prompt, waitFor }));
			const expected = ['one', 'a decent two', 'three'].map((text) => taskIdOf(apixo, text));
			expect(result.items('Good').map(({ taskId }) => taskId)).toEqual(expected);
			expect(paidPrompts(charged).sort()).toEqual(['a decent two', 'one', 'three', 'two']);
		}),
	);

	test.concurrent(
		'after a failed download downloads again, and pays nothing',
		parkedScene(async (stage) => {
			const { start, outcomeOf, apixo } = stage;
			const rule = apixo.misbehave({ on: 'file', do: { httpStatus: 404 } });
			const execution = start(way, three, { download: true });
			const failed = await outcomeOf(execution);
			expect(failed.failure.message).toMatch(/could not be downloaded/);
			rule.remove();
			const result = await outcomeOf(retried(stage, execution, failed));
			expect(result.items('Good').map(({ taskId }) => taskId)).toEqual(taskIdsOf(apixo));
			expect(result.fullItems('Good').every(({ binary }) => binary?.data)).toBe(true);
			expect(apixo.ledger()).toHaveLength(3);
		}),
	);

	test.concurrent.each<[which: string, parameters?: PanelParameters]>([
		['original'],
		['current', same],
	])(
		'that was stopped while it was parked goes on with its tasks: %s workflow',
		parkedScene(async (stage, _which, parameters) => {
			const { start, outcomeOf, apixo } = stage;
			const execution = start(way, three);
			const parked = await execution.parked;
			const result = await outcomeOf(retried(stage, execution, parked, parameters));
			expect(result.status).toBe('success');
			expect(result.items('Good').map(({ taskId }) => taskId)).toEqual(taskIdsOf(apixo));
			for (const { error } of result.fullItems('Good')) expect(error).toBeUndefined();
			expect(apixo.ledger()).toHaveLength(3);
		}),
	);
});

describe('an execution that was killed after it had gone on', () => {
	const items = prompts('one', 'two', 'three', 'four');

	test.concurrent.each<[onError: OnError, output: string]>([
		['continueErrorOutput', 'Bad'],
		['stopWorkflow', ''],
	])(
		'submits nothing anew that may have begun, and picks up the rest, On Error = %s',
		parkedScene(async (stage, onError, output) => {
			const { start, outcomeOf, apixo } = stage;
			const more = { items, settings: { onError } };
			const execution = start('parked', more, { options: { maxParallelTasks: 2 } });
			// This is what n8n has in its database, when it is killed …
			const saved = await execution.parked;
			for (const { taskId } of apixo.tasks()) apixo.finish(taskId);
			// … and after this, two more were paid for.
			await execution.expire();
			expect(apixo.ledger()).toHaveLength(4);

			const result = await outcomeOf(retried(stage, execution, saved));
			expect(apixo.ledger()).toHaveLength(4);
			if (onError === 'stopWorkflow') {
				const told = errorText(result.failure);
				expect(told).toMatch(/not known whether this item was.*\[item 2: ".+"\]/);
				for (const prompt of ['one', 'two']) expect(told).toContain(taskIdOf(apixo, prompt));
				return;
			}
			const expected = ['one', 'two'].map((prompt) => taskIdOf(apixo, prompt));
			expect(result.items('Good').map(({ taskId }) => taskId)).toEqual(expected);
			expect(result.items(output).map(({ prompt }) => prompt)).toEqual(['three', 'four']);
			for (const { error } of result.items(output)) expect(error).toMatch(/may|not known/);
		}),
	);

	test.concurrent(
		'loses nothing if all of it was submitted before it was parked',
		parkedScene(async (stage) => {
			const { start, outcomeOf, apixo } = stage;
			const execution = start('callback', three);
			const saved = await execution.parked;
			await execution.expire();
			const result = await outcomeOf(retried(stage, execution, saved));
			expect(result.items('Good').map(({ taskId }) => taskId)).toEqual(taskIdsOf(apixo));
			expect(apixo.ledger()).toHaveLength(3);
		}),
	);
});

describe.each(PARKING_WAYS)('Retry On Fail of an execution that waits by %s', (way) => {
	test.concurrent.each<OnError>(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'])(
		'pays for a task that always fails no more often than it has tries, and ends: On Error = %s',
		parkedScene(async ({ start, outcomeOf, charged }, onError) => {
			const settings = { ...RETRY_ON_FAIL, onError };
			const execution = start(way, { items: prompts('one', 'two'), settings });
			const result = await outcomeOf(execution, { one: FAIL });
			expect(paidPrompts(charged).sort()).toEqual(['one', 'one', 'one', 'two']);
			const told = JSON.stringify([result.error, result.items('Good'), result.items('Bad')]);
			expect(told).toContain('Not for children');
		}),
	);

	test.concurrent(
		'gets what the next try makes, and pays for nothing else again',
		parkedScene(async ({ start, outcomeOf, apixo, charged }) => {
			const match = { promptIncludes: 'one' };
			apixo.misbehave({ on: 'submit', match, times: 1, do: { httpStatus: 400 } });
			const result = await outcomeOf(start(way, { ...three, settings: RETRY_ON_FAIL }));
			expect(result.items('Good').map(({ taskId }) => taskId)).toEqual(taskIdsOf(apixo));
			expect(charged()).toHaveLength(3);
		}),
	);
});
