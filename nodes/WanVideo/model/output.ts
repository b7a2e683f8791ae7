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

/** A task in the shape of the node's output; times in ISO 8601. */
export const simplifiedTask = (task: Task, request?: RequestFacts, note?: string) =>
	omitUndefined({
		...sampleMark(task.taskId),
		taskId: task.taskId,
		state: task.state,
		mode: request?.mode,
		videoUrl: task.videoUrls[0],
		videoUrls: task.videoUrls.length > 0 ? task.videoUrls : undefined,
		failCode: task.failCode,
		failMsg: task.failMsg,
		hint: task.state === 'failed' ? adviceFor(task.failCode) : undefined,
		createdAt: isoTime(task.createTime),
		completedAt: isoTime(task.completeTime),
		costTimeMs: task.costTime,
		estimatedCostUsd: request?.estimatedCostUsd,
		note,
	});

/** A task as APIXO sent it, plus the parsed result. n8n takes an item with an `error` for a failed one. */
export function rawTask(task: Task) {
	const output: Record<string, unknown> = { ...task.raw, result: task.result };
	delete output.error;
	return omitUndefined(output);
}
