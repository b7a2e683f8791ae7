'use strict';

/**
 * Every request to the API and for files, written down when it arrives and completed when it ends.
 *
 * @typedef {object} Entry
 * @property {string} kind submit, status, balance, file or other
 * @property {number} at Unix ms of arrival
 * @property {number} [endedAt] Unix ms; missing while under way
 * @property {string} method
 * @property {string} path without the query
 * @property {string} [query]
 * @property {string} [taskId] asked for, or made by this request
 * @property {string} [key] the API key
 * @property {string} [authorization] the header as sent
 * @property {unknown} [body] parsed JSON of a POST, or its text
 * @property {number} [status] missing when no answer was sent
 * @property {'reset' | 'loseAnswer' | 'cut' | 'client'} [dropped] why the answer is not whole
 */
class Journal {
	/** @param {(line: string) => void} [log] */
	constructor(log) {
		this.log = log;
		this.reset();
	}

	reset() {
		/** @type {Entry[]} */
		this.entries = [];
	}

	/** @param {Entry} entry @param {import('node:http').ServerResponse} response */
	open(entry, response) {
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

	/** @param {{kind?: string}} [filter] @returns {Entry[]} */
	list({ kind } = {}) {
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

module.exports = { Journal };
