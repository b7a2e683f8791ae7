import type { INodeParameters, OnError } from 'n8n-workflow';
import type { Rule, TaskView } from '../../../emulator/index.mts';
import type { RunResult } from '../../support/engine/index.mts';
import { scene } from '../../support/engine/wan.mts';
import { drawer } from '../draw.mts';
import { ADDITIONAL_FIELDS, VOLATILE } from '../volatile.mts';
import type { Volatile } from '../volatile.mts';
import { fateOf } from './fates.mts';

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

interface BatchItem {
	/** that no other item has */
	prompt: string;
	/** what befalls its task */
	rules: Rule[];
}

/** One execution of several items, as the seed has it. */
export interface Batch {
	number: number;
	way: Way;
	onError: OnError;
	retryOnFail: boolean;
	/** with which workflow it is retried while it fails */
	retries: Array<(typeof RETRIES)[number]>;
	items: BatchItem[];
	seed: number;
	/** what its expressions give anew each time */
	volatile: Volatile;
}

/** @param maxItems how many it may have */
export function drawBatch(seed: number, number: number, maxItems: number): Batch {
	const draw = drawer(seed * 1_000_003 + number);
	const count = Math.min(maxItems, draw.whole(1, 16));
	return {
		number,
		seed: draw.whole(1, 2 ** 30),
		way: draw.one(WAYS),
		onError: draw.one(ON_ERROR),
		retryOnFail: draw.chance(0.4),
		retries: Array.from({ length: 3 }, () => draw.one(RETRIES)),
		items: Array.from({ length: count }, (_, item) => {
			const prompt = `film ${number}.${item};`;
			return { prompt, rules: fateOf(draw, prompt) };
		}),
		volatile: draw.one(VOLATILE),
	};
}

/** What became of a batch. */
export interface Story {
	/** first the execution, then its retries */
	runs: RunResult[];
	/** all that were charged, in order */
	tasks: TaskView[];
}

/** Plays a batch against an APIXO of its own, and retries it while it fails. */
export async function play(batch: Batch): Promise<Story> {
	const story: Story = { runs: [], tasks: [] };
	const playIt = scene(
		async ({ apixo, plan, start, retry }) => {
			for (const rule of batch.items.flatMap(({ rules }) => rules)) apixo.misbehave(rule);
			const { onError, retryOnFail } = batch;
			const planned = plan(
				{
					prompt: '={{ $json.prompt }}',
					additionalFields: ADDITIONAL_FIELDS[batch.volatile],
					...PARAMETERS[batch.way],
				},
				{
					items: batch.items.map(({ prompt }) => ({ prompt })),
					settings: { onError, retryOnFail, maxTries: 3, waitBetweenTries: 1 },
				},
			);
			let result = await start(planned).result;
			story.runs.push(result);
			for (const which of batch.retries) {
				if (result.status !== 'error') break;
				const workflow = which === 'current' ? planned.workflow : undefined;
				result = await retry(result, { ...planned, workflow });
				story.runs.push(result);
			}
			story.tasks = apixo.tasks();
		},
		{ seed: batch.seed, generationMs: 40, timeScale: 0.002 },
	);
	await playIt();
	return story;
}
