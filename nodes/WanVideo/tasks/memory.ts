import { createHash } from 'crypto';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { Result } from '../../apixo/result';
import { isRecord } from '../../shared/values';
import { requestFields } from '../descriptions/request';
import { priceOf, sumUsd } from '../model/price';
import type { WanRequest } from '../model/request';
import type { Marks, RecentScope, Sent } from './recent';

/** What is to be made for an item. */
export interface Wish {
	item: number;
	/** With what stands for files of the item. */
	request: WanRequest;
	/** What the item's files hold, where the request is made from any. */
	files?: string;
}

/** What an earlier try of an item left. */
export type Remembered =
	| { kind: 'submitted'; taskId: string; key: string }
	/** The submission's outcome is unknown: it may have been accepted and billed. */
	| { kind: 'ambiguous'; key: string };

/** In place of a task ID, which is never empty. Plain text, because n8n reads it at each callback. */
const AMBIGUOUS = '';

const REQUEST_PARAMETERS = [...new Set(requestFields.map(({ name }) => name))];

export const fingerprint = (value: unknown) =>
	createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 24);

/** What of the node makes the request, with its expressions as they are saved. */
function panelOf(context: IExecuteFunctions): unknown[] {
	const { parameters } = context.getNode();
	return REQUEST_PARAMETERS.map((name) => parameters[name] ?? null);
}

/**
 * What an execution knows about the tasks it paid for. n8n saves a node's context with the
 * execution, so it survives parking, Retry On Fail and both kinds of Retry in the UI.
 *
 * A task belongs to a place (run of the node, and item) and to a wish: to what the item was made
 * from, which is the panel with its expressions unevaluated, and the input item: its JSON, and what
 * its files hold where the request is made from any. While these are the same, the task is found
 * again whatever the expressions give now (a random seed, the time, an address that was signed anew).
 * Where the panel was changed, it is found by an equal request.
 */
export class TaskMemory {
	/** Task ID or AMBIGUOUS, by `<run>.<item>.<request>.<wish>`; version 0.1 saved no wish. */
	private readonly tasks: IDataObject;

	/** How often each place was submitted, with tasks that failed since. */
	private readonly submissions: IDataObject;

	/** The keys of a place, the newest last. */
	private readonly keys = new Map<string, string[]>();

	/** Of the keys of this run. */
	private readonly run: string;

	private readonly panel: unknown[];

	private readonly store: IDataObject;

	/** Tasks of other executions that were taken over. */
	private readonly adopted = new Set<string>();

	/**
	 * @param runIndex which run of the node in this execution it is
	 * @param isPerRequest true for tool calls: each try of a tool call is a run of its own to n8n,
	 * so only the request itself tells that it is the same; it is forgotten once delivered
	 * @param recent where tasks are kept for other executions, if they are
	 */
	constructor(
		private readonly context: IExecuteFunctions,
		runIndex: number,
		private readonly isPerRequest: boolean,
		private readonly recent?: RecentScope,
	) {
		const store = context.getContext('node') as IDataObject;
		this.store = store;
		this.tasks = this.stored('tasks');
		this.submissions = this.stored('submissions');
		this.run = isPerRequest ? 'tool' : String(runIndex);
		this.panel = panelOf(context);
		for (const key of Object.keys(this.tasks)) this.index(key);
	}

	/** A part of the node's context, which is changed in place. */
	private stored(name: string): IDataObject {
		const part = this.store[name];
		const stored = isRecord(part) ? (part as IDataObject) : {};
		this.store[name] = stored;
		return stored;
	}

	private placeOf(item: number): string {
		return this.isPerRequest ? this.run : `${this.run}.${item}`;
	}

	private index(key: string): void {
		const parts = key.split('.');
		const place = parts[0] === 'tool' ? 'tool' : parts.slice(0, 2).join('.');
		this.keys.set(place, [...(this.keys.get(place) ?? []), key]);
	}

	/** What an item is made from: the ends that its key may have, after its place. */
	marks({ item, request, files }: Wish): Marks {
		const requested = fingerprint(request);
		if (this.isPerRequest) return { requested };
		const { json } = this.context.getInputData()[item];
		const wish = [this.panel, json, ...(files === undefined ? [] : [files])];
		return { requested, wished: fingerprint(wish) };
	}

	find(wish: Wish): Remembered | undefined {
		const { requested, wished } = this.marks(wish);
		const place = this.placeOf(wish.item);
		const matches = (this.keys.get(place) ?? []).filter((key) => {
			const [ofRequest, ofWish] = key.slice(place.length + 1).split('.');
			return ofRequest === requested || (wished !== undefined && ofWish === wished);
		});
		const key = matches.filter((one) => typeof this.tasks[one] === 'string').at(-1);
		if (key === undefined) return undefined;
		const taskId = this.tasks[key] as string;
		return taskId === AMBIGUOUS ? { kind: 'ambiguous', key } : { kind: 'submitted', taskId, key };
	}

	/**
	 * What the node has spent in this execution and those that it repeats, as estimated: in all of its
	 * runs, with tasks that failed, and with submissions of unknown outcome.
	 */
	get spentUsd(): number {
		const { spentUsd } = this.store;
		return typeof spentUsd === 'number' ? spentUsd : 0;
	}

	/** The task that an earlier try of this run paid for. */
	taskIdOf(wish: Wish): string | undefined {
		const remembered = this.find(wish);
		return remembered?.kind === 'submitted' ? remembered.taskId : undefined;
	}

	/** The newest task at the place of an item, for one of which it is not known what it is made from. */
	newestTaskIdOf(item: number): string | undefined {
		if (this.isPerRequest) return undefined;
		const keys = this.keys.get(this.placeOf(item)) ?? [];
		return keys
			.map((key) => this.tasks[key])
			.filter((taskId): taskId is string => typeof taskId === 'string' && taskId !== AMBIGUOUS)
			.at(-1);
	}

	/** Names the submission that an item would need now, if its task is not known. */
	nextSubmissionOf(item: number): string {
		const place = this.placeOf(item);
		return `${place}.${Number(this.submissions[place] ?? 0)}`;
	}

	/**
	 * @param taskId undefined if it is not known whether the submission was accepted
	 * @returns what to forget it by
	 */
	remember(wish: Wish, taskId: string | undefined): string {
		this.spend(wish.request);
		const place = this.placeOf(wish.item);
		this.submissions[place] = Number(this.submissions[place] ?? 0) + 1;
		return this.keep(wish, taskId ?? AMBIGUOUS);
	}

	/** Takes over a task that another execution paid for, so that it is not paid here. */
	adopt(wish: Wish, taskId: string): string {
		this.adopted.add(taskId);
		return this.keep(wish, taskId);
	}

	/** Whether another execution, or another call of the tool, paid for it. */
	isAdopted(taskId: string): boolean {
		return this.adopted.has(taskId);
	}

	/** What a model is told of its task, if it was not paid for just now. */
	noteOf(taskId: string): string | undefined {
		return this.isPerRequest && this.isAdopted(taskId) ? this.recent?.note : undefined;
	}

	/** Sends a submission, unless another call of the tool is sending the same just now. */
	async send(wish: Wish, submit: () => Promise<Result<string>>): Promise<Sent> {
		if (this.recent === undefined) return { result: await submit(), isShared: false };
		return await this.recent.send(wish.item, this.marks(wish), submit);
	}

	/** Counts against the spending limit of the execution. */
	spend(request: WanRequest): void {
		this.store.spentUsd = sumUsd([this.spentUsd, priceOf(request).estimatedCostUsd]);
	}

	private keep(wish: Wish, taskId: string): string {
		const { requested, wished } = this.marks(wish);
		const key = [
			this.placeOf(wish.item),
			requested,
			...(wished === undefined ? [] : [wished]),
		].join('.');
		if (!(key in this.tasks)) this.index(key);
		this.tasks[key] = taskId;
		return key;
	}

	/** For a task that failed at APIXO: the next try submits anew. */
	forget(key: string): void {
		this.recent?.forget(String(this.tasks[key]));
		delete this.tasks[key];
	}

	/** Marks a result as handed over. A tool that is asked the same again means a new video. */
	delivered(key: string): void {
		if (!this.isPerRequest) return;
		this.recent?.handOver(String(this.tasks[key]));
		delete this.tasks[key];
	}
}
