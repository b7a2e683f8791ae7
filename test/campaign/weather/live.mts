import { randomUUID } from 'node:crypto';
import type { TaskView } from '../../../emulator/index.mts';
import { required } from '../../support/required.mts';
import type { Scene } from '../../support/n8n/scene.mts';
import { until } from '../../support/n8n/until.mts';
import { manualStart, webhookStart } from '../../support/n8n/workflows.mts';
import type { openCensus } from './census.mts';
import type { Call } from './post.mts';
import { misbehave } from './rules.mts';
import type { Stop, Story } from './story.mts';
import { childWorkflowOf, passName, workflowOf } from './workflow.mts';

/** A story that is being played. */
export interface Live {
	scene: Scene;
	census: ReturnType<typeof openCensus>;
	story: Story;
	workflowId: string;
	executionId: string;
	/** of the workflows that are called, by stop */
	childIds: Array<string | undefined>;
}

/** A stop in one pass, as it was seen. */
export interface Visited {
	index: number;
	pass: number;
	stop: Stop;
	/** Unix ms */
	calledAt?: number;
	/** strays that came while the execution was parked there, and only then */
	strays: Call[];
	/** strays that came while it went on */
	busyStrays: Call[];
}

/** Publishes the workflows of a story and starts it. */
export async function openLive(scene: Scene, census: Live['census'], story: Story): Promise<Live> {
	const { client, n8n } = scene;
	misbehave(scene.apixo, story);
	const childIds: Array<string | undefined> = [];
	for (const [index, stop] of story.stops.entries()) {
		if (stop.kind !== 'sub-workflow') continue;
		const { id } = await client.createWorkflow(childWorkflowOf(stop, index, scene));
		await client.activate(id);
		childIds[index] = id;
	}
	const path = randomUUID();
	const startNode = story.isManual ? manualStart() : webhookStart(path);
	const { id } = await client.createWorkflow(workflowOf(story, startNode, scene, childIds));
	const live = { scene, census, story, workflowId: id, childIds };
	if (story.isManual) return { ...live, executionId: await client.run(id, 'Start') };
	await client.activate(id);
	const { status } = await client.postWebhook(`${n8n.url}/webhook/${path}`, {});
	if (status !== 200) throw new Error(`The webhook of a story answered ${status}`);
	let executionId: string | undefined;
	await until(async () => {
		[{ id: executionId }] = [...(await client.executions({ workflowId: id })), { id: undefined }];
		return executionId !== undefined;
	});
	return { ...live, executionId: required(executionId, 'execution') };
}

export const tasksAt = (
	{ scene }: Live,
	{ index, pass }: Pick<Visited, 'index' | 'pass'>,
): TaskView[] =>
	scene.apixo.tasks().filter(({ prompt }) => prompt?.startsWith(`film ${index}.${pass}.`));

const passesOf = ({ scene }: Live, index: number) => scene.visits(passName(index));

export const hasPassed = (live: Live, { index, pass }: Visited) =>
	passesOf(live, index).length > pass;
