import type { ServerResponse } from 'node:http';

/**
 * Every request to the API and for files, written down when it arrives and completed when it ends.
 */
interface Entry {
	/** submit, status, balance, file or other */
	kind: string;
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
export class Journal {
	log;
	entries: Entry[];

	constructor(log?: (line: string) => void) {
		this.log = log;
		this.reset();
	}

	reset() {
		this.entries = [];
	}

	open(entry: Entry, response: ServerResponse) {
		this.entries.push(entry);
		response.on('close', () => {
			entry.endedAt = Date.now();
			if (response.headersSent) entry.status = response.statusCode;
			if (!response.writableFinished) entry.dropped ??= 'client';
			this.log?.(requestLine(entry));
		});
		return entry;
	}

	callbackEnded({ url, attempt, status, error, taskId }) {
		this.log?.(`callback ${taskId} attempt ${attempt} -> ${status ?? error} ${url}`);
	}

	list({ kind }: { kind?: string } = {}): Entry[] {
		const chosen = kind ? this.entries.filter((entry) => entry.kind === kind) : this.entries;
		return chosen.map((entry) => ({ ...entry }));
	}
}

function requestLine({ method, path, query, taskId, status, dropped, at, endedAt }) {
	const answer = [status ?? 'no answer', dropped && `(${dropped})`, `${endedAt - at} ms`];
	const target = `${path}${query ? `?${query}` : ''}`;
	const made = taskId && !target.includes(taskId) ? taskId : undefined;
	return [method, target, '->', ...answer, made].filter(Boolean).join(' ');
}
