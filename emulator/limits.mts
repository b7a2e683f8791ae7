import { isFinal } from './tasks.mts';
import type { Options } from './settings.mts';

const MINUTE_MS = 60_000;

/**
 * The service's limits per key: requests a minute and tasks that are not final at the same time.
 * Off unless set, because both vary by account.
 */
export class Limits {
	settings: { limits: Options['limits']; timeScale: number };
	windows;
	open;

	/** @param settings read at each request */
	constructor(settings: { limits: Options['limits']; timeScale: number }) {
		this.settings = settings;
		this.reset();
	}

	reset() {
		this.windows = new Map();
		this.open = new Map();
	}

	/** Counts a new task until it is final. */
	taskStarted(task) {
		if (!this.open.has(task.key)) this.open.set(task.key, new Set());
		this.open.get(task.key).add(task);
	}

	/** Counts the request. @returns why it is one too many */
	exceeded(key, kind): string | undefined {
		const { limits, timeScale } = this.settings;
		const { requestsPerMinute = Infinity, concurrentTasks = Infinity } = limits;
		const window = Math.floor(Date.now() / (MINUTE_MS * timeScale));
		const last = this.windows.get(key);
		const count = last?.window === window ? last.count + 1 : 1;
		this.windows.set(key, { window, count });
		if (count > requestsPerMinute) return 'Rate limit exceeded';
		if (kind !== 'submit' || this.openTasks(key) < concurrentTasks) return undefined;
		return 'Concurrency limit reached';
	}

	openTasks(key) {
		const open = this.open.get(key) ?? new Set();
		for (const task of open) if (isFinal(task)) open.delete(task);
		return open.size;
	}
}
