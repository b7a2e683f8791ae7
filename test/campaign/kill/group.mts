import type { TaskView } from '../../../emulator/index.mts';
import type { Scene } from '../../support/n8n/scene.mts';
import type { Stand } from './stand.mts';

/** Executions of one workflow in one round. */
export interface Group {
	phase: string;
	stand: Stand;
	/** what the prompts of its tasks begin with */
	tag: string;
	/** of its executions */
	ids: string[];
}

export const isOfGroup = (tag: string, prompt: unknown): boolean =>
	typeof prompt === 'string' && prompt.startsWith(tag);

export const tasksOf = ({ apixo }: Scene, tag: string): TaskView[] =>
	apixo.tasks().filter(({ prompt }) => isOfGroup(tag, prompt));

export function finishAll(scene: Scene, tag: string) {
	for (const { taskId, state } of tasksOf(scene, tag)) {
		if (state !== 'success') scene.apixo.finish(taskId);
	}
}

/** What n8n's list says of executions, by ID. */
export type Statuses = Map<string, string>;

export async function statusesOf({ client }: Scene, groups: Group[]): Promise<Statuses> {
	const statuses: Statuses = new Map();
	for (const { stand } of groups) {
		const executions = await client.executions({ workflowId: stand.workflowId });
		for (const { id, status } of executions) statuses.set(id, status);
	}
	return statuses;
}
