import type { OnError } from 'n8n-workflow';
import { WAYS } from '../../../nodes/WanVideo/descriptions/waitFor.ts';
import type { Way } from '../../../nodes/WanVideo/descriptions/waitFor.ts';
import { drawer } from '../draw.mts';
import type { Draw } from '../draw.mts';
import { VOLATILE } from '../volatile.mts';
import type { Volatile } from '../volatile.mts';

const ON_ERROR: OnError[] = ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'];
/** In a loop, two outputs that lead back would start two rounds. */
const ON_ERROR_IN_LOOP: OnError[] = ['stopWorkflow', 'continueRegularOutput'];

export interface RunItem {
	/** that no other item has */
	prompt: string;
	/** how long APIXO takes for it, in ms; Infinity: longer than anybody waits */
	generationMs: number;
	/** whether its first task ends as failed */
	fails: boolean;
}

/** A workflow and its one execution, as the seed has them. */
export interface RunPlan {
	number: number;
	/** what all its prompts begin with; runs that ask for the same share it */
	tag: string;
	way: Way;
	items: RunItem[];
	/** items of a round of Loop Over Items; undefined: no loop */
	batchSize?: number;
	limit: number;
	/** what its expressions give anew each time */
	volatile: Volatile;
	download: boolean;
	onError: OnError;
	retryOnFail: boolean;
	/** whether a Wait node follows, which is parked, too */
	hasWaitNode: boolean;
	saveExecutionProgress: boolean;
	/** minutes; set where tasks may outlive it */
	timeout?: number;
	/** for callback: seconds until the first look */
	firstLook?: number;
	/** how slow APIXO and the storage of its files are */
	delayMs: { submit: number; status: number; file: number };
	/** after how many milliseconds of its round it is started */
	startsAfterMs: number;
	/** with which workflow each Retry is done: as it is now, or as it was */
	retriesWithCurrent: boolean[];
	/** whether another workflow calls this one and waits for it, so that n8n runs it as a sub-workflow */
	isCalled: boolean;
	/** the number of the run whose workflow this one shares, so that their executions overlap */
	workflowOf: number;
}

/** In which time all runs of a round are started, in ms. */
const SPREAD_MS = { short: 8_000, long: 50_000 };

export type Form = keyof typeof SPREAD_MS;

/** How often what takes long is drawn. */
const RARE: Record<Form, number> = { short: 0, long: 1 };

const GENERATION_MS: Record<Form, [from: number, to: number]> = {
	short: [5_000, 40_000],
	long: [25_000, 110_000],
};

function drawItems(
	draw: Draw,
	tag: string,
	count: number,
	mayOutlive: boolean,
	form: Form,
): RunItem[] {
	const [from, to] = GENERATION_MS[form];
	return Array.from({ length: count }, (_, item) => ({
		prompt: `${tag} item ${item}.`,
		generationMs: mayOutlive && draw.chance(0.5) ? Infinity : draw.whole(from, to),
		fails: draw.chance(0.05 * RARE[form]),
	}));
}

/**
 * What an execution draws for itself where it shares the workflow of another. Some ask for the very
 * same as that one: then each of the two pays for itself.
 *
 * @param plan of the run whose workflow it is
 */
function drawOverlapping(plan: RunPlan, draw: Draw, number: number, form: Form): RunPlan {
	const tag = `run ${number}:`;
	const items = drawItems(draw, tag, plan.items.length, plan.timeout !== undefined, form);
	const startsAfterMs = plan.startsAfterMs + draw.whole(0, 3_000);
	const asksForTheSame = draw.chance(0.4);
	return { ...plan, number, startsAfterMs, ...(asksForTheSame ? {} : { tag, items }) };
}

/** @param form the short one has nothing that is parked more than once or twice */
export function drawRun(seed: number, number: number, form: Form): RunPlan {
	const draw = drawer(seed * 1_000_003 + number);
	const overlapping = drawer(seed * 1_000_033 + number);
	if (number >= WAYS.length && overlapping.chance(0.25)) {
		return drawOverlapping(drawRun(seed, number - WAYS.length, form), overlapping, number, form);
	}
	const tag = `run ${number}:`;
	const way = WAYS[number % WAYS.length];
	const isLoop = draw.chance(0.35 * RARE[form]);
	const mayOutlive = draw.chance(0.2 * RARE[form]);
	const batchSize = isLoop ? draw.whole(1, 2) : undefined;
	const hasWaitNode = draw.chance((isLoop ? 0.2 : 0.3) * RARE[form]);
	const rounds = mayOutlive || hasWaitNode ? 2 : draw.whole(2, 3);
	const count = batchSize === undefined ? draw.whole(1, 5) : batchSize * rounds;
	return {
		number,
		tag,
		way,
		items: drawItems(draw, tag, count, mayOutlive, form),
		batchSize,
		limit: form === 'short' ? count : draw.whole(1, count),
		volatile: draw.one(VOLATILE),
		download: draw.chance(0.5),
		onError: draw.one(isLoop ? ON_ERROR_IN_LOOP : ON_ERROR),
		retryOnFail: draw.chance(0.3),
		hasWaitNode,
		saveExecutionProgress: draw.chance(0.3),
		timeout: mayOutlive ? draw.whole(90, 130) / 60 : undefined,
		firstLook: isLoop || form === 'short' || draw.chance(0.8) ? draw.whole(62, 90) : undefined,
		delayMs: {
			submit: draw.whole(200, 5_000),
			status: draw.whole(50, 3_000),
			file: draw.whole(500, 8_000),
		},
		startsAfterMs: draw.whole(0, SPREAD_MS[form]),
		retriesWithCurrent: Array.from({ length: 20 }, () => draw.chance(0.5)),
		isCalled: draw.chance(0.25),
		workflowOf: number,
	};
}
