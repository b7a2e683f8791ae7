import type { ServerResponse } from 'node:http';
import type { CallbackAttempt } from './callbacks.mts';
import type { RequestKind } from './routes.mts';

/** A request to the API or for a file. */
export interface RequestEntry {
	kind: RequestKind;
	/** Unix ms of arrival */
	at: number;
	/** Unix ms; missing while under way */
	endedAt?: number;
	method: string;
	/** without the query */
	path: string;
	query?: string;
	/** asked for, or made by this request */
	taskId?: string;
	/** the API key */
	key?: string;
	/** the header as sent */
	authorization?: string;
	/** parsed JSON of a POST, or its text */
	body?: unknown;
	/** missing when no answer was sent */
	status?: number;
	/** why the answer is not whole */
	dropped?: 'reset' | 'loseAnswer' | 'cut' | 'client';
}

/** Every request, recorded when it arrives and completed when it ends. */
export class Journal {
	private readonly log?: (line: string) => void;
	private entries: RequestEntry[] = [];

	constructor(log?: (line: string) => void) {
		this.log = log;
	}

	reset() {
		this.entries = [];
	}

	open(entry: RequestEntry, response: ServerResponse): RequestEntry {
		this.entries.push(entry);
		response.on('close', () => {
			entry.endedAt = Date.now();
			if (response.headersSent) entry.status = response.statusCode;
			if (!response.writableFinished) entry.dropped ??= 'client';
			this.log?.(requestLine(entry, entry.endedAt - entry.at));
		});
		return entry;
	}

	callbackEnded({ url, attempt, status, error, taskId }: CallbackAttempt) {
		this.log?.(`callback ${taskId} attempt ${attempt} -> ${status ?? error} ${url}`);
	}

	list({ kind }: { kind?: RequestKind } = {}): RequestEntry[] {
		const chosen = kind ? this.entries.filter((entry) => entry.kind === kind) : this.entries;
		return chosen.map((entry) => ({ ...entry }));
	}
}

function requestLine(entry: RequestEntry, tookMs: number): string {
	const { method, path, query, taskId, status, dropped } = entry;
	const answer = [status ?? 'no answer', dropped && `(${dropped})`, `${tookMs} ms`];
	const target = `${path}${query ? `?${query}` : ''}`;
	const made = taskId && !target.includes(taskId) ? taskId : undefined;
	return [method, target, '->', ...answer, made].filter(Boolean).join(' ');
}
