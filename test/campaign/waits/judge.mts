import type { TaskView } from '../../../emulator/index.mts';
import { readItem } from '../../support/item.mts';
import type { Item } from '../../support/item.mts';
import type { SceneTools } from '../../support/n8n/scene.mts';
import { KILLED, POSSIBLY_BEGUN, errorOf } from './lineage.mts';
import type { Lineage } from './lineage.mts';
import { badOf, endOf, goodOf } from './workflow.mts';

/** What became of a run. */
export interface Row {
	way: string;
	counts: Record<string, number>;
	/** in words */
	faults: string[];
}

const itemsIn = (body: unknown): Item[] => (Array.isArray(body) ? body.map(readItem) : []);

/**
 * The tasks that were paid for although as many tasks of the same prompt as executions asked for it
 * had not failed.
 */
function paidTwice(tasks: TaskView[], executions: number): TaskView[] {
	return tasks.filter(({ prompt, createTime }, index) => {
		const standing = tasks
			.slice(0, index)
			.filter(
				(earlier) =>
					earlier.prompt === prompt &&
					(earlier.state !== 'failed' || (earlier.completeTime ?? 0) > createTime),
			);
		return standing.length >= executions;
	});
}

/** @returns whether n8n has lost what it had saved of the execution, so that no Retry can end well */
const isLost = ({ ending, last, ids }: Lineage) =>
	ending === 'not retried' ||
	(ending !== 'refused' &&
		last?.id === ids.at(-1) &&
		last?.data.resultData.runData.Items === undefined);

/** @param lineages of the runs that ask for the same, mostly one; after everything has ended */
export function judge({ apixo, visits }: SceneTools, lineages: [Lineage, ...Lineage[]]): Row {
	const [{ plan }] = lineages;
	const tasks = apixo.tasks().filter(({ prompt }) => prompt?.startsWith(plan.tag));
	const told = [goodOf(plan), badOf(plan)].flatMap(visits).flatMap(({ body }) => itemsIn(body));
	const brought = new Set(told.filter(({ videoUrl }) => videoUrl).map(({ taskId }) => taskId));
	const failures = told.filter(({ error }) => error !== undefined);
	const toldAsFailed = (taskId: string) =>
		failures.some(({ details }) => details?.taskId === taskId);
	const isRefusal = (text: string) => KILLED.test(text) || POSSIBLY_BEGUN.test(text);
	const refusals = failures.filter(({ error }) => isRefusal(String(error)));
	const isRefused = refusals.length > 0 || lineages.some(({ ending }) => ending === 'refused');
	const isLostByN8n = lineages.some(isLost);
	const haveSucceeded = !isLostByN8n && lineages.every(({ ending }) => ending === 'success');
	const faults: string[] = [];

	const twice = paidTwice(tasks, lineages.length);
	if (twice.length > 0) faults.push(`paid twice: ${twice.map(({ prompt }) => prompt)}`);

	const missing = tasks.filter(
		({ taskId, state }) => state !== 'failed' && !brought.has(taskId) && !toldAsFailed(taskId),
	);
	// What is paid twice comes but once.
	const lost = missing.filter(
		({ taskId, prompt }) =>
			!twice.some((task) => task.prompt === prompt) && !isRefused && taskId !== undefined,
	);
	if (lost.length > 0 && !isLostByN8n) faults.push(`lost: ${lost.map(({ prompt }) => prompt)}`);

	// Who asks for the same at the same time gets a video of its own.
	for (const { prompt } of haveSucceeded && failures.length === 0 ? plan.items : []) {
		const own = tasks.filter((task) => task.prompt === prompt && brought.has(task.taskId));
		if (own.length < lineages.length) faults.push(`${own.length} videos came of: ${prompt}`);
	}

	// At the deadline, the last look must have found the task unfinished.
	for (const { error, details } of failures) {
		if (!String(error).includes('was not finished in time')) continue;
		const task = tasks.find(({ taskId }) => taskId === details?.taskId);
		const looks = apixo
			.requests({ kind: 'status' })
			.filter(({ taskId }) => taskId === task?.taskId);
		const lastLook = looks.at(-1)?.at ?? 0;
		if (task === undefined) faults.push(`a deadline without a task: ${error}`);
		else if ((task.completeTime ?? Infinity) < lastLook && !brought.has(task.taskId)) {
			faults.push(`finished, but said to be late: ${task.prompt}`);
		}
	}
	const textsOfFailures = failures.map(({ error }) => String(error));
	const texts = [...lineages.map(({ last }) => errorOf(last)), ...textsOfFailures];
	const wereParked = lineages.every(({ wasParked }) => wasParked);
	if (texts.some((text) => KILLED.test(text)) && plan.way !== 'polling' && wereParked) {
		faults.push('refused as a whole although it had been parked');
	}
	if (!isLostByN8n && lineages.some(({ ending }) => ending === 'open')) faults.push('did not end');
	if (haveSucceeded && visits(endOf(plan)).length === 0) {
		const isEmpty = plan.batchSize === undefined && visits(goodOf(plan)).length === 0;
		if (!isEmpty) faults.push('did not come to its end');
	}
	const odd = failures.filter(
		({ error }) =>
			!isRefusal(String(error)) && !/was not finished in time|failed at APIXO/.test(String(error)),
	);
	if (odd.length > 0) faults.push(`odd: ${odd[0].error}`);

	const story = lineages.flatMap((lineage) => lineage.story);
	const late = story.filter((text) => text.includes('was not finished in time')).length;
	const lateItems = failures.filter(({ error }) => String(error).includes('not finished in time'));
	return {
		way: plan.way,
		faults: faults.map((fault) => `${plan.tag} ${fault}${lineages.map(describe).join('')}`),
		counts: {
			runs: lineages.length,
			'hit by a kill': lineages.filter(({ killed }) => killed > 0).length,
			retries: lineages.reduce((total, { ids }) => total + ids.length - 1, 0),
			paid: tasks.length,
			brought: tasks.filter(({ taskId }) => brought.has(taskId)).length,
			'paid twice': twice.length,
			lost: isLostByN8n ? 0 : lost.length,
			'refused before the first park': KILLED.test(texts.join()) ? 1 : 0,
			'refused later': POSSIBLY_BEGUN.test(texts.join()) ? 1 : 0,
			'paid, in refused runs': isRefused ? missing.length : 0,
			'lost by n8n': isLostByN8n ? lost.length : 0,
			'deadline cases': late + lateItems.length > 0 ? 1 : 0,
		},
	};
}

const describe = ({ plan, story, ending, ids }: Lineage) =>
	`\n    ${JSON.stringify({ ...plan, retriesWithCurrent: undefined, ids, ending, story })}`;
