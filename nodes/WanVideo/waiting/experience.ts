import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { WanRequest } from '../wan/request';
import type { Task } from '../wan/task';

/** Durations kept per kind of request, and kinds of requests; the newest of both. */
const DURATIONS = 60;
const KINDS = 30;

/** What is said to have taken longer is a slip of the service, and would be waited for. */
const LONGEST_MS = 24 * 60 * 60 * 1_000;

const kindOf = ({ mode, resolution, duration }: WanRequest) => `${mode} ${resolution} ${duration}`;

/**
 * How long tasks took, per kind of request, from this run and earlier ones. It lives in the
 * node's static data, which n8n keeps for active workflows. A convenience: nothing is lost with it.
 */
export class Experience {
	private readonly data: IDataObject;

	constructor(context: IExecuteFunctions) {
		this.data = context.getWorkflowStaticData('node');
	}

	private get kinds(): Record<string, number[]> {
		return (this.data.durations ?? {}) as Record<string, number[]>;
	}

	/** @returns a copy, milliseconds */
	durationsOf(request: WanRequest): number[] {
		const durations = this.kinds[kindOf(request)];
		return Array.isArray(durations) ? durations.filter((ms) => Number.isFinite(ms)) : [];
	}

	note(request: WanRequest, { createTime, completeTime, costTime }: Task): void {
		const ms =
			costTime ??
			(createTime !== undefined && completeTime !== undefined ? completeTime - createTime : -1);
		if (!(ms >= 0 && ms <= LONGEST_MS)) return;
		const kind = kindOf(request);
		const kinds = Object.entries(this.kinds)
			.filter(([name]) => name !== kind)
			.slice(1 - KINDS);
		// The newest kind stands last, so that the oldest goes first.
		kinds.push([kind, [...this.durationsOf(request), ms].slice(-DURATIONS)]);
		this.data.durations = Object.fromEntries(kinds);
	}
}
