/**
 * The deadline of an execution that is parked. Time is moved forward, for the node and for APIXO
 * alike: so these tests run one by one, in a file of their own.
 */

import type { OnError } from 'n8n-workflow';
import { retryPlan, type Execution, type RunResult } from '../support/engine/index.mts';
import { toldBy } from '../support/engine/wan.mts';
import { inputItemOf } from '../support/item.mts';
import { required } from '../support/required.mts';
import { paidPrompts, taskIdOf } from './batch.mts';
import { errorText } from './error-text.mts';
import { PARKING_WAYS, parkedScene, taskIdsOf, three } from './parked-scene.mts';
import { RETRY_ON_FAIL } from './settings.mts';

const TIMEOUT = { options: { timeout: 20 } };
const TIMEOUT_MS = 20 * 60_000;

const { now } = Date;
let offsetMs = 0;

beforeEach(() => {
	offsetMs = 0;
	jest.spyOn(Date, 'now').mockImplementation(() => now() + offsetMs);
});

afterEach(() => jest.restoreAllMocks());

/** Lets n8n resume the execution when it is due, and then at its deadline, until it is over. */
async function letTimePass(execution: Execution): Promise<RunResult> {
	const { saved } = await execution.parked;
	const due = new Date(required(saved.waitTill, 'end of the wait')).getTime();
	offsetMs += due - Date.now();
	await execution.expire();
	while (execution.state === 'waiting') {
		offsetMs += TIMEOUT_MS;
		await execution.expire();
	}
	return await execution.final;
}

describe.each(PARKING_WAYS)('at the deadline of an execution that waits by %s', (way) => {
	test(
		'it fails under On Error = Stop, and names every task',
		parkedScene(async ({ start, apixo }) => {
			const execution = start(way, three, TIMEOUT);
			const result = await letTimePass(execution);
			expect(execution.resumed).toBe(2);
			expect(result.status).toBe('error');
			const told = errorText(result.failure);
			for (const taskId of taskIdsOf(apixo)) expect(told).toContain(taskId);
			expect(told).toMatch(/was not finished in time.*Wait or the Get operation/s);
			expect(result.taskData('Good')).toEqual([]);
		}),
	);

	test.each<[onError: OnError, output: string, failed: number[]]>([
		['continueRegularOutput', 'Good', [0, 2]],
		['continueErrorOutput', 'Bad', [0, 1]],
	])(
		'what is finished comes out, and what is not says so in its item: On Error = %s',
		parkedScene(async ({ start, apixo }, onError, output, failed) => {
			apixo.misbehave({ on: 'callback', do: { lose: true } });
			const execution = start(way, { ...three, settings: { onError } }, TIMEOUT);
			await execution.parked;
			apixo.finish(taskIdOf(apixo, 'two'));
			const result = await letTimePass(execution);
			expect(result.status).toBe('success');
			const good = result.items('Good').filter(({ error }) => error === undefined);
			expect(good).toMatchObject([{ taskId: taskIdOf(apixo, 'two'), state: 'success' }]);
			const told = result.items(output);
			for (const [index, prompt] of ['one', 'three'].entries()) {
				const item = required(told[failed[index]], 'item');
				expect(item.details).toMatchObject({ taskId: taskIdOf(apixo, prompt) });
				expect(toldBy(item)).toMatch(/was not finished in time.*Wait or the Get operation/s);
			}
			const pairs = result.fullItems('Tested', 0).map(inputItemOf);
			expect(pairs).toEqual(output === 'Bad' ? [1] : [0, 1, 2]);
			if (output === 'Bad') expect(told.map(({ prompt }) => prompt)).toEqual(['one', 'three']);
		}),
	);

	test(
		'a task that ended in the last minute comes out',
		parkedScene(async ({ start, apixo }) => {
			apixo.misbehave({ on: 'callback', do: { lose: true } });
			const execution = start(way, three, TIMEOUT);
			await execution.parked;
			offsetMs = TIMEOUT_MS;
			for (const taskId of taskIdsOf(apixo)) apixo.finish(taskId);
			const result = await execution.expire();
			expect(result.items('Good').map(({ taskId }) => taskId)).toEqual(taskIdsOf(apixo));
		}),
	);

	test(
		'Retry gives the same tasks more time, and pays nothing',
		parkedScene(async ({ start, n8n, apixo, outcomeOf }) => {
			const execution = start(way, three, TIMEOUT);
			const failed = await letTimePass(execution);
			const { plan } = execution;
			const again = n8n.start(retryPlan(failed, { ...plan, workflow: undefined }));
			const result = await outcomeOf(again);
			expect(result.items('Good').map(({ taskId }) => taskId)).toEqual(taskIdsOf(apixo));
			expect(apixo.ledger()).toHaveLength(3);
		}),
	);

	test(
		'it ends although Retry On Fail has tries left after each time it was parked',
		parkedScene(async ({ start, charged }) => {
			const execution = start(way, { ...three, settings: RETRY_ON_FAIL }, TIMEOUT);
			const result = await letTimePass(execution);
			expect(result.status).toBe('error');
			expect(execution.resumed).toBeLessThanOrEqual(4);
			expect(paidPrompts(charged).sort()).toEqual(['one', 'three', 'two']);
		}),
	);
});
