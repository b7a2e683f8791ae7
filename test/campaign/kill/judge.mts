import { jsonOf } from '../../support/n8n/run.mts';
import { tasksOf } from './round.mts';
import { PHASES } from './phases.mts';

/** @returns how often the executions of a group were paid for, beyond once per item */
export function paidTwice(scene, { tag }): number {
	const prompts = tasksOf(scene, tag).map(({ prompt }) => prompt);
	return prompts.length - new Set(prompts).size;
}

/** Whether the log names a task together with the execution that paid for it. */
const isInLog = (log, taskId, ids) =>
	ids.some((id) => new RegExp(`task ${taskId} \\[item \\d+\\] .*\\(execution ${id}\\)`).test(log));

/** What became of a group after the kill, before anybody did anything. */
export async function judgeGroup(
	scene,
	{ phase, stand, tag, ids },
	statuses,
	log,
): Promise<{ faults: string[]; counts: Record<string, number> }> {
	const { client, visits } = scene;
	const { survives, items = ['', ''] } = PHASES[phase];
	const tasks = tasksOf(scene, tag);
	const faults = [];
	const told = visits(stand.witness).flatMap(({ body }) => body.map(({ taskId }) => taskId));
	const arrivals = (taskId) => told.filter((one) => one === taskId).length;
	const arrived = tasks.filter(({ taskId }) => arrivals(taskId) > 0);
	const executions = await Promise.all(ids.map(async (id) => await client.execution(id)));
	const record = JSON.stringify(executions);
	const named = tasks.filter(({ taskId }) => record.includes(taskId) || isInLog(log, taskId, ids));
	const nameless = tasks.filter((task) => !named.includes(task));
	if (survives) {
		const bad = ids.filter((id) => statuses.get(id) !== 'success');
		if (bad.length > 0) faults.push(`${bad.length} ended ${bad.map((id) => statuses.get(id))}`);
		const results = executions.flatMap((execution) => jsonOf(execution, 'Wan'));
		if (results.length !== ids.length * items.length) faults.push('results are missing');
		if (tasks.some(({ taskId }) => arrivals(taskId) !== 1)) faults.push('not told just once');
	} else {
		const odd = ids.filter((id) => !['crashed', 'error'].includes(statuses.get(id)));
		if (odd.length > 0) faults.push(`${odd.length} ended ${odd.map((id) => statuses.get(id))}`);
	}
	const isHeld = ({ prompt }) => phase === 'submit unanswered' || prompt.includes(' held ');
	const lost = nameless.filter((task) => !isHeld(task));
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
