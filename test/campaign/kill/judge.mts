import { readItem } from '../../support/item.mts';
import { jsonOf } from '../../support/n8n/run.mts';
import type { Scene } from '../../support/n8n/scene.mts';
import { tasksOf } from './group.mts';
import type { Group, Statuses } from './group.mts';
import { PHASES, promptEndsOf } from './phases.mts';

/** @returns how often the executions of a group were paid for, beyond once per item */
export function paidTwice(scene: Scene, { tag }: Group): number {
	const prompts = tasksOf(scene, tag).map(({ prompt }) => prompt);
	return prompts.length - new Set(prompts).size;
}

/** Whether the log names a task together with the execution that paid for it. */
const isInLog = (log: string, taskId: string, ids: string[]) =>
	ids.some((id) => new RegExp(`task ${taskId} \\[item \\d+\\] .*\\(execution ${id}\\)`).test(log));

/** @param body what a witness was told: items */
const taskIdsIn = (body: unknown) =>
	Array.isArray(body) ? body.map((item) => readItem(item).taskId) : [];

interface Verdict {
	/** in words */
	faults: string[];
	/** by what is counted */
	counts: Record<string, number>;
}

/**
 * What became of a group after the kill, before anybody did anything.
 *
 * @param log everything that n8n wrote
 */
export async function judgeGroup(
	scene: Scene,
	{ phase, stand, tag, ids }: Group,
	statuses: Statuses,
	log: string,
): Promise<Verdict> {
	const { client, visits } = scene;
	const tasks = tasksOf(scene, tag);
	const faults: string[] = [];
	const told = visits(stand.witness).flatMap(({ body }) => taskIdsIn(body));
	const arrivals = (taskId: string) => told.filter((one) => one === taskId).length;
	const arrived = tasks.filter(({ taskId }) => arrivals(taskId) > 0);
	const executions = await Promise.all(ids.map(async (id) => await client.execution(id)));
	const record = JSON.stringify(executions);
	const named = tasks.filter(({ taskId }) => record.includes(taskId) || isInLog(log, taskId, ids));
	const nameless = tasks.filter((task) => !named.includes(task));

	const { survives } = PHASES[phase];
	const expected = survives ? ['success'] : ['crashed', 'error'];
	const odd = ids
		.map((id) => statuses.get(id) ?? 'unknown')
		.filter((one) => !expected.includes(one));
	if (odd.length > 0) faults.push(`${odd.length} ended ${odd}`);
	if (survives) {
		const results = executions.flatMap((execution) => jsonOf(execution, 'Wan'));
		const isComplete = results.length === ids.length * promptEndsOf(phase).length;
		if (!isComplete) faults.push('results are missing');
		if (tasks.some(({ taskId }) => arrivals(taskId) !== 1)) faults.push('not told just once');
	}
	const isHeld = (prompt = '') => phase === 'submit unanswered' || prompt.includes(' held ');
	const lost = nameless.filter(({ prompt }) => !isHeld(prompt));
	if (lost.length > 0) faults.push(`${lost.length} paid tasks are named nowhere`);
	return {
		faults: faults.map((fault) => `${tag} ${fault}`),
		counts: {
			executions: ids.length,
			paid: tasks.length,
			'reached the workflow': arrived.length,
			named: named.length,
			'unnamed (killed before the answer)': nameless.length - lost.length,
		},
	};
}
