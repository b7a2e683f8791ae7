import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { Failure } from '../../apixo/result';
import { isRecord } from '../../shared/values';
import type { RequestFacts } from '../model/output';
import type { WanRequest } from '../model/request';
import type { OutputOptions } from '../run/output';
import type { Sum } from '../run/tally';
import type { AwaitedTask } from '../tasks/polling';
import type { Overrides } from '../tasks/schedule';

/**
 * However many tasks may be under way: what began since the execution was parked last is lost should
 * n8n be killed, so after so many it is parked in between.
 */
export const MAX_UNSAVED_ITEMS = 100;

/** How an item is waited for, and what comes out of it. */
export interface Terms {
	output: OutputOptions;
	pace: Overrides;
	timeoutMs: number;
	/** What the output tells of the request, where the node knows it. */
	facts?: RequestFacts;
	/** What a model is told of the task. */
	note?: string;
	/** Of which durations are known, where the node knows the request. */
	kind?: string;
}

interface PlannedRequest {
	/** With what stands for files of the item: an address would not be good for long. */
	request: WanRequest;
	/** What the item's files hold, where the request is made from any. */
	files?: string;
}

/** Not begun yet. */
export interface PlannedItem {
	kind: 'planned';
	terms: Terms;
	/** What is to be submitted, or a task that exists already. */
	source: PlannedRequest | { taskId: string };
}

export interface AwaitedItem {
	kind: 'awaited';
	terms: Terms;
	task: AwaitedTask;
	/** What the memory of paid tasks forgets it by. */
	key?: string;
	/** Whether APIXO was asked to report it to this execution. */
	isReported: boolean;
	/** Whether the execution was woken for it: nothing else will tell of its end. */
	isCalled?: boolean;
	/** When it was submitted, or polled last; Unix milliseconds. */
	heardAt: number;
}

/** The task is finished. */
export interface FinalItem {
	kind: 'final';
	terms: Terms;
	taskId: string;
	/** As APIXO sent it. */
	raw: Record<string, unknown>;
	key?: string;
}

interface FailedItem {
	kind: 'failed';
	failure: Failure;
}

/** How far an item has come. */
export type ItemState = PlannedItem | AwaitedItem | FinalItem | FailedItem;

/** The task of an item, if it has one that is known. What failed names its own. */
export function taskIdOf(state: ItemState): string | undefined {
	if (state.kind === 'awaited') return state.task.taskId;
	if (state.kind === 'final') return state.taskId;
	return state.kind === 'planned' && 'taskId' in state.source ? state.source.taskId : undefined;
}

/**
 * The wait of one run of the node. n8n saves it with a parked execution, so its names must stay: an
 * execution may be parked while the package is updated.
 */
export interface WaitRecord {
	/** n8n's Retry gives a copy to an execution of another ID. */
	executionId: string;
	/** Set while parked; Unix milliseconds. */
	parkedUntil?: number;
	/** When n8n may go on with the execution once more, whatever has parked it by then. */
	timer?: number;
	/** How often it ended with a failure in this execution: n8n's Retry On Fail starts it anew. */
	failures: number;
	/** How many tasks may be under way at once. */
	limit: number;
	hints: string[];
	items: ItemState[];
	/** What it came to before the execution was parked. */
	sum?: Sum;
}

/**
 * Gives one object for all terms that are equal. n8n reads all that is parked at each callback, which
 * takes it longer the more objects there are; one that stands in several places counts once.
 */
export function sharedTerms(): (terms: Terms) => Terms {
	const known = new Map<string, Terms>();
	return (terms) => {
		const key = JSON.stringify(terms);
		const shared = known.get(key) ?? terms;
		known.set(key, shared);
		return shared;
	};
}

/** The waits of a node, in what n8n saves of it; by run. */
const waitsIn = (store: Record<string, unknown>): Record<string, unknown> =>
	isRecord(store.waits) ? store.waits : {};

const isWaitRecord = (value: unknown): value is WaitRecord =>
	isRecord(value) && typeof value.executionId === 'string' && Array.isArray(value.items);

export function findWait(context: IExecuteFunctions, runIndex: number): WaitRecord | undefined {
	const wait = waitsIn(context.getContext('node'))[runIndex];
	return isWaitRecord(wait) ? wait : undefined;
}

/** @param wait undefined when nothing of it is needed any more */
export function saveWait(
	context: IExecuteFunctions,
	runIndex: number,
	wait: WaitRecord | undefined,
): void {
	const store = context.getContext('node') as IDataObject;
	const waits: Record<string, unknown> = { ...waitsIn(store), [runIndex]: wait };
	if (wait === undefined) delete waits[runIndex];
	if (Object.keys(waits).length > 0) store.waits = waits as IDataObject;
	else delete store.waits;
}

/**
 * The wait that has parked an execution, if one has: the latest, since those of an execution that was
 * retried may stand beside it.
 */
export const parkedWait = (store: Record<string, unknown>): WaitRecord | undefined =>
	Object.values(waitsIn(store))
		.filter(isWaitRecord)
		.filter(({ parkedUntil }) => parkedUntil !== undefined)
		.sort((a, b) => Number(a.parkedUntil) - Number(b.parkedUntil))
		.at(-1);
