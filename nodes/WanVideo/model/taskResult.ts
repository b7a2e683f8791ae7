import type { Task } from '../../apixo/task';
import { type Result, err, finalFailure, ok } from '../../apixo/result';
import { excerpt } from '../../shared/values';
import { adviceFor } from './failCodes';

/** What a final task means for its item: a task with at least one video, or a failure. */
export function resultOf(task: Task): Result<Task> {
	const { taskId, state, failCode, failMsg } = task;
	if (state === 'failed') {
		const reason = excerpt(failMsg ?? failCode ?? 'APIXO gave no reason');
		return err(
			finalFailure(`Task ${taskId} failed at APIXO: ${reason}`, adviceFor(failCode), {
				taskId,
				state,
				failCode,
				failMsg,
			}),
		);
	}
	if (task.videoUrls.length > 0) return ok(task);
	return err(
		finalFailure(
			`Task ${taskId} is finished, but APIXO's answer holds no video URL`,
			'The video is paid for and its task ID is kept. Look at the task again with the Get operation, or ask APIXO support with the task ID.',
			{ taskId, state },
		),
	);
}
