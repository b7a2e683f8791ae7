import type { Failure, Outcome } from '../wan/failure';
import { type Task, isFinal } from '../wan/task';
import type { Findings } from './findings';

type Look = (taskId: string) => Promise<Outcome<Task>>;

/** What a callback led to: all tasks, or not all of them are final, or APIXO could not be asked. */
export type Gathered =
	| { kind: 'all'; tasks: Task[] }
	| { kind: 'unfinished'; reportedIsFinal: boolean }
	| { kind: 'trouble'; failure: Failure };

/**
 * Asks APIXO whether all tasks are final, with as few questions as can be: the reported one first,
 * then others from the end until one is unfinished, more at once while all are final. Over all
 * callbacks of n tasks that is about 2n requests, not n².
 */
export async function gather(
	reported: string,
	taskIds: string[],
	look: Look,
	findings: Findings,
): Promise<Gathered> {
	const final = new Map<string, Task>();
	for (const taskId of taskIds) {
		const earlier = findings.get(taskId);
		if (earlier !== undefined) final.set(taskId, earlier);
	}
	const ask = async (taskId: string): Promise<Outcome<Task>> => {
		const seen = await look(taskId);
		if (seen.ok && isFinal(seen.value)) {
			const task = { ...seen.value, taskId };
			final.set(taskId, task);
			findings.add(task);
		}
		return seen;
	};

	if (!final.has(reported)) {
		const seen = await ask(reported);
		if (!seen.ok) return { kind: 'trouble', failure: seen.failure };
		if (!final.has(reported)) return { kind: 'unfinished', reportedIsFinal: false };
	}
	const others = taskIds.filter((taskId) => !final.has(taskId)).reverse();
	for (let start = 0, size = 1; start < others.length; start += size, size *= 2) {
		const seen = await Promise.all(others.slice(start, start + size).map(ask));
		for (const outcome of seen) {
			if (!outcome.ok) return { kind: 'trouble', failure: outcome.failure };
		}
		if (others.slice(start, start + size).some((taskId) => !final.has(taskId))) {
			return { kind: 'unfinished', reportedIsFinal: true };
		}
	}
	return { kind: 'all', tasks: taskIds.map((taskId) => final.get(taskId) as Task) };
}
