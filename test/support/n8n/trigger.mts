import { jsonOf } from './run.mts';
import { until } from './until.mts';
import { chain, items, wanVideo, wanVideoTrigger } from './workflows.mts';
import type { openScene } from './scene.mts';
import type { Run } from './run.mts';

const FINAL = ['success', 'error', 'crashed', 'canceled'];

/**
 * A workflow that a Wan Video Trigger starts, in production.
 *
 * @param parameters of the trigger
 */
export async function listen(
	{ client, n8n, credentials }: Awaited<ReturnType<typeof openScene>>,
	parameters: object = {},
	{ isActive = true }: { isActive?: boolean } = {},
) {
	const trigger = wanVideoTrigger(parameters, { credentials });
	const workflow = await client.createWorkflow(chain('Triggered', [trigger]));
	if (isActive) await client.activate(workflow.id);
	const path = `${trigger.webhookId}/wan-video`;
	const executions = async () => await client.executions({ workflowId: workflow.id });
	return {
		workflowId: workflow.id,
		url: `${n8n.url}/webhook/${path}`,
		testUrl: `${n8n.url}/webhook-test/${path}`,
		/** Listens at the Test URL for one event, as the editor does. */
		async listenForTest() {
			const triggerToStartFrom = { name: 'Trigger' };
			await client.post(`/workflows/${workflow.id}/run`, { triggerToStartFrom });
		},
		/** @returns how many executions there are, finished or not */
		count: async (): Promise<number> => (await executions()).length,
		/** Waits until n8n has written down so many reports as handled: a moment after it answers. */
		async remembers(count) {
			const handled = async () => {
				const { staticData } = await client.get(`/workflows/${workflow.id}`);
				return staticData?.['node:Trigger']?.handled ?? [];
			};
			await until(async () => (await handled()).length === count);
		},
		/** Waits for so many executions to have ended. @returns oldest first */
		async runs(count): Promise<unknown[]> {
			const done = async () => (await executions()).filter(({ status }) => FINAL.includes(status));
			await until(async () => (await done()).length >= count);
			const ids = (await executions()).map(({ id }) => id).reverse();
			return await Promise.all(ids.map(async (id) => await client.execution(id)));
		},
	};
}

/** @returns what the trigger put out in each; it is one item */
export const outputOf = (executions: unknown[]): object[] =>
	executions.flatMap((execution) => jsonOf(execution, 'Trigger'));

/**
 * Submits a task that reports to a trigger.
 *
 * @param options of the Submit operation
 * @param {{ steps?: object[], production?: boolean }} [workflow] `steps`: what follows
 */
export async function submitTo(
	{ start, startNode, credentials }: object,
	callbackUrl,
	options = {},
	{ steps = [], production = false } = {},
): Promise<Run> {
	const parameters = { operation: 'submit', delivery: 'callback', callbackUrl, options };
	return await start([
		startNode(production),
		items([{ prompt: 'prompt 1' }]),
		wanVideo(parameters, { credentials }),
		...steps,
	]);
}
