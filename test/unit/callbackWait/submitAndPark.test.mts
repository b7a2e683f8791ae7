import {
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
	type IWorkflowDataProxyData,
	NodeOperationError,
} from 'n8n-workflow';
import { ok } from '../../../nodes/apixo/result.ts';
import { submitAndPark } from '../../../nodes/WanVideo/callbackWait/submitAndPark.ts';
import type { SubmissionPlan } from '../../../nodes/WanVideo/run/plans.ts';
import { BASE_URL, clientFor, scriptedService } from '../support/service.mts';
import { required } from '../../support/required.mts';
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
	// The same at each call, as n8n has it, or nothing would show what is left of it.
	const input: INodeExecutionData[] = [{ json: {} }, { json: {} }];
	const main: Array<INodeExecutionData[] | null> = [input];
	const entry = standIn<ReturnType<IExecuteFunctions['getExecuteData']>>({ data: { main } });
	const metadata: unknown[] = [];
	const { run } = runOver([{}, {}], onError, {
		getWorkflowDataProxy: () => proxy,
		getContext: () => ({}),
		getExecuteData: () => entry,
		setMetadata: (given) => void metadata.push(given),
		putExecutionToWait: async () => await Promise.reject(new Error('no database')),
	});
	const credential = { apiKey: 'sk-apixo-1', baseUrl: BASE_URL, decrypted: {} };
	const plan = { ...PLAN, output: { simplify: true } };
	const client = clientFor(context, waitOf(60_000));
	const items = submitAndPark(run, client, credential, memoryIn({}), () => ok(plan));
	const result = await items.catch((error: unknown) => error);
	return { items: result, paid: paid(), isInputKept: main[0] === input, metadata };
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

test.each(['continueRegularOutput', 'stopWorkflow'] as const)(
	'where n8n cannot park, a retry finds the input and no failure from before (%s)',
	async (onError) => {
		const { isInputKept, metadata } = await unparked(onError);
		expect(isInputKept).toBe(true);
		expect(metadata).toEqual([]);
	},
);

test('where n8n cannot park, n8n before 2.35 moves the items to the error output', async () => {
	const { items } = await unparked('continueErrorOutput');
	expect(items).toEqual([
		expect.objectContaining({ json: expect.anything() }),
		expect.objectContaining({ json: expect.anything() }),
	]);
	for (const item of required(Array.isArray(items) ? items : undefined, 'items')) {
		expect(item.error).toBeInstanceOf(Error);
	}
});
