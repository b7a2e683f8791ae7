import type { Emulator } from '../../../emulator/index.mts';
import { isRecord } from '../../../nodes/shared/values.ts';
import type { Scene } from '../../support/n8n/scene.mts';
import { until } from '../../support/n8n/until.mts';
import { finishAll, isOfGroup, statusesOf, tasksOf } from './group.mts';
import type { Group, Statuses } from './group.mts';
import { PHASES, promptEndsOf } from './phases.mts';
import type { Seen } from './phases.mts';
import type { Stand } from './stand.mts';

const TIMEOUT_MS = 180_000;

/** @param body of a request to the API */
function promptIn(body: unknown): unknown {
	const input = isRecord(body) ? body.input : undefined;
	return isRecord(input) ? input.prompt : undefined;
}

/** What APIXO and n8n saw of a group so far. */
function seenOf(scene: Scene, { tag, ids }: Group, statuses: Statuses): Seen {
	const tasks = tasksOf(scene, tag);
	const taskIds = new Set<string | undefined>(tasks.map(({ taskId }) => taskId));
	return {
		charged: tasks.length,
		waiting: ids.filter((id) => statuses.get(id) === 'waiting').length,
		requests: (kind) =>
			scene.apixo
				.requests({ kind })
				.filter(({ taskId, body }) => taskIds.has(taskId) || isOfGroup(tag, promptIn(body))),
	};
}

/** Makes APIXO behave as the phase of each group wants it. @returns lets go of what it holds */
function misbehave(apixo: Emulator, groups: Group[]): () => void {
	const removers: Array<() => void> = [];
	for (const { phase, tag } of groups) {
		const { rules = [], holds = [] } = PHASES[phase];
		const promptIncludes = (match?: string) => (match === undefined ? tag : `${tag} ${match}`);
		for (const { match, ...rule } of rules) {
			apixo.misbehave({ ...rule, match: { promptIncludes: promptIncludes(match) } });
		}
		for (const { match, ...rule } of holds) {
			const hold = apixo.misbehave({ ...rule, match: { promptIncludes: promptIncludes(match) } });
			removers.push(hold.remove);
		}
	}
	return () => removers.forEach((remove) => remove());
}

/** Starts so many executions of a workflow. @returns their IDs */
async function startExecutions(
	{ client }: Scene,
	{ phase, stand, tag }: Group,
	count: number,
): Promise<string[]> {
	const listIds = async () =>
		(await client.executions({ workflowId: stand.workflowId })).map(({ id }) => id);
	const known = new Set(await listIds());
	for (let number = 0; number < count; number += 1) {
		const prompts = promptEndsOf(phase).map((end, item) => `${tag} ${end} ${number}.${item}`);
		const { status } = await client.postWebhook(stand.url, { prompts });
		if (status !== 200) throw new Error(`A webhook answered ${status}`);
	}
	let ids: string[] = [];
	await until(async () => {
		ids = (await listIds()).filter((id) => !known.has(id));
		return ids.length === count;
	});
	return ids;
}

/** Whether the tasks of a group are to be finished now, so that it comes to its phase. */
function isToFinish(scene: Scene, { phase, tag, ids }: Group, statuses: Statuses): boolean {
	const { finishes = false, parameters } = PHASES[phase];
	const isSubmitted = tasksOf(scene, tag).length === ids.length * promptEndsOf(phase).length;
	const isParked = ids.every((id) => statuses.get(id) === 'waiting');
	return finishes && isSubmitted && (parameters.waitFor !== 'callback' || isParked);
}

/**
 * Starts so many executions of every workflow, and waits until all have come to their phase.
 *
 * @returns `letGo`: takes back what holds them there
 */
export async function bringInPosition(
	scene: Scene,
	stands: Stand[],
	round: number,
	count: number,
): Promise<{ groups: Group[]; letGo: () => void }> {
	const groups = stands.map(
		(stand, index): Group => ({
			phase: stand.phase,
			stand,
			tag: `${stand.phase} ${round}.${index}:`,
			ids: [],
		}),
	);
	const letGo = misbehave(scene.apixo, groups);
	for (const group of groups) group.ids = await startExecutions(scene, group, count);
	await until(async () => {
		const statuses = await statusesOf(scene, groups);
		const toFinish = groups.filter((group) => isToFinish(scene, group, statuses));
		for (const { tag } of toFinish) finishAll(scene, tag);
		return groups.every((group) =>
			PHASES[group.phase].isThere(seenOf(scene, group, statuses), count),
		);
	}, TIMEOUT_MS);
	return { groups, letGo };
}
