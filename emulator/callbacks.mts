import { setMaxListeners } from 'node:events';
import http from 'node:http';
import https from 'node:https';

import { Timers } from './timers.mts';
import type { Effects } from './misbehaviour.mts';

const ANSWER_TIMEOUT_MS = 30_000;
/** A real receiver needs some time to answer, whatever the time scale. */
const MIN_ANSWER_TIMEOUT_MS = 2_000;
const RETRY_DELAYS_MS = [30_000, 60_000, 120_000];
/** With `early`, how long the submit's answer waits for the callback to have been answered. */
const EARLY_WAIT_MS = 1_000;
const KEPT_ANSWER_CHARS = 1_000;

/** One POST. @throws on no answer in time */
function post(url, body, timeoutMs, signal): Promise<{ status: number; answer: string }> {
	return new Promise((resolve, reject) => {
		const client = url.startsWith('https:') ? https : http;
		const headers = {
			'content-type': 'application/json',
			'content-length': Buffer.byteLength(body),
		};
		const options = { method: 'POST', headers, signal, agent: false };
		const request = client.request(url, options, (response) => {
			let answer = '';
			response.setEncoding('utf8');
			response.on('data', (text) => (answer = (answer + text).slice(0, KEPT_ANSWER_CHARS)));
			response.on('end', () => resolve({ status: response.statusCode, answer }));
			response.on('error', reject);
		});
		const timer = setTimeout(() => request.destroy(new Error('no answer in time')), timeoutMs);
		request.on('close', () => clearTimeout(timer));
		request.on('error', reject);
		request.end(body);
	});
}

/** The text to deliver: the status envelope, changed as a rule asks. */
function payload(data, { forge = {}, malformed, oversizedBytes }) {
	const envelope = { code: 200, message: 'success', ...forge, data: { ...data, ...forge.data } };
	const text = JSON.stringify(envelope);
	if (malformed) return text.slice(0, -1);
	if (oversizedBytes === undefined) return text;
	const padding = 'x'.repeat(Math.max(0, oversizedBytes - text.length - ',"padding":""'.length));
	return JSON.stringify({ ...envelope, padding });
}

/** Delivers final tasks to their callback URL, as often as the service promises to try. */
export class Callbacks {
	data;
	takeEffects;
	timeScale;
	onAttempt;
	timers;
	retries;
	underWay;
	attempts;

	constructor({
		data,
		takeEffects,
		timeScale,
		onAttempt,
	}: {
		/** the task as it is to be reported */
		data: (task: object) => object;
		/** misbehaviour of one delivery */
		takeEffects: (task: object) => Effects;
		timeScale: () => number;
		/** called when an attempt has ended */
		onAttempt: (attempt: object) => void;
	}) {
		this.data = data;
		this.takeEffects = takeEffects;
		this.timeScale = timeScale;
		this.onAttempt = onAttempt;
		this.timers = new Timers();
		this.retries = new Timers();
		this.reset();
	}

	/** Forgets all attempts and breaks off those under way. */
	reset() {
		this.timers.clear();
		this.retries.clear();
		this.underWay?.abort();
		this.underWay = new AbortController();
		// Each delivery listens to it, and there may be any number of them at once.
		setMaxListeners(0, this.underWay.signal);
		this.attempts = [];
	}

	/** Delivers a final task. A task is reported once, however often this is called. */
	async deliver(task) {
		if (!task.callbackUrl || task.reported) return;
		task.reported = true;
		const effects = this.takeEffects(task);
		if (effects.delayMs) await this.timers.sleep(effects.delayMs);
		const copies = 1 + (effects.duplicate ?? 0);
		await Promise.all(Array.from({ length: copies }, () => this.deliverCopy(task, effects)));
	}

	/** Makes the next attempt of all deliveries that have failed so far. */
	retry() {
		this.retries.hurry();
	}

	/** Delivers before the submit is answered; waits a moment so that the receiver really is first. */
	async deliverEarly(task) {
		await Promise.race([this.deliver(task), this.timers.sleep(EARLY_WAIT_MS)]);
	}

	async deliverCopy(task, effects) {
		const body = payload(this.data(task), effects);
		for (let attempt = 1; attempt <= RETRY_DELAYS_MS.length + 1; attempt += 1) {
			if (attempt > 1) await this.retries.sleep(RETRY_DELAYS_MS[attempt - 2] * this.timeScale());
			const lost = attempt <= (effects.lose === true ? Infinity : (effects.lose ?? 0));
			if (await this.attempt(task, attempt, body, lost)) return;
		}
	}

	/** @returns whether to stop: the receiver took it, or all was called off */
	async attempt(task, attempt, body, lost): Promise<boolean> {
		const { taskId, callbackUrl: url } = task;
		const entry = { taskId, url, attempt, at: Date.now(), body };
		this.attempts.push(entry);
		const { signal } = this.underWay;
		const timeoutMs = Math.max(MIN_ANSWER_TIMEOUT_MS, ANSWER_TIMEOUT_MS * this.timeScale());
		try {
			if (lost) throw new Error('lost on its way');
			Object.assign(entry, await post(url, body, timeoutMs, signal));
		} catch (error) {
			entry.error = error.code ?? error.message;
		}
		if (signal.aborted) return true;
		entry.endedAt = Date.now();
		this.onAttempt(entry);
		return entry.status === 200;
	}
}
