import { type Task, isFinal } from '../../apixo/task';
import { mapConcurrently } from '../../shared/concurrency';
import type { Failure, Result } from '../../apixo/result';

export type GetTask = (taskId: string) => Promise<Result<Task>>;

/** What a callback led to. */
export type Collected =
	| { kind: 'all'; tasks: Task[] }
	/** The reported task is final, others are not. */
	| { kind: 'noted' }
	/** The task is asked for in a round that enough other callbacks wait for. */
	| { kind: 'joined' }
	/** APIXO does not confirm what was reported. */
	| { kind: 'unconfirmed' }
	| { kind: 'trouble'; failure: Failure };

const MAX_CONCURRENT_REQUESTS = 20;

/** As many callbacks wait for a round: should it come to nothing, they are delivered again. */
const MAX_WAITING = 5;

/**
 * Finds out whether all tasks of a parked execution are final, with as few requests to APIXO as
 * possible. Callbacks come in crowds, so they are collected in rounds: a round asks once for each
 * task that was reported since the last one, then for others until one is unfinished. Over all
 * callbacks of n tasks that is at most about 2n requests, in a crowd about n. Of those that join
 * a round only a few are kept waiting, because n8n holds a copy of the execution for each.
 *
 * What it knows is only a shortcut: a parked execution keeps nothing between two callbacks, so
 * after a restart, or in another process, APIXO is asked once more.
 */
export class Collector {
	/** The task whose callback resumes the execution. */
	resumer?: string;

	private readonly final = new Map<string, Task>();

	private reports = new Set<string>();

	private current: Promise<unknown> = Promise.resolve();

	private next?: Promise<Map<string, Result<Task>>>;

	private waiting = 0;

	private readonly taskIds: string[];

	constructor(taskIds: string[]) {
		this.taskIds = [...new Set(taskIds)];
	}

	/** Takes a callback for a task. Answers after a round of requests that began after it came. */
	async report(taskId: string, getTask: GetTask): Promise<Collected> {
		this.reports.add(taskId);
		if (this.waiting === MAX_WAITING) return { kind: 'joined' };
		this.waiting += 1;
		this.next ??= this.current.catch(() => {}).then(async () => await this.round(getTask));
		const seen = (await this.next).get(taskId);
		if (seen?.ok === false) return { kind: 'trouble', failure: seen.failure };
		if (!this.final.has(taskId)) return { kind: 'unconfirmed' };
		if (this.final.size < this.taskIds.length) return { kind: 'noted' };
		return { kind: 'all', tasks: this.taskIds.map((id) => this.final.get(id) as Task) };
	}

	private unknown(taskIds: Iterable<string>): string[] {
		return [...taskIds].filter((taskId) => !this.final.has(taskId));
	}

	private async round(getTask: GetTask): Promise<Map<string, Result<Task>>> {
		const reports = this.unknown(this.reports);
		this.reports = new Set();
		const seen = new Map<string, Result<Task>>();
		const asked = this.askAll(reports, getTask, seen).then(
			async () => await this.probe(getTask, seen),
		);
		this.current = asked;
		this.next = undefined;
		this.waiting = 0;
		await asked;
		return seen;
	}

	private async askAll(
		taskIds: string[],
		getTask: GetTask,
		seen: Map<string, Result<Task>>,
	): Promise<void> {
		await mapConcurrently(taskIds, MAX_CONCURRENT_REQUESTS, async (taskId) => {
			const result = await getTask(taskId);
			seen.set(taskId, result);
			if (result.ok && isFinal(result.value)) {
				this.final.set(taskId, { ...result.value, taskId });
			}
		});
	}

	/** Callbacks can be lost: asks for tasks that nobody reported, until one is unfinished. */
	private async probe(getTask: GetTask, seen: Map<string, Result<Task>>): Promise<void> {
		const others = this.unknown(this.taskIds).reverse();
		for (let start = 0; start < others.length && this.reports.size === 0; ) {
			// One by one at first: a request for an unfinished task is wasted.
			const batch = others.slice(start, start + 1 + Math.floor(start / 8));
			if (batch.some((taskId) => seen.has(taskId))) return;
			await this.askAll(batch, getTask, seen);
			if (this.unknown(batch).length > 0) return;
			start += batch.length;
		}
	}
}

/** The collectors of this process; the oldest that resumes nothing makes room for a new one. */
export class Collectors {
	private readonly byKey = new Map<string, Collector>();

	constructor(private readonly capacity: number) {}

	/** @param key names what was parked together */
	of(key: string, taskIds: () => string[]): Collector {
		let collector = this.byKey.get(key);
		if (collector === undefined) {
			collector = new Collector(taskIds());
			this.byKey.set(key, collector);
			if (this.byKey.size > this.capacity) this.makeRoom();
		}
		return collector;
	}

	private makeRoom(): void {
		const [oldest] = [...this.byKey].find(([, { resumer }]) => resumer === undefined) ?? [];
		if (oldest !== undefined) this.byKey.delete(oldest);
	}

	/** For an execution that was resumed: a task holds everything that APIXO sent of it. */
	forget(key: string): void {
		this.byKey.delete(key);
	}
}
