/** Wait For Result By = Parked Polling and Callback: the execution is parked, and goes on. */

import type { OnError } from 'n8n-workflow';
import type { Emulator } from '../../emulator/index.mts';
import { API_KEY, type PanelParameters } from '../support/engine/wan.mts';
import { inputItemOf } from '../support/item.mts';
import { required } from '../support/required.mts';
import { AGENT_KINDS } from './agent-kinds.mts';
import { paidPrompts, prompts, taskIdOf } from './batch.mts';
import { finishedItem } from './finished.mts';
import { PARKING_WAYS, parkedScene, taskIdsOf, three } from './parked-scene.mts';
import { ERROR_OUTPUT } from './settings.mts';

const FAIL = { failCode: 'NSFW', failMsg: 'Not for children' };

const refuseTwo = (apixo: Emulator) =>
	apixo.misbehave({ on: 'submit', match: { promptIncludes: 'two' }, do: { httpStatus: 400 } });

describe.each(PARKING_WAYS)('an execution that waits by %s', (way) => {
	test.concurrent(
		'is parked, and goes on with every result in its place',
		parkedScene(async ({ start, outcomeOf, apixo }) => {
			const execution = start(way, three);
			const parked = await execution.parked;
			expect(parked.status).toBe('waiting');
			expect(parked.items('Tested')).toEqual(
				taskIdsOf(apixo).map((taskId) => ({
					taskId,
					state: expect.stringMatching(/^(pending|processing)$/),
					mode: 'text-to-video',
					estimatedCostUsd: 0.5,
				})),
			);
			expect(parked.taskData('Good')).toEqual([]);

			const result = await outcomeOf(execution);
			expect(result.status).toBe('success');
			const expected = taskIdsOf(apixo).map((taskId) => ({
				...finishedItem(apixo, taskId),
				mode: 'text-to-video',
				estimatedCostUsd: 0.5,
			}));
			expect(result.items('Good')).toEqual(expected);
			expect(result.fullItems('Tested').map(inputItemOf)).toEqual([0, 1, 2]);
			expect(['Tested', 'Good'].map((name) => result.taskData(name).length)).toEqual([1, 1]);
			expect(execution.resumed).toBe(1);
			expect(apixo.ledger()).toHaveLength(3);
			expect(result.record).not.toContain(API_KEY);
		}),
	);

	test.concurrent(
		'polls APIXO in proportion to the number of its tasks, not to its square',
		parkedScene(async ({ start, outcomeOf, apixo }) => {
			const items = Array.from({ length: 24 }, (_, index) => ({ prompt: `number ${index}` }));
			const result = await outcomeOf(start(way, { items }));
			expect(result.items('Good')).toHaveLength(24);
			expect(apixo.requests({ kind: 'status' }).length).toBeLessThanOrEqual(3 * 24);
		}),
	);

	test.concurrent(
		'downloads the videos when it goes on',
		parkedScene(async ({ start, outcomeOf }) => {
			const result = await outcomeOf(start(way, three, { download: true }));
			const files = await Promise.all(result.fullItems('Good').map((item) => result.binary(item)));
			expect(files.map(({ length }) => length > 10_000)).toEqual([true, true, true]);
		}),
	);

	test.concurrent(
		'is parked for as long as n8n needs to end it in time, and no longer than its next poll',
		parkedScene(async ({ start }) => {
			const before = Date.now();
			const parked = await start(way, three).parked;
			const waitTill = new Date(required(parked.saved.waitTill, 'end of the wait')).getTime();
			expect(waitTill).toBeGreaterThanOrEqual(before + 62_000);
			expect(waitTill).toBeLessThanOrEqual(Date.now() + 62_000);
		}),
	);

	test.concurrent(
		'fails under On Error = Stop if a task did, and nothing runs after the node',
		parkedScene(async ({ start, outcomeOf, apixo }) => {
			const result = await outcomeOf(start(way, three), { two: FAIL });
			expect(result.status).toBe('error');
			const { message, description } = result.failure;
			expect(message).toContain('Not for children');
			expect(message).toContain(taskIdOf(apixo, 'two'));
			expect(message).toMatch(/\[item 1: ".+"\]/);
			for (const prompt of ['one', 'three']) {
				expect(description).toContain(taskIdOf(apixo, prompt));
			}
			expect(result.taskData('Good')).toEqual([]);
		}),
	);

	test.concurrent.each<[onError: OnError, output: string, pairs: number[]]>([
		['continueRegularOutput', 'Good', [0, 1, 2]],
		['continueErrorOutput', 'Bad', [0, 2]],
	])(
		'says in the item of a task that failed why it did with On Error = %s',
		parkedScene(async ({ start, outcomeOf, apixo }, onError, output, pairs) => {
			const execution = start(way, { ...three, settings: { onError } });
			const result = await outcomeOf(execution, { two: FAIL });
			expect(result.status).toBe('success');
			const item = result.items(output).find(({ error }) => error !== undefined);
			const told = { taskId: taskIdOf(apixo, 'two'), state: 'failed', ...FAIL };
			expect(item?.details).toMatchObject(told);
			expect(result.fullItems('Tested').map(inputItemOf)).toEqual(pairs);
			expect(result.items('Good')).toHaveLength(pairs.length);
			if (output === 'Bad') expect(item?.prompt).toBe('two');
		}),
	);

	test.concurrent(
		'is not parked under On Error = Stop if a submission was refused',
		parkedScene(async ({ start, apixo, retry, charged, n8n }) => {
			const rule = refuseTwo(apixo);
			const execution = start(way, three);
			const result = await execution.final;
			expect(result.status).toBe('error');
			expect(result.failure.message).toMatch(/\[item 1: ".+"\]/);
			expect(execution.resumed).toBe(0);
			rule.remove();
			const plan = { ...execution.plan, workflow: undefined, resumeOrigin: n8n.origin };
			const retried = await retry(result, plan);
			expect(['waiting', 'success']).toContain(retried.status);
			expect(paidPrompts(charged).sort()).toEqual(['one', 'three', 'two']);
		}),
	);

	test.concurrent(
		'is parked for the others with On Error = Continue if one was refused, and says so at the end',
		parkedScene(async ({ start, outcomeOf, apixo }) => {
			refuseTwo(apixo);
			const result = await outcomeOf(start(way, { ...three, ...ERROR_OUTPUT }));
			const expected = ['one', 'three'].map((prompt) => taskIdOf(apixo, prompt));
			expect(result.items('Good').map(({ taskId }) => taskId)).toEqual(expected);
			expect(result.items('Bad')).toMatchObject([{ prompt: 'two', details: { httpCode: 400 } }]);
		}),
	);

	test.concurrent(
		'is not parked with On Error = Continue if all were refused',
		parkedScene(async ({ start, apixo }) => {
			apixo.misbehave({ on: 'submit', do: { httpStatus: 400 } });
			const result = await start(way, { ...three, ...ERROR_OUTPUT }).parked;
			expect(result.status).toBe('success');
			expect(result.items('Bad')).toHaveLength(3);
		}),
	);

	test.concurrent(
		'pays nothing above Max Cost',
		parkedScene(async ({ start, apixo }) => {
			const result = await start(way, three, { options: { maxCost: 1 } }).final;
			expect(result.failure.message).toMatch(/cost/i);
			expect(apixo.requests()).toEqual([]);
		}),
	);

	test.concurrent(
		'makes one video for all items with Execute Once',
		parkedScene(async ({ start, outcomeOf, charged }) => {
			const result = await outcomeOf(start(way, { ...three, settings: { executeOnce: true } }));
			expect(result.items('Good')).toMatchObject([{ state: 'success' }]);
			expect(paidPrompts(charged)).toEqual(['one']);
		}),
	);

	test.concurrent(
		'passes on its videos alone with Always Output Data',
		parkedScene(async ({ start, outcomeOf, apixo }) => {
			const settings = { alwaysOutputData: true };
			const result = await outcomeOf(start(way, { ...three, settings }));
			expect(result.items('Good').map(({ taskId }) => taskId)).toEqual(taskIdsOf(apixo));
			expect(result.taskData('Good')).toHaveLength(1);
		}),
	);

	test.concurrent(
		'makes the videos of each round of a loop, and keeps them apart',
		parkedScene(async ({ n8n, plan, outcomeOf, apixo }) => {
			const { workflow, ...planned } = plan({ waitFor: way });
			const { nodes, connections } = workflow;
			for (const name of ['Round 1', 'Round 2']) {
				nodes.push({ ...nodes[0], id: name, name, type: 'test.sink', parameters: {} });
				connections[name] = { main: [[{ node: 'Tested', type: 'main', index: 0 }]] };
			}
			const rounds = ['Round 1', 'Round 2'].map((node) => ({
				node,
				type: 'main' as const,
				index: 0,
			}));
			connections.Source = { main: [rounds] };
			const result = await outcomeOf(n8n.start({ ...planned, workflow, mode: 'trigger' }));
			const given = result
				.taskData('Tested')
				.flatMap(({ data }) => data?.main[0]?.map(({ json }) => json.taskId));
			expect(given).toEqual(apixo.ledger().map(({ taskId }) => taskId));
			expect(new Set(given).size).toBe(2);
			expect(result.taskData('Good')).toHaveLength(2);
		}),
	);

	test.concurrent.each(AGENT_KINDS)(
		'polls instead as the tool of an agent of the kind "%s"',
		parkedScene(
			async ({ runAsTool, charged }, kind) => {
				const result = await runAsTool(kind, {}, { prompt: 'a fox', waitFor: way });
				expect(result.status).toBe('success');
				expect(JSON.stringify(result.items('Good'))).toContain('/files/');
				expect(charged()).toMatchObject([{ request_type: 'async' }]);
			},
			{ generationMs: 0 },
		),
	);
});

describe('Parked Polling', () => {
	test.concurrent(
		'keeps to Max Parallel Tasks, wave after wave',
		parkedScene(async ({ start, outcomeOf, apixo }) => {
			const items = prompts('one', 'two', 'three', 'four', 'five');
			const execution = start('parked', { items }, { options: { maxParallelTasks: 2 } });
			const parked = await execution.parked;
			expect(parked.items('Tested').map(({ taskId }) => taskId !== undefined)).toEqual([
				...[true, true],
				...[false, false, false],
			]);
			const result = await outcomeOf(execution);
			expect(execution.resumed).toBe(3);
			const expected = items.map(({ prompt }) => taskIdOf(apixo, prompt));
			expect(result.items('Good').map(({ taskId }) => taskId)).toEqual(expected);
			expect(apixo.ledger()).toHaveLength(5);
		}),
	);

	test.concurrent.each<PanelParameters>([{ operation: 'wait' }, { operation: 'generate' }])(
		'needs no public address: %j',
		parkedScene(async ({ start, apixo, outcomeOf, plan, n8n }, { operation }) => {
			const { taskId } = apixo.addTask({ state: 'pending' });
			const resumeOrigin = 'http://10.1.2.3:5678';
			const execution =
				operation === 'wait'
					? n8n.start({
							...plan({ operation, taskId, waitFor: 'parked' }, { resumeOrigin }),
							mode: 'trigger',
						})
					: start('parked', { resumeOrigin, items: prompts('one') });
			expect((await execution.parked).status).toBe('waiting');
			const result = await outcomeOf(execution);
			expect(result.items('Good')).toMatchObject([{ state: 'success' }]);
		}),
	);

	test.concurrent(
		'of Wait finds several tasks, and says which one failed',
		parkedScene(async ({ apixo, outcomeOf, plan, n8n }) => {
			const ids = [1, 2].map(() => apixo.addTask({ state: 'pending' }).taskId);
			const { taskId: failed } = apixo.addTask({ state: 'failed', ...FAIL });
			const items = [...ids, failed].map((taskId) => ({ taskId }));
			const parameters = { operation: 'wait', taskId: '={{ $json.taskId }}', waitFor: 'parked' };
			const execution = n8n.start({
				...plan(parameters, { items, ...ERROR_OUTPUT }),
				mode: 'trigger',
			});
			expect((await execution.parked).status).toBe('waiting');
			const result = await outcomeOf(execution);
			expect(result.items('Good').map(({ taskId }) => taskId)).toEqual(ids);
			expect(result.items('Bad')).toMatchObject([{ taskId: failed, details: FAIL }]);
			expect(apixo.ledger()).toEqual([]);
		}),
	);
});
