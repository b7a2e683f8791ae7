import type { INodeParameters, OnError } from 'n8n-workflow';
import type { Rule, TaskView } from '../../../emulator/index.mts';
import type { RunResult } from '../../support/engine/index.mts';
import { scene } from '../../support/engine/wan.mts';
import type { Scene } from '../../support/engine/wan.mts';
import { inLoop } from '../../support/engine/index.mts';
import { drawer } from '../draw.mts';
import { ADDITIONAL_FIELDS, VOLATILE } from '../volatile.mts';
import { fateOf } from './fates.mts';
import { inOwnTime } from './quick-clock.mts';

/** Polls are rare enough not to be the load, and time runs out for those alone that never end. */
const PATIENT = { timeout: 10, pollInterval: 4 };

/** What is parked is played on a real n8n instead, by the parts `weather` and `waits`. */
const WAYS = ['poll', 'download', 'submit'] as const;

type Way = (typeof WAYS)[number];

const PARAMETERS: Record<Way, INodeParameters> = {
	poll: { options: PATIENT },
	download: { download: true, options: PATIENT },
	submit: { operation: 'submit', options: {} },
};

const ON_ERROR: OnError[] = ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'];

const RETRIES = ['original', 'current'] as const;

const VOLATILES = [...VOLATILE, 'signature'] as const;

const SIGNED_ANEW: INodeParameters = {
	mode: 'image-to-video',
	imageUrl: '=https://files.example/a.png?signature={{ Math.random() }}',
};

const volatileParameters = (volatile: Batch['volatile']): INodeParameters =>
	volatile === 'signature' ? SIGNED_ANEW : { additionalFields: ADDITIONAL_FIELDS[volatile] };

export interface BatchItem {
	/** that no other item has */
	prompt: string;
	/** what befalls its task */
	rules: Rule[];
}

/** A workflow and its executions, as the seed has them. */
export interface Batch {
	number: number;
	way: Way;
	onError: OnError;
	retryOnFail: boolean;
	/** with which workflow it is retried while it fails */
	retries: Array<(typeof RETRIES)[number]>;
	/** of each execution, mostly of one; all run at the same time */
	executions: BatchItem[][];
	seed: number;
	/** what its expressions give anew each time */
	volatile: (typeof VOLATILES)[number];
	/** items of a round of a loop; undefined: no loop */
	batchSize?: number;
	/** whether n8n runs it for another workflow that called it */
	isCalled: boolean;
}

/** @param maxItems how many it may have */
export function drawBatch(seed: number, number: number, maxItems: number): Batch {
	const draw = drawer(seed * 1_000_003 + number);
	const drawItems = (name: string, count: number) =>
		Array.from({ length: count }, (_, item): BatchItem => {
			const prompt = `film ${name}.${item};`;
			return { prompt, rules: fateOf(draw, prompt) };
		});
	const count = Math.min(maxItems, draw.whole(1, 16));
	const batch = {
		number,
		seed: draw.whole(1, 2 ** 30),
		way: draw.one(WAYS),
		onError: draw.one(ON_ERROR),
		retryOnFail: draw.chance(0.4),
		retries: Array.from({ length: 3 }, () => draw.one(RETRIES)),
	};
	const items = drawItems(String(number), count);
	const isLoop = draw.chance(0.3);
	const drawn = {
		volatile: draw.one(VOLATILES),
		batchSize: isLoop ? draw.whole(1, 4) : undefined,
		isCalled: draw.chance(0.2),
	};
	const others = draw.chance(0.25) ? Math.min(maxItems - count, draw.whole(1, 16)) : 0;
	return {
		...batch,
		...drawn,
		// Two outputs that lead back would start two rounds.
		onError: isLoop && batch.onError === 'continueErrorOutput' ? ON_ERROR[1] : batch.onError,
		executions: [items, ...(others > 0 ? [drawItems(`${number}/2`, others)] : [])],
	};
}

/** First an execution, then its retries. */
export type Runs = RunResult[];

/** What became of a batch. */
export interface Story {
	/** by execution */
	executions: Runs[];
	/** all that were charged, in order */
	tasks: TaskView[];
}

/** Plays one execution of a batch, and retries it while it fails. */
async function playExecution(
	{ plan, start, retry }: Scene,
	batch: Batch,
	items: BatchItem[],
): Promise<Runs> {
	const { onError, retryOnFail, way, volatile, batchSize, isCalled } = batch;
	const planned = plan(
		{ prompt: '={{ $json.prompt }}', ...PARAMETERS[way], ...volatileParameters(volatile) },
		{
			items: items.map(({ prompt }) => ({ prompt })),
			settings: { onError, retryOnFail, maxTries: 3, waitBetweenTries: 1 },
			...(isCalled ? { mode: 'integrated' } : {}),
		},
	);
	if (batchSize !== undefined) planned.workflow = inLoop(planned.workflow, batchSize);
	let result = await start(planned).result;
	const runs = [result];
	for (const which of batch.retries) {
		if (result.status !== 'error') break;
		const workflow = which === 'current' ? planned.workflow : undefined;
		result = await retry(result, { ...planned, workflow });
		runs.push(result);
	}
	return runs;
}

/** Plays a batch against an APIXO of its own. */
export async function play(batch: Batch): Promise<Story> {
	const story: Story = { executions: [], tasks: [] };
	const playIt = scene(
		async (tools) => {
			const { executions } = batch;
			for (const rule of executions.flat().flatMap(({ rules }) => rules)) {
				tools.apixo.misbehave(rule);
			}
			story.executions = await Promise.all(
				executions.map(
					async (items) => await inOwnTime(async () => await playExecution(tools, batch, items)),
				),
			);
			story.tasks = tools.apixo.tasks();
		},
		{ seed: batch.seed, generationMs: 40, timeScale: 0.002 },
	);
	await playIt();
	return story;
}
