import {
	type IExecuteFunctions,
	type INode,
	type IWorkflowDataProxyData,
	NodeOperationError,
} from 'n8n-workflow';
import { ok } from '../../../nodes/shared/result.ts';
import { submitAndPark } from '../../../nodes/WanVideo/callbackWait/submitAndPark.ts';
import type { SubmissionPlan } from '../../../nodes/WanVideo/run/plans.ts';
import { BASE_URL, clientFor, scriptedService } from '../support/service.mts';
import { waitOf } from '../support/clock.mts';
import { memoryIn } from '../support/memory.mts';
import { runOver } from '../support/run.mts';
import { standIn } from '../support/standIn.mts';
import { REQUEST } from '../support/tasks.mts';

const PLAN: SubmissionPlan = {
	request: REQUEST,
	facts: { mode: REQUEST.mode, estimatedCostUsd: 0.5 },
	options: { timeoutMs: 60_000, maxParallelTasks: 1, maxFileBytes: 1, simplify: true },
};

/** Two items are submitted, and then n8n cannot park the execution. */
async function unparked(onError: NonNullable<INode['onError']>) {
	const script = { submit: [{ data: { taskId: 'task_1' } }, { data: { taskId: 'task_2' } }] };
	const { context, paid } = scriptedService(script);
	const proxy = standIn<IWorkflowDataProxyData>({
		$execution: { resumeUrl: 'https://n8n.example/webhook-waiting/1' },
		$runIndex: 0,
	});
	const { run } = runOver([{}, {}], onError, {
		getWorkflowDataProxy: () => proxy,
		getContext: () => ({}),
		getExecuteData: () =>
			standIn<ReturnType<IExecuteFunctions['getExecuteData']>>({ data: { main: [] } }),
		setMetadata: () => undefined,
		putExecutionToWait: async () => await Promise.reject(new Error('no database')),
	});
	const credential = { apiKey: 'sk-apixo-1', baseUrl: BASE_URL, decrypted: {} };
	const plan = { ...PLAN, output: { simplify: true } };
	const client = clientFor(context, waitOf(60_000));
	const items = submitAndPark(run, client, credential, memoryIn({}), () => ok(plan));
	return { items: await items.catch((error: unknown) => error), paid: paid() };
}

const MESSAGE = 'n8n could not park the execution: no database';

test('where n8n cannot park, each item names its task under On Error = Continue', async () => {
	const { items, paid } = await unparked('continueRegularOutput');
	expect(paid).toHaveLength(2);
	expect(items).toEqual(
		['task_1', 'task_2'].map((taskId, item) => ({
			json: {
				error: `${MESSAGE} (task ${taskId}) [item ${item}]`,
				details: { taskId, state: 'pending', hint: expect.stringContaining('stays paid') },
			},
			pairedItem: { item },
		})),
	);
});

test('where n8n cannot park, the error names each task under On Error = Stop', async () => {
	const { items: error } = await unparked('stopWorkflow');
	if (!(error instanceof NodeOperationError)) throw new Error('It ends in another way');
	expect(error.message).toBe(`${MESSAGE} (task task_1) [item 0]`);
	expect(error.description).toContain('All of them: task_1 [item 0], task_2 [item 1].');
});
