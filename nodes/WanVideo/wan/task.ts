import { adviceFor } from './advice';
import { type Failure, type Outcome, failed, success } from './failure';
import { excerpt, isRecord, isShallow } from './values';

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

/** A task with more videos than this is none that the model makes. */
const MOST_VIDEOS = 50;

/** Characters kept of what the service says about a failure. */
const LONGEST_REASON = 2_000;
const LONGEST_TASK_ID = 200;

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

const reason = (value: unknown) => text(value)?.slice(0, LONGEST_REASON);

/** The ID in the data of an answer or a callback, which a gateway may have made a number. */
export function readTaskId(data: unknown): string | undefined {
	const { taskId } = isRecord(data) ? data : {};
	const id = Number.isSafeInteger(taskId) ? String(taskId) : text(taskId);
	const isSound = id !== undefined && id.length <= LONGEST_TASK_ID && !/[\p{Cc}\p{Cs}]/u.test(id);
	return isSound ? id : undefined;
}

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
	return Array.isArray(urls) ? urls.filter(isWebUrl).slice(0, MOST_VIDEOS) : [];
}

/**
 * Reads the `data` of a status answer.
 * @returns undefined if it is no task at all (then the answer was unreadable)
 */
export function parseTask(data: unknown, expectedTaskId: string): Task | undefined {
	if (!isRecord(data) || !isShallow(data)) return undefined;
	const state = text(data.state);
	if (state === undefined) return undefined;
	const parsed = parseJson(data.resultJson);
	const result = isShallow(parsed) ? parsed : undefined;
	return {
		taskId: readTaskId(data) ?? expectedTaskId,
		state,
		videoUrls: urlsIn(result),
		result,
		failCode: reason(data.failCode),
		failMsg: reason(data.failMsg),
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
	const why = excerpt(failMsg ?? failCode ?? 'APIXO gave no reason');
	return {
		message: `Task ${taskId} failed at APIXO: ${why}`,
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
