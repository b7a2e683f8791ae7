import { jsonOf } from './run.mts';
import { until } from './until.mts';
import { chain, items, wanVideo, wanVideoTrigger } from './workflows.mts';
import type { INodeParameters } from 'n8n-workflow';
import type { Execution } from '../../../tools/n8n/driver/index.mts';
import type { Item } from '../item.mts';
import type { Run } from './run.mts';
import type { SceneStage, SceneTools } from './scene.mts';
import type { Steps } from './workflows.mts';

const FINAL = ['success', 'error', 'crashed', 'canceled'];

/** A workflow that a Wan Video Trigger starts. */
export interface TriggeredWorkflow {
	workflowId: string;
	url: string;
	testUrl: string;
	/** Listens at the Test URL for one event, as the editor does. */
	listenForTest: () => Promise<void>;
	/** @returns how many executions there are, finished or not */
	count: () => Promise<number>;
	/** Waits until n8n has saved so many reports as handled: a moment after it answers. */
	remembers: (count: number) => Promise<void>;
	/** Waits for so many executions to have ended. @returns all there are, oldest first */
	runs: (count: number) => Promise<Execution[]>;
}

/** The reports that the trigger has in its static data as handled. */
function reportsIn(memory: unknown): unknown[] {
	const hasReports = typeof memory === 'object' && memory !== null && 'handled' in memory;
	return hasReports && Array.isArray(memory.handled) ? memory.handled : [];
}

/** @param parameters of the trigger */
export async function listen(
	{ client, n8n, credentials }: SceneStage & Pick<SceneTools, 'credentials'>,
	parameters: INodeParameters = {},
	{ isActive = true, steps = [] }: { isActive?: boolean; steps?: Steps } = {},
): Promise<TriggeredWorkflow> {
	const trigger = wanVideoTrigger(parameters, { credentials });
	const workflow = await client.createWorkflow(chain('Triggered', [trigger, ...steps]));
	if (isActive) await client.activate(workflow.id);
	const path = `${trigger.webhookId}/wan-video`;
	const executions = async () => await client.executions({ workflowId: workflow.id });
	return {
		workflowId: workflow.id,
		url: `${n8n.url}/webhook/${path}`,
		testUrl: `${n8n.url}/webhook-test/${path}`,
		async listenForTest() {
			const triggerToStartFrom = { name: 'Trigger' };
			await client.post(`/workflows/${workflow.id}/run`, { triggerToStartFrom });
		},
		count: async () => (await executions()).length,
		async remembers(count) {
			await until(async () => {
				const { staticData } = await client.workflow(workflow.id);
				return reportsIn(staticData?.['node:Trigger']).length === count;
			});
		},
		async runs(count) {
			const done = async () => (await executions()).filter(({ status }) => FINAL.includes(status));
			await until(async () => (await done()).length >= count);
			const ids = (await executions()).map(({ id }) => id).reverse();
			return await Promise.all(ids.map(async (id) => await client.execution(id)));
		},
	};
}

/** @returns what the trigger put out in each; it is one item */
export const outputOf = (executions: Execution[]): Item[] =>
	executions.flatMap((execution) => jsonOf(execution, 'Trigger'));

/**
 * Submits a task that reports to a trigger.
 *
 * @param options of the Submit operation
 * @param workflow `steps`: what follows
 */
export async function submitTo(
	{ start, startNode, credentials }: Pick<SceneTools, 'start' | 'startNode' | 'credentials'>,
	callbackUrl: string,
	options: INodeParameters = {},
	{ steps = [], production = false }: { steps?: Steps; production?: boolean } = {},
): Promise<Run> {
	const parameters = { operation: 'submit', delivery: 'callback', callbackUrl, options };
	return await start([
		startNode(production),
		items([{ prompt: 'prompt 1' }]),
		wanVideo(parameters, { credentials }),
		...steps,
	]);
}
