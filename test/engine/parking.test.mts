/**
 * What parking relies on in n8n's engine, shown with small nodes that use the built package's own
 * `parking.ts`: should n8n change, these fail first. See harness.test.mts for the rest.
 */

import { createRequire } from 'node:module';
import path from 'node:path';
import { NodeOperationError, sleep, type OnError } from 'n8n-workflow';
import { repoDir } from '../../tools/shared/paths.mts';
import {
	retryPlan,
	runWorkflow,
	startN8n,
	type Execution,
	type N8nStandIn,
	type RunResult,
} from '../support/engine/index.mts';
import { nodeExecutionStack } from '../support/engine/retry.mts';
import { throughDatabase } from '../support/engine/workflow.mts';
import { inputItemOf } from '../support/item.mts';
import { probe, type Execute, type ProbeOptions } from './probe.mts';

type Parking = typeof import('../../nodes/WanVideo/wait/parking.ts');

const load = createRequire(import.meta.url);
const { PARKED_WEBHOOKS, park, parkingFault, wakeUrlOf }: Parking = load(
	path.join(repoDir, 'dist/nodes/WanVideo/wait/parking.js'),
);

/** What the probe does once it is not parked any more. */
type Ending = 'passes on' | 'throws' | 'fails an item';

/** Parks so many times, and then ends; what it is shows in its items. */
const parking = (times: number, ending: Ending = 'passes on'): Execute =>
	async function () {
		expect(parkingFault(this)).toBeUndefined();
		const store = this.getContext('node');
		const parks = Number(store.parks ?? 0);
		if (parks < times) {
			store.parks = parks + 1;
			const unless = (item: number) =>
				new NodeOperationError(this.getNode(), `Item ${item} was not run again`);
			expect(await park(this, Date.now() + 62_000, unless)).toBe(true);
			return [[{ json: { url: wakeUrlOf(this) } }]];
		}
		if (ending === 'throws') throw new NodeOperationError(this.getNode(), 'It was no use');
		return [
			this.getInputData().map(({ json }, item) => ({
				json:
					ending === 'fails an item' && item === 0
						? { error: 'It was no use', details: { taskId: 'task_1' } }
						: { ...json, parks },
				pairedItem: { item },
			})),
		];
	};

const wakes: ProbeOptions['webhook'] = async () => ({ workflowData: [] });

const items = [{ name: 'a' }, { name: 'b' }];

const plan = (execute: Execute, settings?: ProbeOptions) =>
	probe(execute, {
		items,
		description: { webhooks: PARKED_WEBHOOKS },
		webhook: wakes,
		...settings,
	});

const post = async (url: string) => (await fetch(url, { method: 'POST', body: '{}' })).status;

const urlIn = (result: RunResult) => String(result.items('Tested')[0].url);

let n8n: N8nStandIn;
beforeAll(async () => {
	n8n = await startN8n();
});
afterAll(async () => await n8n.close());

async function parked(execute: Execute, settings?: ProbeOptions) {
	const execution = n8n.start(plan(execute, settings));
	const result = await execution.parked;
	expect(result.status).toBe('waiting');
	return { execution, result };
}

/** The node ran once as far as the record tells, and what follows ran once, with all items in pairs. */
function expectOneRun(result: RunResult, parks: number) {
	expect(result.status).toBe('success');
	expect(result.items('Good')).toEqual(items.map((item) => ({ ...item, parks })));
	expect(result.fullItems('Tested').map(inputItemOf)).toEqual([0, 1]);
	expect(['Source', 'Tested', 'Good'].map((name) => result.taskData(name).length)).toEqual([
		...[1, 1, 1],
	]);
}

test('a parked execution is stored as waiting, and nothing runs after the node', async () => {
	const result = await runWorkflow({ ...plan(parking(1)), resumeOrigin: 'https://n8n.test' });
	expect(result.status).toBe('waiting');
	expect(urlIn(result)).toMatch(
		/^https:\/\/n8n\.test\/webhook-waiting\/\d+\/wan-video\?signature=/,
	);
	expect(result.taskData('Good')).toEqual([]);
	const [first, again, present, ...others] = nodeExecutionStack(result.saved.data);
	expect([first.data.main, first.node.name]).toEqual([[], 'Source']);
	expect(again).toEqual(first);
	expect(present.node.name).toBe('Tested');
	expect(present.data.main[0]?.map(({ json }) => json)).toEqual(items);
	expect(others).toEqual([]);
});

describe('the node runs again', () => {
	test('at its time, as often as it parks', async () => {
		const { execution } = await parked(parking(2));
		expect((await execution.expire()).taskData('Good')).toEqual([]);
		expectOneRun(await execution.expire(), 2);
	});

	test('when its webhook is called, as often as it parks', async () => {
		const { execution, result } = await parked(parking(2));
		expect(await post(urlIn(result))).toBe(200);
		while (execution.state !== 'waiting') await sleep(10);
		expect(await post(urlIn(result))).toBe(200);
		expectOneRun(await execution.final, 2);
	});

	test('once, though it was called twice', async () => {
		const { execution, result } = await parked(parking(1));
		await Promise.all([post(urlIn(result)), post(urlIn(result))]);
		expectOneRun(await execution.final, 1);
		expect(execution.resumed).toBe(1);
		expect(await post(urlIn(result))).toBe(409);
	});

	test.each<[name: string, settings: ProbeOptions]>([
		['Always Output Data', { alwaysOutputData: true }],
		['Retry On Fail', { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 }],
		['On Error = Continue', { onError: 'continueRegularOutput' }],
		['On Error = Continue (using error output)', { onError: 'continueErrorOutput' }],
	])('and passes on its items once with %s', async (_, settings) => {
		const { execution } = await parked(parking(2), settings);
		await execution.expire();
		const result = await execution.expire();
		expectOneRun(result, 2);
		expect(result.items('Bad')).toEqual([]);
	});

	test('with its first item alone where Execute Once is set', async () => {
		const { execution } = await parked(parking(1), { executeOnce: true });
		expect((await execution.expire()).items('Good')).toEqual([{ name: 'a', parks: 1 }]);
	});
});

test('a call elsewhere, without the token, or while the execution runs is refused', async () => {
	const { execution, result } = await parked(parking(1));
	const url = urlIn(result);
	expect(await post(url.replace('/wan-video', '/approval'))).toBe(404);
	expect(await post(url.replace(/signature=.*/, ''))).toBe(401);
	expect(execution.state).toBe('waiting');
	const running = n8n.start(
		plan(async () => {
			await sleep(200);
			return [[]];
		}),
	);
	expect(await post(`${n8n.origin}/webhook-waiting/${running.id}/wan-video`)).toBe(409);
	await running.final;
});

describe('a node that fails after it was parked', () => {
	test('fails the execution, and nothing runs after it', async () => {
		const { execution } = await parked(parking(1, 'throws'));
		const result = await execution.expire();
		expect([result.status, result.failure.message]).toEqual(['error', 'It was no use']);
		expect(result.taskData('Good')).toEqual([]);
	});

	test('for one item puts that one on the error output', async () => {
		const { execution } = await parked(parking(1, 'fails an item'), {
			onError: 'continueErrorOutput',
		});
		const result = await execution.expire();
		const failed = { name: 'a', error: 'It was no use', details: { taskId: 'task_1' } };
		expect(result.items('Bad')).toEqual([failed]);
		expect(result.items('Good')).toEqual([{ name: 'b', parks: 1 }]);
	});
});

describe.each(['original', 'current'])('Retry with the %s workflow', (which) => {
	const retried = (execution: Execution, result: RunResult, execute: Execute) => {
		const { nodeTypes, workflow } = plan(execute);
		const current = which === 'current' ? workflow : undefined;
		return n8n.start(retryPlan(result, { ...execution.plan, nodeTypes, workflow: current }));
	};

	test('of an execution that failed after it was parked runs the node again', async () => {
		const { execution } = await parked(parking(1, 'throws'));
		const failed = await execution.expire();
		expectOneRun(await retried(execution, failed, parking(1)).final, 1);
	});

	test('of one that was stopped while it was parked does so too', async () => {
		const { execution, result } = await parked(parking(1));
		const again = retried(execution, result, parking(2));
		expect((await again.parked).status).toBe('waiting');
		expect((await again.expire()).items('Good')).toEqual(
			items.map((item) => ({ ...item, parks: 2 })),
		);
	});
});

test.each<[onError: OnError, output: string]>([
	['stopWorkflow', 'Good'],
	['continueErrorOutput', 'Bad'],
])(
	'should an n8n disable the node in all entries, no item passes for a result: On Error = %s',
	async (onError, output) => {
		const { execution, result } = await parked(parking(1), { onError });
		const executionData = throughDatabase(result.saved.data);
		for (const { node } of nodeExecutionStack(executionData)) node.disabled = true;
		const passed = await n8n.start({ ...execution.plan, executionData }).final;
		const told = passed.fullItems(output).map((item) => item.error?.message ?? item.json.error);
		expect(told).toEqual(['Item 0 was not run again', 'Item 1 was not run again']);
	},
);
