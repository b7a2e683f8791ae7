import type { Failure, Outcome } from '../wan/failure';
import { type Task, isFinal } from '../wan/task';
import { inParallel } from './parallel';

type Look = (taskId: string) => Promise<Outcome<Task>>;

/** What a callback led to. */
export type Gathered =
	| { kind: 'all'; tasks: Task[] }
	/** The reported task is final, others are not. */
	| { kind: 'noted' }
	/** APIXO does not confirm what was reported. */
	| { kind: 'unconfirmed' }
	| { kind: 'trouble'; failure: Failure };

const PARALLEL_LOOKS = 10;

/**
 * Finds out whether all tasks of a parked execution are final, with as few questions to APIXO as
 * can be. Callbacks come in crowds, so they are gathered into rounds: a round asks once for each
 * task that was reported since the last one, then for others until one is unfinished. Over all
 * callbacks of n tasks that is at most about 2n questions, in a crowd about n.
 *
 * What it knows is only a shortcut: a parked execution keeps nothing between two callbacks, so
 * after a restart, or in another process, APIXO is asked once more.
 */
export class Gathering {
	private readonly final = new Map<string, Task>();

	private reports = new Set<string>();

	private current: Promise<unknown> = Promise.resolve();

	private next?: Promise<Map<string, Outcome<Task>>>;

	constructor(private readonly taskIds: string[]) {}

	/** Takes a callback for a task. Answers after a round of questions that began after it came. */
	async report(taskId: string, look: Look): Promise<Gathered> {
		this.reports.add(taskId);
		this.next ??= this.current.catch(() => {}).then(async () => await this.round(look));
		const seen = (await this.next).get(taskId);
		if (seen?.ok === false) return { kind: 'trouble', failure: seen.failure };
		if (!this.final.has(taskId)) return { kind: 'unconfirmed' };
		const tasks = this.taskIds.flatMap((id) => this.final.get(id) ?? []);
		return tasks.length === this.taskIds.length ? { kind: 'all', tasks } : { kind: 'noted' };
	}

	private unknown(taskIds: Iterable<string>): string[] {
		return [...taskIds].filter((taskId) => !this.final.has(taskId));
	}

	private async round(look: Look): Promise<Map<string, Outcome<Task>>> {
		const reports = this.unknown(this.reports);
		this.reports = new Set();
		const seen = new Map<string, Outcome<Task>>();
		const asked = this.askAll(reports, look, seen).then(async () => await this.probe(look, seen));
		this.current = asked;
		this.next = undefined;
		await asked;
		return seen;
	}

	private async askAll(
		taskIds: string[],
		look: Look,
		seen: Map<string, Outcome<Task>>,
	): Promise<void> {
		await inParallel(taskIds.length, PARALLEL_LOOKS, async (index) => {
			const taskId = taskIds[index];
			const outcome = await look(taskId);
			seen.set(taskId, outcome);
			if (outcome.ok && isFinal(outcome.value)) {
				this.final.set(taskId, { ...outcome.value, taskId });
			}
		});
	}

	/** Callbacks can be lost: asks for tasks that nobody reported, until one is unfinished. */
	private async probe(look: Look, seen: Map<string, Outcome<Task>>): Promise<void> {
		const others = this.unknown(this.taskIds).reverse();
		for (let start = 0; start < others.length && this.reports.size === 0; ) {
			// One by one at first: a look at an unfinished task is wasted.
			const batch = others.slice(start, start + 1 + Math.floor(start / 8));
			if (batch.some((taskId) => seen.has(taskId))) return;
			await this.askAll(batch, look, seen);
			if (this.unknown(batch).length > 0) return;
			start += batch.length;
		}
	}
}

/** The gatherings of this process; the oldest makes room for a new one. */
export class Gatherings {
	private readonly byKey = new Map<string, Gathering>();

	constructor(private readonly capacity: number) {}

	/** @param key names the execution, and the service that its tasks live at */
	of(key: string, taskIds: string[]): Gathering {
		let gathering = this.byKey.get(key);
		if (gathering === undefined) {
			gathering = new Gathering(taskIds);
			this.byKey.set(key, gathering);
			const [oldest] = this.byKey.keys();
			if (this.byKey.size > this.capacity) this.byKey.delete(oldest);
		}
		return gathering;
	}

	/** For an execution that was resumed: a task holds everything that APIXO sent of it. */
	forget(key: string): void {
		this.byKey.delete(key);
	}
}
