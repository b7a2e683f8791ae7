'use strict';

const { runOf } = require('../e2e/support/run');
const {
	chain,
	node,
	waitNode,
	wanVideo,
	wanVideoTrigger,
	webhookStart,
} = require('../e2e/support/workflows');

/** The end of a trigger's URL, after its node's own part. */
const TRIGGER_PATH = 'wan-video';

/**
 * Activates a workflow that a Wan Video Trigger starts, and parks an execution at a Wait node that
 * has submitted a task for it.
 *
 * @param {object} scene
 * @param {{ client: import('../e2e/harness').N8nClient, cluster: import('./cluster').Cluster }} stage
 * @returns {Promise<{ submitted: import('../e2e/support/run').Run,
 *   started: () => Promise<import('../e2e/support/run').Run[]> }>} `started`: by the trigger
 */
async function submitForTrigger(scene, { client, cluster }) {
	const { credentials } = scene;
	const { name } = credentials.apixoApi;
	const trigger = wanVideoTrigger({}, { credentials });
	const workflow = await client.createWorkflow(
		chain(`${name} trigger`, [trigger, node('Good', 'noOp')]),
	);
	await client.activate(workflow.id);
	const submitted = await scene.start([
		webhookStart(name),
		wanVideo(
			{
				operation: 'submit',
				prompt: 'A fox',
				delivery: 'callback',
				callbackUrl: `${cluster.webhookUrl}/webhook/${trigger.webhookId}/${TRIGGER_PATH}`,
				options: { context: '{"row":7}', resumeExecution: true },
			},
			{ credentials },
		),
		waitNode({ httpMethod: 'POST' }),
		node('Good', 'noOp'),
	]);
	await scene.waiting(submitted);
	return {
		submitted,
		async started() {
			const executions = await client.executions({ workflowId: workflow.id });
			return executions.map(({ id }) => runOf(client, workflow.id, id));
		},
	};
}

module.exports = { submitForTrigger };
