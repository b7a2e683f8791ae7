import { runOf } from '../support/n8n/run.mts';
import {
	chain,
	node,
	waitNode,
	wanVideo,
	wanVideoTrigger,
	webhookStart,
} from '../support/n8n/workflows.mts';
import type { N8nClient } from '../../tools/n8n/driver/index.mts';
import type { Cluster } from '../support/queue/cluster.mts';
import type { Run } from '../support/n8n/run.mts';

/** The end of a trigger's URL, after its node's own part. */
const TRIGGER_PATH = 'wan-video';

/**
 * Activates a workflow that a Wan Video Trigger starts, and parks an execution at a Wait node that
 * has submitted a task for it.
 *
 * @returns `started`: by the trigger
 */
export async function submitForTrigger(
	scene: object,
	{ client, cluster }: { client: N8nClient; cluster: Cluster },
): Promise<{ submitted: Run; started: () => Promise<Run[]> }> {
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
