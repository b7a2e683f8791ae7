import type { Task } from '../../apixo/task';
import type { WanRequest } from '../model/request';

/** How many durations are kept per kind of request, and of how many kinds; the newest of both. */
const MAX_DURATIONS = 60;
const MAX_KINDS = 100;

/** A longer duration is a mistake of the service, and would be waited for. */
const MAX_DURATION_MS = 24 * 60 * 60 * 1_000;

/** Requests of one kind take about as long. What one service takes tells nothing about another. */
export const kindOf = ({ mode, resolution, duration }: WanRequest, baseUrl: string) =>
	`${mode} ${resolution} ${duration} ${baseUrl}`;

/** How long a finished task took; undefined if the service did not say, or said nonsense. */
function durationOf({ createTime, completeTime, costTime }: Task): number | undefined {
	const isTimed = createTime !== undefined && completeTime !== undefined;
	const ms = costTime ?? (isTimed ? completeTime - createTime : undefined);
	return ms !== undefined && ms >= 0 && ms <= MAX_DURATION_MS ? ms : undefined;
}

/**
 * How long tasks took, per kind of request. Nothing depends on it but when to poll, so it lives in
 * the process alone. n8n's static data is no place for it: n8n saves that whole, as an execution
 * found it at its start, and so takes back what other nodes wrote there meanwhile.
 */
export class Durations {
	private readonly kinds = new Map<string, number[]>();

	/** @returns milliseconds */
	of(kind: string): number[] {
		return this.kinds.get(kind) ?? [];
	}

	add(kind: string, task: Task): void {
		const ms = durationOf(task);
		if (ms === undefined) return;
		const known = this.of(kind);
		// The newest kind stands last, so that the oldest is dropped first.
		this.kinds.delete(kind);
		this.kinds.set(kind, [...known, ms].slice(-MAX_DURATIONS));
		const [oldest] = this.kinds.keys();
		if (this.kinds.size > MAX_KINDS) this.kinds.delete(oldest);
	}
}

/** With fewer finished tasks than this, those to come are not known from them. */
export const MIN_KNOWN_DURATIONS = 5;

/** How long a task should take, by similar ones; undefined where too few are known. */
export function expectedSeconds(durations: number[]): number | undefined {
	if (durations.length < MIN_KNOWN_DURATIONS) return undefined;
	const sorted = [...durations].sort((a, b) => a - b);
	return Math.round(sorted[Math.floor(sorted.length / 2)] / 1_000);
}

/** Of all executions of this process. */
export const knownDurations = new Durations();
