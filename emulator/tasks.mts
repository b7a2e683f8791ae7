import { createHash } from 'node:crypto';

/** The part of the generation time that a task spends `pending`. */
const PENDING_SHARE = 0.15;

/** How a task ended: in success with its result, or in failure with a code and its message. */
export type Outcome = {
	state?: 'success' | 'failed';
	failCode?: string;
	failMsg?: string;
	resultUrls?: string[];
	resultJson?: string;
};

const failure = ({ failCode = 'GENERATION_FAILED', failMsg = 'Generation failed' }): Outcome => ({
	state: 'failed',
	failCode,
	failMsg,
});

export const FINAL_STATES = ['success', 'failed'];

export const isFinal = (task, now = Date.now()) => now >= task.finalTime;

/**
 * The state is computed from the clock when somebody asks, so that a task costs no timer and
 * a status request costs one look-up.
 */
export function stateOf(task, now = Date.now()) {
	if (isFinal(task, now)) return task.outcome.state;
	if (task.shownState) return task.shownState;
	return now >= task.processingTime ? 'processing' : 'pending';
}

/** All tasks by ID. They are made by accepted requests, or by a test that needs one. */
export class Tasks {
	seed;
	fileUrl;
	count;
	byId;

	constructor({ seed, fileUrl }: { seed: number; fileUrl: (taskId: string) => string }) {
		this.seed = seed;
		this.fileUrl = fileUrl;
		this.count = 0;
		this.byId = new Map();
	}

	/** Forgets all tasks. IDs go on counting: one emulator never gives the same ID twice. */
	reset() {
		this.byId.clear();
	}

	get(taskId) {
		return this.byId.get(taskId);
	}

	all() {
		return [...this.byId.values()];
	}

	nextId() {
		this.count += 1;
		const digest = createHash('sha256').update(`${this.seed}:${this.count}`).digest('hex');
		return `task_${digest.slice(0, 16)}`;
	}

	/**
	 * @param facts key, mode, prompt, request, callbackUrl; `taskId` and `createTime` when
	 *   they are not to be chosen here
	 * @param generationMs ms until final; Infinity: never
	 */
	create(facts: object, generationMs: number | ((task: object) => number)) {
		const task = { taskId: this.nextId(), createTime: Date.now(), ...facts };
		const duration = typeof generationMs === 'function' ? generationMs(task) : generationMs;
		task.processingTime = task.createTime + duration * PENDING_SHARE;
		task.finalTime = task.createTime + duration;
		task.outcome = { state: 'success' };
		this.byId.set(task.taskId, task);
		return task;
	}

	/** Makes a task final at once. @param outcome success when left out */
	finish(task, outcome: Outcome = {}) {
		const { failCode, failMsg, resultUrls, resultJson } = outcome;
		const failed = outcome.state === 'failed' || failCode !== undefined;
		task.finalTime = Math.min(task.finalTime, Date.now());
		task.outcome = failed
			? failure({ failCode, failMsg })
			: { state: 'success', resultUrls, resultJson };
	}

	/** Decides how a task will end or look, now or later. */
	destine(
		task: object,
		{
			never,
			fail,
			resultJson,
			state,
		}: { never?: boolean; fail?: Outcome; resultJson?: string; state?: string },
	) {
		if (never) task.finalTime = Infinity;
		if (fail) task.outcome = failure(fail);
		if (resultJson !== undefined) task.outcome = { state: 'success', resultJson };
		if (state) task.shownState = state;
	}

	/** The `data` of a status answer and of a callback, as documented. Times are Unix milliseconds. */
	data(task, now = Date.now()) {
		const { taskId, createTime, finalTime, outcome } = task;
		const head = { taskId, state: stateOf(task, now) };
		if (!isFinal(task, now)) return { ...head, createTime };
		const completeTime = Math.round(finalTime);
		if (outcome.state === 'failed') {
			const { failCode, failMsg } = outcome;
			return { ...head, failCode, failMsg, createTime, completeTime };
		}
		const resultUrls = outcome.resultUrls ?? [this.fileUrl(taskId)];
		const resultJson = outcome.resultJson ?? JSON.stringify({ resultUrls });
		return { ...head, resultJson, createTime, completeTime, costTime: completeTime - createTime };
	}

	/** What tests see of a task: its status data and where it came from. */
	view(task) {
		const { key, mode, prompt, requestType, callbackUrl, usd } = task;
		return { ...this.data(task), key, mode, prompt, requestType, callbackUrl, usd };
	}
}
