import { adviceFor } from './advice';
import { type Failure, type Outcome, failed, success } from './failure';

/** A task as APIXO reported it, read defensively: only `taskId` and `state` are certain. */
export interface Task {
	taskId: string;
	/** `pending`, `processing`, `success`, `failed`, or one that this version does not know. */
	state: string;
	videoUrls: string[];
	/** The parsed `resultJson`, if it was readable. */
	result?: unknown;
	failCode?: string;
	failMsg?: string;
	/** Unix milliseconds. */
	createTime?: number;
	/** Unix milliseconds. */
	completeTime?: number;
	/** Milliseconds. */
	costTime?: number;
	/** The task exactly as it was sent. */
	raw: Record<string, unknown>;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

const number = (value: unknown) =>
	typeof value === 'number' && Number.isFinite(value) ? value : undefined;

function parseJson(value: unknown): unknown {
	if (typeof value !== 'string') return value;
	try {
		return JSON.parse(value);
	} catch {
		return undefined;
	}
}

const isWebUrl = (value: unknown): value is string =>
	typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value);

function urlsIn(result: unknown): string[] {
	const urls = isRecord(result) ? result.resultUrls : undefined;
	return Array.isArray(urls) ? urls.filter(isWebUrl) : [];
}

/**
 * Reads the `data` of a status answer.
 * @returns undefined if it is no task at all (then the answer was unreadable)
 */
export function parseTask(data: unknown, expectedTaskId: string): Task | undefined {
	if (!isRecord(data)) return undefined;
	const state = text(data.state);
	if (state === undefined) return undefined;
	const result = parseJson(data.resultJson);
	return {
		taskId: text(data.taskId) ?? expectedTaskId,
		state,
		videoUrls: urlsIn(result),
		result,
		failCode: text(data.failCode),
		failMsg: text(data.failMsg),
		createTime: number(data.createTime),
		completeTime: number(data.completeTime),
		costTime: number(data.costTime),
		raw: data,
	};
}

/** Only these two are final; a state that this version does not know is not. */
export const isFinal = ({ state }: Task): boolean => state === 'success' || state === 'failed';

function failureOf(task: Task): Failure {
	const { taskId, state, failCode, failMsg } = task;
	const reason = failMsg ?? failCode ?? 'APIXO gave no reason';
	return {
		message: `Task ${taskId} failed at APIXO: ${reason}`,
		hint: adviceFor(failCode),
		details: { taskId, state, failCode, failMsg },
	};
}

/** What a final task means for its item: a task with at least one video, or a failure. */
export function outcomeOf(task: Task): Outcome<Task> {
	if (task.state === 'failed') return failed(failureOf(task));
	if (task.videoUrls.length > 0) return success(task);
	return failed({
		message: `Task ${task.taskId} is finished, but APIXO's answer holds no video URL`,
		hint: 'The video is paid for and its task ID is kept. Look at the task again with the Get operation, or ask APIXO support with the task ID.',
		details: { taskId: task.taskId, state: task.state },
	});
}
