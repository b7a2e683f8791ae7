const { jsonOf } = require('./run');
const { until } = require('./until');
const { chain, items, wanVideo, wanVideoTrigger } = require('./workflows');

const FINAL = ['success', 'error', 'crashed', 'canceled'];

/**
 * A workflow that a Wan Video Trigger starts, in production.
 *
 * @param {Awaited<ReturnType<typeof import('./scene').openScene>>} scene
 * @param {object} [parameters] of the trigger
 * @param {{ isActive?: boolean }} [options]
 */
async function listen({ client, n8n, credentials }, parameters = {}, { isActive = true } = {}) {
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
		/** @returns {Promise<number>} how many executions there are, finished or not */
		count: async () => (await executions()).length,
		/** Waits until n8n has written down so many reports as handled: a moment after it answers. */
		async remembers(count) {
			const handled = async () => {
				const { staticData } = await client.get(`/workflows/${workflow.id}`);
				return staticData?.['node:Trigger']?.handled ?? [];
			};
			await until(async () => (await handled()).length === count);
		},
		/** Waits for so many executions to have ended. @returns {Promise<any[]>} oldest first */
		async runs(count) {
			const done = async () => (await executions()).filter(({ status }) => FINAL.includes(status));
			await until(async () => (await done()).length >= count);
			const ids = (await executions()).map(({ id }) => id).reverse();
			return await Promise.all(ids.map(async (id) => await client.execution(id)));
		},
	};
}

/** @param {any[]} executions @returns {object[]} what the trigger put out in each; it is one item */
const outputOf = (executions) => executions.flatMap((execution) => jsonOf(execution, 'Trigger'));

/**
 * Submits a task that reports to a trigger.
 *
 * @param {object} [options] of the Submit operation
 * @param {{ steps?: object[], production?: boolean }} [workflow] `steps`: what follows
 * @returns {Promise<import('./run').Run>}
 */
async function submitTo(
	{ start, startNode, credentials },
	callbackUrl,
	options = {},
	{ steps = [], production = false } = {},
) {
	const parameters = { operation: 'submit', delivery: 'callback', callbackUrl, options };
	return await start([
		startNode(production),
		items([{ prompt: 'prompt 1' }]),
		wanVideo(parameters, { credentials }),
		...steps,
	]);
}

module.exports = { listen, outputOf, submitTo };
