import type { Apixo } from '../stage.mts';

interface FinishedTask {
	taskId: string;
	/** Unix milliseconds */
	createTime: number;
	/** Unix milliseconds */
	completeTime: number;
}

/** @throws if a task is not final */
export function finishedTasks(apixo: Pick<Apixo, 'tasks'>): FinishedTask[] {
	return apixo.tasks().map(({ taskId, createTime, completeTime }) => {
		if (completeTime === undefined) throw new Error(`Task ${taskId} is not final`);
		return { taskId, createTime, completeTime };
	});
}

/**
 * For each task, how long it was final before a status response said so.
 *
 * @returns milliseconds
 * @throws if a task is not final
 */
export function lagsOf(apixo: Pick<Apixo, 'tasks' | 'requests'>): number[] {
	const polls = apixo.requests({ kind: 'status' });
	return finishedTasks(apixo).flatMap(({ taskId, completeTime }) => {
		const telling = polls.find((poll) => poll.taskId === taskId && poll.at >= completeTime);
		return telling?.endedAt === undefined ? [] : [telling.endedAt - completeTime];
	});
}
