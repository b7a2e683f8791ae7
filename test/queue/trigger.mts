import { runOf } from '../support/n8n/run.mts';
import {
	chain,
	node,
	waitNode,
	wanVideo,
	wanVideoTrigger,
	webhookStart,
} from '../support/n8n/workflows.mts';
import type { ClusterStage, QueueScene } from './scenes.mts';
import type { Run } from '../support/n8n/run.mts';

/** The last part of a trigger's URL, after the node's webhook ID. */
const TRIGGER_PATH = 'wan-video';

/** An execution that has submitted a task for a trigger, and those that the trigger starts. */
export interface TriggerRuns {
	submitted: Run;
	started: () => Promise<Run[]>;
}

/**
 * Activates a workflow with a Wan Video Trigger, and parks an execution that has submitted a task for
 * it at a Wait node.
 */
export async function submitForTrigger(
	scene: QueueScene,
	{ client, cluster }: ClusterStage,
): Promise<TriggerRuns> {
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
