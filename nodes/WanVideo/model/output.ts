import type { Task } from '../../apixo/task';
import { omitUndefined } from '../../shared/values';
import { adviceFor } from './failCodes';
import { isSampleId } from './sample';
import type { ModeName } from './modes';

/** What the node knows about a task because it built the request itself. */
export interface RequestFacts {
	mode: ModeName;
	estimatedCostUsd: number;
}

const isoTime = (ms: number | undefined): string | undefined => {
	if (ms === undefined) return undefined;
	const date = new Date(ms);
	return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
};

/** What tells a sample from a video of APIXO. */
export const sampleMark = (taskId: string) => (isSampleId(taskId) ? { sample: true } : {});

/**
 * The version of both nodes from which on what is looked for first, the video, comes right behind the
 * task, and no name reads as a cost that is none. Workflows that were saved before keep theirs.
 */
export const CLEARER_VERSION = 1.2;

/** What the output tells beside the task. */
interface Telling {
	request?: RequestFacts;
	note?: string;
	/** Of the node. */
	typeVersion: number;
}

/** A task in the shape of the node's output; times in ISO 8601. */
export const simplifiedTask = (task: Task, { request, note, typeVersion }: Telling) => {
	const isClearer = typeVersion >= CLEARER_VERSION;
	const [videoUrl] = task.videoUrls;
	return omitUndefined({
		...sampleMark(task.taskId),
		taskId: task.taskId,
		// A key keeps the place where it came first.
		...(isClearer ? { videoUrl } : {}),
		state: task.state,
		mode: request?.mode,
		videoUrl,
		videoUrls: task.videoUrls.length > 0 ? task.videoUrls : undefined,
		failCode: task.failCode,
		failMsg: task.failMsg,
		hint: task.state === 'failed' ? adviceFor(task.failCode) : undefined,
		createdAt: isoTime(task.createTime),
		completedAt: isoTime(task.completeTime),
		[isClearer ? 'generationMs' : 'costTimeMs']: task.costTime,
		estimatedCostUsd: request?.estimatedCostUsd,
		note,
	});
};

/** A task as APIXO sent it, plus the parsed result. n8n takes an item with an `error` for a failed one. */
export function rawTask(task: Task) {
	const output: Record<string, unknown> = { ...task.raw, result: task.result };
	delete output.error;
	return omitUndefined(output);
}
