import { isFinal } from './tasks.mts';
import type { RequestKind } from './routes.mts';
import type { Settings } from './settings.mts';
import type { Task } from './tasks.mts';

const MINUTE_MS = 60_000;

/**
 * The service's limits per key: requests a minute and tasks that are not final at the same time.
 * Off unless set, because both vary by account.
 */
export class Limits {
	/** read at each request */
	private readonly settings: Pick<Settings, 'limits' | 'timeScale'>;
	/** by key */
	private readonly windows = new Map<string, { window: number; count: number }>();
	/** by key */
	private readonly open = new Map<string, Set<Task>>();

	constructor(settings: Pick<Settings, 'limits' | 'timeScale'>) {
		this.settings = settings;
	}

	reset() {
		this.windows.clear();
		this.open.clear();
	}

	/** Counts a new task until it is final. */
	taskStarted(task: Task) {
		const open = this.open.get(task.key) ?? new Set();
		this.open.set(task.key, open.add(task));
	}

	/** Counts the request. @returns why it is one too many */
	exceeded(key: string, kind: RequestKind): string | undefined {
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

	private openTasks(key: string): number {
		const open = this.open.get(key) ?? new Set();
		for (const task of open) if (isFinal(task)) open.delete(task);
		return open.size;
	}
}
