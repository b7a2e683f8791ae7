import { type Task, parseTask } from '../../../nodes/apixo/task.ts';
import { type Result, ok } from '../../../nodes/apixo/result.ts';
import type { WanRequest } from '../../../nodes/WanVideo/model/request.ts';
import { required } from '../../support/required.mts';

const RESULT = '{"resultUrls":["https://file.apixo.ai/video.mp4"]}';

/** What APIXO says of a task. */
export const taskData = (state: string, more: Record<string, unknown> = {}) => ({
	taskId: 'task_1',
	state,
	resultJson: RESULT,
	...more,
});

export const taskIn = (state: string, more?: Record<string, unknown>): Task =>
	required(parseTask(taskData(state, more), 'task_1'), 'task');

/** A poll's result. */
export const polled = (state: string, more?: Record<string, unknown>): Result<Task> =>
	ok(taskIn(state, more));

export const REQUEST: WanRequest = {
	mode: 'text-to-video',
	prompt: 'a fox',
	resolution: '720p',
	duration: 5,
};

/** A finished task with these times. */
export const finished = (
	times: Partial<Pick<Task, 'createTime' | 'completeTime' | 'costTime'>>,
): Task => ({ ...taskIn('success'), ...times });
