import { setMaxListeners } from 'node:events';
import http from 'node:http';
import https from 'node:https';

import { reasonOf } from './errors.mts';
import { Timers } from './timers.mts';
import type { Effects } from './misbehaviour.mts';
import type { Task, TaskData } from './tasks.mts';

const ANSWER_TIMEOUT_MS = 30_000;
/** A real receiver needs some time to answer, whatever the time scale. */
const MIN_ANSWER_TIMEOUT_MS = 2_000;
const RETRY_DELAYS_MS = [30_000, 60_000, 120_000];
/** With `early`, how long the submit's answer waits for the callback to have been answered. */
const EARLY_WAIT_MS = 1_000;
const MAX_KEPT_ANSWER_CHARS = 1_000;

/** One attempt to deliver a callback. */
export interface CallbackAttempt {
	taskId: string;
	url: string;
	/** from 1 */
	attempt: number;
	/** Unix ms */
	at: number;
	/** Unix ms; missing while under way */
	endedAt?: number;
	/** as sent */
	body: string;
	/** missing when there was no answer */
	status?: number;
	/** the first characters of its text */
	answer?: string;
	/** why there was no answer: a code of Node, or words */
	error?: string;
}

interface CallbacksOptions {
	/** the task as it is to be reported */
	data: (task: Task) => TaskData;
	/** misbehaviour of one delivery */
	takeEffects: (task: Task) => Effects;
	timeScale: () => number;
	/** called when an attempt has ended */
	onAttempt: (attempt: CallbackAttempt) => void;
}

type Post = { url: string; body: string; timeoutMs: number; signal: AbortSignal };

/** @throws when no answer comes in time */
function post({ url, body, timeoutMs, signal }: Post) {
	return new Promise<{ status?: number; answer: string }>((resolve, reject) => {
		const client = url.startsWith('https:') ? https : http;
		const headers = {
			'content-type': 'application/json',
			'content-length': Buffer.byteLength(body),
		};
		const options = { method: 'POST', headers, signal, agent: false };
		const request = client.request(url, options, (response) => {
			let answer = '';
			response.setEncoding('utf8');
			response.on('data', (text) => (answer = (answer + text).slice(0, MAX_KEPT_ANSWER_CHARS)));
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
function payload(data: TaskData, { forge, malformed, oversizedBytes }: Effects): string {
	const envelope = { code: 200, message: 'success', ...forge, data: { ...data, ...forge?.data } };
	const text = JSON.stringify(envelope);
	if (malformed) return text.slice(0, -1);
	if (oversizedBytes === undefined) return text;
	const padding = 'x'.repeat(Math.max(0, oversizedBytes - text.length - ',"padding":""'.length));
	return JSON.stringify({ ...envelope, padding });
}

/** Delivers final tasks to their callback URL, as often as the service promises to try. */
export class Callbacks {
	attempts: CallbackAttempt[] = [];
	private readonly options: CallbacksOptions;
	private readonly timers = new Timers();
	private readonly retries = new Timers();
	private underWay = newAbortController();

	constructor(options: CallbacksOptions) {
		this.options = options;
	}

	/** Forgets all attempts and breaks off those under way. */
	reset() {
		this.timers.clear();
		this.retries.clear();
		this.underWay.abort();
		this.underWay = newAbortController();
		this.attempts = [];
	}

	/** Delivers a final task. A task is reported once, however often this is called. */
	async deliver(task: Task) {
		const { callbackUrl } = task;
		if (!callbackUrl || task.reported) return;
		task.reported = true;
		const effects = this.options.takeEffects(task);
		if (effects.delayMs) await this.timers.sleep(effects.delayMs);
		const copies = Array.from({ length: 1 + (effects.duplicate ?? 0) });
		await Promise.all(copies.map(() => this.deliverCopy(task, callbackUrl, effects)));
	}

	/** Makes the next attempt of all deliveries that have failed so far. */
	retry() {
		this.retries.hurry();
	}

	/** Delivers before the submit is answered; waits a moment so that the receiver really is first. */
	async deliverEarly(task: Task) {
		await Promise.race([this.deliver(task), this.timers.sleep(EARLY_WAIT_MS)]);
	}

	private async deliverCopy(task: Task, url: string, effects: Effects) {
		const body = payload(this.options.data(task), effects);
		const timesLost = effects.lose === true ? Infinity : Number(effects.lose ?? 0);
		for (let attempt = 1; attempt <= RETRY_DELAYS_MS.length + 1; attempt += 1) {
			if (attempt > 1) {
				await this.retries.sleep(RETRY_DELAYS_MS[attempt - 2] * this.options.timeScale());
			}
			const entry = { taskId: task.taskId, url, attempt, at: Date.now(), body };
			if (await this.attempt(entry, attempt <= timesLost)) return;
		}
	}

	/** @returns whether to stop: the receiver took it, or all was called off */
	private async attempt(entry: CallbackAttempt, isLost: boolean): Promise<boolean> {
		this.attempts.push(entry);
		const { signal } = this.underWay;
		const scaledMs = ANSWER_TIMEOUT_MS * this.options.timeScale();
		const timeoutMs = Math.max(MIN_ANSWER_TIMEOUT_MS, scaledMs);
		try {
			if (isLost) throw new Error('lost on its way');
			Object.assign(entry, await post({ url: entry.url, body: entry.body, timeoutMs, signal }));
		} catch (error) {
			entry.error = reasonOf(error);
		}
		if (signal.aborted) return true;
		entry.endedAt = Date.now();
		this.options.onAttempt(entry);
		return entry.status === 200;
	}
}

/** Each delivery listens to it, and there may be any number of them at once. */
function newAbortController() {
	const controller = new AbortController();
	setMaxListeners(0, controller.signal);
	return controller;
}
