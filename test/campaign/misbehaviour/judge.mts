import { createHash } from 'node:crypto';
import type { TaskView } from '../../../emulator/index.mts';
import type { RunResult } from '../../support/engine/index.mts';
import { toldBy } from '../../support/engine/wan.mts';
import { inputItemOf, readItem } from '../../support/item.mts';
import type { Item } from '../../support/item.mts';
import type { Batch, BatchItem, Runs, Story } from './batch.mts';

/** What one run told about an item. */
interface Told {
	/** its result, if it has one */
	output?: Item;
	/** what was said of its failure */
	text: string;
}

/** Whether the failure says that a task of this item may exist, for the node cannot know. */
const admits = ({ item, prompt }: Asked, { text }: Told) =>
	text
		.split('may exist and may be billed')
		.slice(1)
		.some(
			(after) =>
				/^[^[]*\[item (\d+): "([^"]*)"/.exec(after)?.slice(1).join() === `${item},${prompt}`,
		);

const names = (taskId: string, { output, text }: Told) =>
	output?.taskId === taskId || text.includes(taskId);

/**
 * @param batchSize items of a round
 * @returns by item; where a run failed the same text for all that did not come out before
 */
function toldOf(result: RunResult, count: number, batchSize: number): Told[] {
	const { error } = result;
	const text = error ? `${error.message}\n${error.description}` : '';
	const told: Told[] = Array.from({ length: count }, () => ({ text }));
	const seen = new Set<number>();
	for (const [round, { data }] of result.taskData('Tested').entries()) {
		for (const full of data?.main.flatMap((items) => items ?? []) ?? []) {
			const item = round * batchSize + inputItemOf(full);
			const json = readItem(full.json);
			told[item] = json.error === undefined ? { output: json, text: '' } : { text: toldBy(json) };
			if (seen.has(item)) told[item].text += `\nitem ${item} came twice`;
			seen.add(item);
		}
	}
	return told;
}

/** How messages know an item. */
interface Asked {
	/** its number, in its round */
	item: number;
	prompt: string;
}

/** Everything about one item. */
interface ItemStory extends Asked {
	/** its tasks that were charged, in order */
	tasks: TaskView[];
	/** what each run told, in order */
	tellings: Told[];
	/** what the last run told */
	last: Told;
}

/** Faults of one item's story, in words; none if all is well. */
function faultsOf({ item, prompt, tasks, tellings, last }: ItemStory): string[] {
	const faults: string[] = [];
	if (last.output === undefined && last.text === '') faults.push('came out neither way');
	if (/came twice/.test(last.text)) faults.push('came out twice');
	for (const { taskId, state } of tasks.slice(0, -1)) {
		if (state !== 'failed') faults.push(`paid again although ${taskId} is ${state}`);
	}
	// A failed task that Retry On Fail has replaced stands in the log of n8n alone.
	const own = tasks.at(-1);
	if (own !== undefined) {
		const isTold = tellings.some(
			(told) => names(own.taskId, told) || admits({ item, prompt }, told),
		);
		if (!isTold) faults.push(`${own.taskId} is paid for and told of nowhere`);
	}
	if (last.output !== undefined) {
		const { taskId, state } = last.output;
		if (taskId !== own?.taskId) faults.push(`got ${taskId}, which is not its own last task`);
		if (state === 'success' && own?.state !== 'success') faults.push('a video of no success');
	}
	return faults.map((fault) => `${prompt} ${fault}`);
}

/** Task IDs and ports differ from run to run; they are no part of the story. */
const readable = (text: string) =>
	text.replaceAll(/task_[0-9a-f]+/g, 'task_…').replaceAll(/:\d{4,5}/g, ':…');

/**
 * One line for each item: how it ended, and how often it was charged. Submit gives the state of a task
 * as it is just now, if an earlier try submitted it.
 */
const lineOf = ({ way }: Batch, { prompt, last: { output, text }, tasks }: ItemStory) => {
	const state = way === 'submit' ? 'submitted' : output?.state;
	const ending = output === undefined ? readable(text.split('\n')[0]) : state;
	return [prompt, ending, `${tasks.length} charged`].join(' | ');
};

/** Where an outcome depends on who was first, only that all was well counts. */
const dependsOnTiming = ({ onError }: Batch) => onError === 'stopWorkflow';

interface Verdict {
	/** in words */
	faults: string[];
	/** the same for the same seed */
	story: string;
	counts: Record<string, number>;
}

function itemStories({ batchSize }: Batch, asked: BatchItem[], runs: Runs, tasks: TaskView[]) {
	const size = batchSize ?? asked.length;
	const byRun = runs.map((run) => toldOf(run, asked.length, size));
	return asked.map(({ prompt }, index): ItemStory => {
		const tellings = byRun.map((told) => told[index]);
		return {
			item: index % size,
			prompt,
			tasks: tasks.filter((task) => task.prompt === prompt),
			tellings,
			last: tellings[tellings.length - 1],
		};
	});
}

/** Judges the story of a batch by what APIXO charged. */
export function judge(batch: Batch, { executions, tasks }: Story): Verdict {
	const items = executions.flatMap((runs, index) =>
		itemStories(batch, batch.executions[index], runs, tasks),
	);
	const faults = items.flatMap(faultsOf);
	const unknown = tasks.filter(({ prompt }) => !items.some((item) => item.prompt === prompt));
	if (unknown.length > 0) faults.push(`batch ${batch.number} paid for what no item asked for`);
	const nameless = items.flatMap((item) =>
		item.tasks.slice(-1).filter(({ taskId }) => !item.tellings.some((told) => names(taskId, told))),
	);
	const { number, way, onError, volatile, batchSize, isCalled } = batch;
	const outline = [number, way, onError, volatile, batchSize, isCalled, items.length].join(' ');
	const itemsWhere = (isTrue: boolean) => (isTrue ? items.length : 0);
	return {
		faults,
		story: [
			outline,
			...(dependsOnTiming(batch) ? [] : items.map((item) => lineOf(batch, item))),
		].join('\n'),
		counts: {
			items: items.length,
			executions: executions.flat().length,
			charges: tasks.length,
			results: items.filter(({ last }) => last.output !== undefined).length,
			'charges told as uncertain': nameless.length,
			'items in loops': itemsWhere(batchSize !== undefined),
			'items with volatile expressions': itemsWhere(volatile !== 'nothing'),
			'items in called workflows': itemsWhere(isCalled),
			'items of overlapping executions': itemsWhere(executions.length > 1),
		},
	};
}

export const digestOf = (texts: string[]): string =>
	createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 16);
