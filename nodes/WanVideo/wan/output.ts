import { adviceFor } from './advice';
import type { ModeName } from './modes';
import type { Task } from './task';

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

/** Drops what is not known, so that absent facts have no keys. */
export function known<T extends object>(facts: T): T {
	return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as T;
}

/** A task in the shape of the node's output; times in ISO 8601. */
export const simplified = (task: Task, request?: RequestFacts) =>
	known({
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
	});

/** A task as APIXO sent it, plus the parsed result. `error` is n8n's mark of a bad item. */
export function complete(task: Task) {
	const output: Record<string, unknown> = { ...task.raw, result: task.result };
	delete output.error;
	return known(output);
}
