import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { Task } from '../../apixo/task';
import { isRecord } from '../../shared/values';
import type { WanRequest } from '../model/request';

/** How many durations are kept per kind of request, and of how many kinds; the newest of both. */
const MAX_DURATIONS = 60;
const MAX_KINDS = 30;

/** A longer duration is a mistake of the service, and would be waited for. */
const MAX_DURATION_MS = 24 * 60 * 60 * 1_000;

const kindOf = ({ mode, resolution, duration }: WanRequest) => `${mode} ${resolution} ${duration}`;

/** How long a finished task took; undefined if the service did not say, or said nonsense. */
function durationOf({ createTime, completeTime, costTime }: Task): number | undefined {
	const isTimed = createTime !== undefined && completeTime !== undefined;
	const ms = costTime ?? (isTimed ? completeTime - createTime : undefined);
	return ms !== undefined && ms >= 0 && ms <= MAX_DURATION_MS ? ms : undefined;
}

/**
 * How long tasks took, per kind of request, from this run and earlier ones. It lives in the node's
 * static data, which n8n keeps for active workflows. Nothing depends on it but when to poll.
 */
export class DurationHistory {
	private readonly data: IDataObject;

	constructor(context: IExecuteFunctions) {
		this.data = context.getWorkflowStaticData('node');
	}

	private get kinds(): Record<string, unknown> {
		const { durations } = this.data;
		return isRecord(durations) ? durations : {};
	}

	/** @returns a copy, milliseconds */
	durationsOf(request: WanRequest): number[] {
		const durations = this.kinds[kindOf(request)];
		if (!Array.isArray(durations)) return [];
		return durations.filter((ms): ms is number => Number.isFinite(ms));
	}

	add(request: WanRequest, task: Task): void {
		const ms = durationOf(task);
		if (ms === undefined) return;
		const kind = kindOf(request);
		const kinds = Object.entries(this.kinds)
			.filter(([name]) => name !== kind)
			.slice(1 - MAX_KINDS);
		// The newest kind stands last, so that the oldest is dropped first.
		kinds.push([kind, [...this.durationsOf(request), ms].slice(-MAX_DURATIONS)]);
		this.data.durations = Object.fromEntries(kinds) as IDataObject;
	}
}
