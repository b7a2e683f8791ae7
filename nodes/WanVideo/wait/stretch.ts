import type { INodeExecutionData } from 'n8n-workflow';
import type { ApixoClient } from '../../apixo/client';
import { type Result, STOPPED, err, withTaskId } from '../../apixo/result';
import { type Task, isFinal, parseTask } from '../../apixo/task';
import { mapConcurrently } from '../../shared/concurrency';
import type { Way } from '../descriptions/waitFor';
import { resultOf } from '../model/taskResult';
import { isStoppingOnError, workSafely } from '../run/items';
import { toOutputItem } from '../run/output';
import type { Run } from '../run/run';
import { knownDurations } from '../tasks/durations';
import type { TaskMemory } from '../tasks/memory';
import { waitUntilFinal } from '../tasks/polling';
import {
	PUNCTUAL_MS,
	type Schedule,
	callbackSchedule,
	learningSchedule,
	parkedSchedule,
	scheduleOfKnownTask,
} from '../tasks/schedule';
import {
	type AwaitedItem,
	type FinalItem,
	type ItemState,
	MAX_UNSAVED_ITEMS,
	type PlannedItem,
	type WaitRecord,
} from './record';

/** A task that is under way from now on. */
export interface Begun {
	taskId: string;
	/** Whether it was submitted just now. */
	isNew: boolean;
	/** The task as it is now, if it was asked for. */
	task?: Task;
	/** What the memory of paid tasks forgets it by. */
	key?: string;
	/** What a model is told of it. */
	note?: string;
}

/** What is to be waited for, and how. */
export interface WaitJob {
	way: Way;
	client: ApixoClient;
	/** What was paid for, where the job pays. */
	memory?: TaskMemory;
	/** All items as they begin. */
	plan(): Promise<Pick<WaitRecord, 'items' | 'hints' | 'limit'>>;
	/**
	 * Submits an item, or finds its task.
	 *
	 * @param deadline Unix milliseconds
	 */
	begin(planned: PlannedItem, item: number, deadline: number): Promise<Result<Begun>>;
}

/**
 * A pause that is so much shorter is parked for, too: time goes by after it was planned, and while
 * other items are polled.
 */
const SLACK_MS = 10_000;

const isFar = (pauseMs: number) => pauseMs >= PUNCTUAL_MS - SLACK_MS;

/** A task that was submitted, or polled last, so long ago may have been reported since. */
const UNHEARD_MS = 10_000;

/** Takes the items of a run as far as they go until the execution is parked, or to their end. */
export class Stretch {
	/** What comes out of items that are done with. */
	private readonly outputs = new Map<number, Result<INodeExecutionData>>();

	/** How many items began in this stretch. */
	private begun = 0;

	/** How many are beginning, and are being polled. */
	private beginning = 0;

	private polling = 0;

	private readonly isStopping: boolean;

	constructor(
		private readonly run: Run,
		private readonly job: WaitJob,
		/** Is kept up to date. */
		private readonly wait: Pick<WaitRecord, 'items' | 'limit'>,
		private readonly mayPark: boolean,
	) {
		this.isStopping = isStoppingOnError(run);
	}

	private get items(): ItemState[] {
		return this.wait.items;
	}

	/** How many tasks are under way, or may soon be. */
	private get unsettled(): number {
		const left = this.items.filter(({ kind }) => kind === 'awaited' || kind === 'planned');
		return Math.min(left.length, this.wait.limit);
	}

	/** @returns until when to park, as Unix milliseconds; undefined once there is nothing to wait for */
	async go(): Promise<number | undefined> {
		const { clock, signal } = this.run;
		for (let isHeard = this.job.way !== 'callback'; ; isHeard = true) {
			if (this.isStopping && this.items.some(({ kind }) => kind === 'failed')) this.run.stop();
			await mapConcurrently(
				this.items,
				this.wait.limit,
				async (_, item) => await this.advance(item),
			);
			const now = clock.now();
			const nextMoves = this.nextMoves(now);
			if (signal.aborted || nextMoves.length === 0) return undefined;
			// n8n refuses callbacks while the execution runs.
			if (!isHeard && this.pollNow((item) => item.isReported && now - item.heardAt >= UNHEARD_MS))
				continue;
			const until = Math.min(...nextMoves);
			if (this.mayPark && isFar(until - now)) {
				return Math.max(until, now + PUNCTUAL_MS);
			}
			// Each poll was far when its task was left, but the others took long. Waited for one by one,
			// there would always be one that is near.
			this.pollNow(({ task }) => !isFar((task.nextPoll ?? now) - now));
		}
	}

	/** The output of all items. Videos are downloaded now unless they were before. */
	async outputAll(): Promise<Array<Result<INodeExecutionData>>> {
		return await mapConcurrently(this.items, this.wait.limit, async (state, item) => {
			const output = this.outputs.get(item);
			if (output !== undefined) return output;
			if (state.kind === 'failed') return err(state.failure);
			if (state.kind === 'awaited') return err(withTaskId(state.task.taskId, STOPPED));
			if (state.kind === 'planned' || this.run.signal.aborted) return err(STOPPED);
			const made = await workSafely(this.run, item, async () => await this.output(state));
			if (this.isStopping && !made.ok) this.run.stop();
			return made;
		});
	}

	/** When something is to be done for items that are not settled; Unix milliseconds. */
	private nextMoves(now: number): number[] {
		const polls = this.items.flatMap((item) =>
			item.kind === 'awaited' ? [item.task.nextPoll ?? now] : [],
		);
		const isPlanned = this.items.some(({ kind }) => kind === 'planned');
		if (!isPlanned) return polls;
		if (this.mayBegin()) return [now];
		// Else it waits for a place that another task leaves, or for the next stretch.
		return this.begun < MAX_UNSAVED_ITEMS ? polls : [...polls, now + PUNCTUAL_MS];
	}

	/** Has tasks polled at once. @returns whether there are any */
	private pollNow(isMeant: (item: AwaitedItem) => boolean): boolean {
		const now = this.run.clock.now();
		const meant = this.items.filter(
			(item): item is AwaitedItem => item.kind === 'awaited' && isMeant(item),
		);
		for (const { task } of meant) task.nextPoll = now;
		return meant.length > 0;
	}

	/** Takes an item as far as it goes without parking. */
	private async advance(item: number): Promise<void> {
		if (this.run.signal.aborted) return;
		const failed = await workSafely(this.run, item, async () => await this.tryToAdvance(item));
		if (failed?.ok !== false || failed.failure.kind === 'stopped') return;
		this.items[item] = { kind: 'failed', failure: failed.failure };
		if (this.isStopping) this.run.stop();
	}

	private async tryToAdvance(item: number): Promise<Result<unknown> | undefined> {
		const state = this.items[item];
		if (state.kind === 'planned' && this.mayBegin()) {
			const begun = await this.begin(state, item);
			if (!begun.ok) return begun;
		}
		const awaited = this.items[item];
		if (awaited.kind === 'awaited') {
			const polled = await this.poll(awaited, item);
			if (polled?.ok === false) return polled;
		}
		const final = this.items[item];
		// If the execution is parked, a file that was downloaded before would be left behind.
		if (final.kind !== 'final' || this.mayPark) return undefined;
		const output = await this.output(final);
		this.outputs.set(item, output);
		return output;
	}

	private mayBegin(): boolean {
		if (!this.mayPark) return true;
		if (this.begun >= MAX_UNSAVED_ITEMS) return false;
		// By callback all tasks are submitted, however many.
		if (this.job.way === 'callback') return true;
		const underWay = this.items.filter(({ kind }) => kind === 'awaited').length;
		return underWay + this.beginning < this.wait.limit;
	}

	private async begin(planned: PlannedItem, item: number): Promise<Result<unknown>> {
		const { clock } = this.run;
		const { timeoutMs } = planned.terms;
		const deadline = clock.now() + timeoutMs;
		this.begun += 1;
		this.beginning += 1;
		const begun = await this.job.begin(planned, item, deadline).finally(() => {
			this.beginning -= 1;
		});
		if (!begun.ok) return begun;
		const { taskId, isNew, task, key, note } = begun.value;
		const terms = note === undefined ? planned.terms : { ...planned.terms, note };
		const now = clock.now();
		const awaited: AwaitedItem = {
			kind: 'awaited',
			terms,
			key,
			isReported: isNew && this.job.way === 'callback',
			heardAt: now,
			task: {
				taskId,
				since: task?.createTime ?? now,
				deadline,
				polls: task === undefined ? 0 : 1,
				state: task?.state,
				// One that exists already may be final by now.
				nextPoll: isNew || task !== undefined ? undefined : now + (terms.pace.firstPollMs ?? 0),
			},
		};
		this.items[item] = awaited;
		return task !== undefined && isFinal(task) ? this.finish(awaited, item, resultOf(task)) : begun;
	}

	private scheduleOf({ terms, task, isReported, isCalled }: AwaitedItem): Schedule {
		const { pace, facts, kind } = terms;
		const durations = () => (kind === undefined ? [] : knownDurations.of(kind));
		if (this.mayPark) {
			return isReported && !isCalled
				? callbackSchedule(pace, durations)
				: parkedSchedule(pace, durations, () => this.unsettled);
		}
		return facts !== undefined && task.polls === 0
			? learningSchedule(facts, pace, durations, () => this.polling)
			: scheduleOfKnownTask(pace);
	}

	/** @returns undefined if the task is not final, and its next poll is far */
	private async poll(awaited: AwaitedItem, item: number): Promise<Result<unknown> | undefined> {
		const { clock, signal } = this.run;
		this.polling += 1;
		const result = await waitUntilFinal(awaited.task, {
			poll: async (taskId) => {
				awaited.heardAt = clock.now();
				return await this.job.client.pollTask(taskId);
			},
			schedule: this.scheduleOf(awaited),
			clock,
			signal,
			leavesBefore: this.mayPark ? isFar : undefined,
		}).finally(() => {
			this.polling -= 1;
		});
		return result && this.finish(awaited, item, result);
	}

	/** Notes the end of a task, or of waiting for it. */
	private finish({ terms, task, key }: AwaitedItem, item: number, result: Result<Task>) {
		const { memory } = this.job;
		if (result.ok) {
			const { value } = result;
			if (terms.kind !== undefined) knownDurations.add(terms.kind, value);
			this.items[item] = { kind: 'final', terms, taskId: task.taskId, raw: value.raw, key };
		} else if (result.failure.details.state === 'failed' && key !== undefined) {
			memory?.forget(key);
		}
		return result;
	}

	private async output({ terms, taskId, raw, key }: FinalItem) {
		const task = parseTask(raw, taskId);
		if (task === undefined) throw new Error('A task that was saved cannot be read');
		const { context, signal } = this.run;
		const made = await toOutputItem(context, task, terms.output, signal, terms);
		if (made.ok && key !== undefined) this.job.memory?.delivered(key);
		return made;
	}
}
