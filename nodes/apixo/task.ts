import { parseUrl } from '../shared/urls';
import { isRecord, isShallow, parseJson } from '../shared/values';

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

/** No model makes a task with more videos than this. */
const MAX_VIDEOS = 50;

/** Characters kept of what the service says about a failure. */
const MAX_REASON_CHARACTERS = 2_000;

/** Longer than any that APIXO gave, short enough for a URL. */
export const MAX_TASK_ID_CHARACTERS = 200;

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

const reason = (value: unknown) => text(value)?.slice(0, MAX_REASON_CHARACTERS);

/** The ID in the data of a response or a callback, which a gateway may have made a number. */
export function taskIdIn(data: unknown): string | undefined {
	const { taskId } = isRecord(data) ? data : {};
	const id = Number.isSafeInteger(taskId) ? String(taskId) : text(taskId);
	const isValid =
		id !== undefined && id.length <= MAX_TASK_ID_CHARACTERS && !/[\p{Cc}\p{Cs}]/u.test(id);
	return isValid ? id : undefined;
}

const number = (value: unknown) =>
	typeof value === 'number' && Number.isFinite(value) ? value : undefined;

const isWebUrl = (value: unknown): value is string =>
	typeof value === 'string' && /^https?:\/\//i.test(value) && parseUrl(value) !== undefined;

function urlsIn(result: unknown): string[] {
	const urls = isRecord(result) ? result.resultUrls : undefined;
	return Array.isArray(urls) ? urls.filter(isWebUrl).slice(0, MAX_VIDEOS) : [];
}

/**
 * Reads the `data` of a status response.
 *
 * @returns undefined if it is no task at all (then the response was unreadable)
 */
export function parseTask(data: unknown, expectedTaskId: string): Task | undefined {
	if (!isRecord(data) || !isShallow(data)) return undefined;
	const state = text(data.state);
	if (state === undefined) return undefined;
	const { resultJson } = data;
	const parsed = typeof resultJson === 'string' ? parseJson(resultJson) : resultJson;
	const result = isShallow(parsed) ? parsed : undefined;
	return {
		taskId: taskIdIn(data) ?? expectedTaskId,
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
