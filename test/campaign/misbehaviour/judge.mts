import { createHash } from 'node:crypto';
import { toldBy } from '../../support/engine/wan.mts';
import type { Batch, play } from './batch.mts';

/** What the node says of an item where it cannot know whether a task exists. */
const fears = (item, { text }) =>
	new RegExp(`may exist and may be billed[^[]*\\[item ${item}\\]`).test(text);

const names = (taskId, { output, text }) => output?.taskId === taskId || text.includes(taskId);

/**
 * What one run of a batch told about its items.
 *
 * @returns by item: the result, or what was said; for a run that failed the
 *   same text for all
 */
function toldOf(result, count): Array<{ output?: object; text: string }> {
	if (result.error) {
		const text = `${result.error.message}\n${result.error.description}`;
		return Array.from({ length: count }, () => ({ text }));
	}
	const told = [];
	for (const [output, name] of ['Good', 'Bad'].entries()) {
		for (const { json, pairedItem } of result.fullItems('Tested', output)) {
			const item = pairedItem.item ?? pairedItem;
			const entry = json.error === undefined ? { output: json, text: '' } : { text: toldBy(json) };
			if (told[item] !== undefined) entry.text += `\nitem ${item} came twice, also at ${name}`;
			told[item] = entry;
		}
	}
	return Array.from({ length: count }, (_, item) => told[item] ?? { text: '' });
}

/** Faults of one item's story, in words; none if all is well. */
function faultsOf({ prompt }, item, tasks, tellings) {
	const faults = [];
	const last = tellings.at(-1);
	if (last.output === undefined && last.text === '') faults.push('came out neither way');
	if (/came twice/.test(last.text)) faults.push('came out twice');
	tasks.slice(0, -1).forEach(({ taskId, state }) => {
		if (state !== 'failed') faults.push(`paid again although ${taskId} is ${state}`);
	});
	for (const [index, { taskId }] of tasks.entries()) {
		// A failed task that Retry On Fail has replaced stands in the log of n8n alone.
		if (index < tasks.length - 1) continue;
		const isTold = tellings.some((told) => names(taskId, told) || fears(item, told));
		if (!isTold) faults.push(`${taskId} is paid for and told of nowhere`);
	}
	if (last.output !== undefined) {
		const { taskId, state } = last.output;
		const own = tasks.at(-1);
		if (taskId !== own?.taskId) faults.push(`got ${taskId}, which is not its own last task`);
		if (state === 'success' && own?.state !== 'success') faults.push('a video of no success');
	}
	return faults.map((fault) => `${prompt} ${fault}`);
}

/** Task IDs and ports differ from run to run; they are no part of the story. */
const readable = (text) =>
	text.replaceAll(/task_[0-9a-f]+/g, 'task_…').replaceAll(/:\d{4,5}/g, ':…');

/** Where an outcome hangs on who was first, only that all was well is told. */
const hangsOnTiming = ({ way, onError }) => onError === 'stopWorkflow' || way === 'park';

/**
 * Judges the story of a batch by what APIXO charged.
 *
 * @returns `told`: the same for the same seed
 */
export function judge(
	batch: Batch,
	{ runs, tasks }: Awaited<ReturnType<typeof play>>,
): { faults: string[]; told: string; counts: Record<string, number> } {
	const byRun = runs.map((run) => toldOf(run, batch.items.length));
	const items = batch.items.map((item, index) => {
		const own = tasks.filter(({ prompt }) => prompt === item.prompt);
		const tellings = byRun.map((told) => told[index]);
		return { item, own, tellings, last: tellings.at(-1) };
	});
	const faults = items.flatMap(({ item, own, tellings }, index) =>
		faultsOf(item, index, own, tellings),
	);
	const unknown = tasks.filter(({ prompt }) => !batch.items.some((item) => item.prompt === prompt));
	if (unknown.length > 0) faults.push(`batch ${batch.number} paid for what no item asked for`);
	const nameless = items.flatMap(({ own, tellings }) =>
		own.slice(-1).filter(({ taskId }) => !tellings.some((told) => names(taskId, told))),
	);
	const lines = items.map(({ item, own, last }) =>
		[
			item.prompt,
			last.output ? last.output.state : readable(last.text.split('\n')[0]),
			`${own.length} charged`,
		].join(' | '),
	);
	const outline = [batch.number, batch.way, batch.onError, batch.items.length].join(' ');
	return {
		faults,
		told: [outline, ...(hangsOnTiming(batch) ? [] : lines)].join('\n'),
		counts: {
			items: items.length,
			executions: runs.length,
			charges: tasks.length,
			results: items.filter(({ last }) => last.output !== undefined).length,
			'charges told as uncertain': nameless.length,
		},
	};
}

export const digestOf = (texts) =>
	createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 16);
