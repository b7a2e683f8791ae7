import type { Emulator } from '../../../emulator/index.mts';
import { required } from '../../support/required.mts';

interface FinishedTask {
	taskId: string;
	/** Unix milliseconds */
	createTime: number;
	/** Unix milliseconds */
	completeTime: number;
}

/** @throws if a task is not final */
export function finishedTasks(apixo: Pick<Emulator, 'tasks'>): FinishedTask[] {
	return apixo.tasks().map(({ taskId, createTime, completeTime }) => ({
		taskId,
		createTime,
		completeTime: required(completeTime, `end of task ${taskId}`),
	}));
}

/**
 * For each task, how long it was final before a status response said so.
 *
 * @returns milliseconds
 * @throws if a task is not final
 */
export function lagsOf(apixo: Pick<Emulator, 'tasks' | 'requests'>): number[] {
	const polls = apixo.requests({ kind: 'status' });
	return finishedTasks(apixo).flatMap(({ taskId, completeTime }) => {
		const telling = polls.find((poll) => poll.taskId === taskId && poll.at >= completeTime);
		return telling?.endedAt === undefined ? [] : [telling.endedAt - completeTime];
	});
}
