import { createHash } from 'node:crypto';
import type { RequestType } from './model.mts';

/** The part of the generation time that a task spends `pending`. */
const PENDING_SHARE = 0.15;

export interface Failure {
	failCode?: string;
	failMsg?: string;
}

/** How a task ends: a success with its result, or a failure with a code and its message. */
export interface Outcome extends Failure {
	state?: 'success' | 'failed';
	resultUrls?: string[];
	/** instead of one that is made from `resultUrls` */
	resultJson?: string;
}

/** Where a task came from. */
export interface TaskFacts {
	/** the API key */
	key: string;
	mode: string;
	/** only a task of `addTask` may have none */
	prompt?: string;
	requestType: RequestType;
	callbackUrl?: string;
	/** its price, missing when it was never charged */
	usd?: number;
}

export interface Task extends TaskFacts {
	taskId: string;
	/** Unix ms, like the times below */
	createTime: number;
	processingTime: number;
	/** Infinity: never */
	finalTime: number;
	outcome: Outcome & { state: 'success' | 'failed' };
	/** shown until the task is final */
	shownState?: string;
	/** whether its callback was sent, or is being sent */
	reported?: boolean;
}

/** The `data` of a status answer and of a callback, as documented. Times are Unix milliseconds. */
export interface TaskData {
	taskId: string;
	state: string;
	createTime: number;
	completeTime?: number;
	costTime?: number;
	resultJson?: string;
	failCode?: string;
	failMsg?: string;
}

/** What tests see of a task. */
export interface TaskView extends TaskData, TaskFacts {}

/** A task that was submitted and paid for at another time. */
export interface NewTask extends Omit<Outcome, 'state'>, Partial<Omit<TaskFacts, 'usd'>> {
	taskId?: string;
	/** Unix ms */
	createTime?: number;
	/** one that is not final holds until `finish`, or until `generationMs` have passed */
	state?: string;
	generationMs?: number;
}

const failure = ({ failCode, failMsg }: Failure) => ({
	state: 'failed' as const,
	failCode: failCode ?? 'GENERATION_FAILED',
	failMsg: failMsg ?? 'Generation failed',
});

export const isFinal = (task: Task, now = Date.now()) => now >= task.finalTime;

/**
 * The state is computed from the clock when somebody asks, so that a task costs no timer and
 * a status request costs one look-up.
 */
export function stateOf(task: Task, now = Date.now()): string {
	if (isFinal(task, now)) return task.outcome.state;
	if (task.shownState) return task.shownState;
	return now >= task.processingTime ? 'processing' : 'pending';
}

/** All tasks by ID. They are made by accepted requests, or by a test that needs one. */
export class Tasks {
	private readonly seed: number;
	private readonly fileUrl: (taskId: string) => string;
	private readonly byId = new Map<string, Task>();
	private count = 0;

	constructor({ seed, fileUrl }: { seed: number; fileUrl: (taskId: string) => string }) {
		this.seed = seed;
		this.fileUrl = fileUrl;
	}

	/** Forgets all tasks. IDs go on counting: one emulator never gives the same ID twice. */
	reset() {
		this.byId.clear();
	}

	get(taskId: string): Task | undefined {
		return this.byId.get(taskId);
	}

	all(): Task[] {
		return [...this.byId.values()];
	}

	private nextId(): string {
		this.count += 1;
		const digest = createHash('sha256').update(`${this.seed}:${this.count}`).digest('hex');
		return `task_${digest.slice(0, 16)}`;
	}

	/**
	 * @param facts `taskId` and `createTime` when they are not to be chosen here
	 * @param generationMs ms until final; Infinity: never
	 */
	create(facts: TaskFacts & { taskId?: string; createTime?: number }, generationMs: number): Task {
		const identity = { taskId: this.nextId(), createTime: Date.now(), ...facts };
		const task: Task = {
			...identity,
			processingTime: identity.createTime + generationMs * PENDING_SHARE,
			finalTime: identity.createTime + generationMs,
			outcome: { state: 'success' },
		};
		this.byId.set(task.taskId, task);
		return task;
	}

	/** Makes a task final at once. @param outcome success when left out */
	finish(task: Task, { state, failCode, failMsg, resultUrls, resultJson }: Outcome = {}) {
		const isFailed = state === 'failed' || failCode !== undefined;
		task.finalTime = Math.min(task.finalTime, Date.now());
		task.outcome = isFailed
			? failure({ failCode, failMsg })
			: { state: 'success', resultUrls, resultJson };
	}

	/** Decides how a task will end, or which state it shows until then. */
	apply(
		task: Task,
		effects: { never?: boolean; fail?: Failure; resultJson?: string; state?: string },
	) {
		const { never, fail, resultJson, state } = effects;
		if (never) task.finalTime = Infinity;
		if (fail) task.outcome = failure(fail);
		if (resultJson !== undefined) task.outcome = { state: 'success', resultJson };
		if (state) task.shownState = state;
	}

	data(task: Task, now = Date.now()): TaskData {
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

	view(task: Task): TaskView {
		const { key, mode, prompt, requestType, callbackUrl, usd } = task;
		return { ...this.data(task), key, mode, prompt, requestType, callbackUrl, usd };
	}
}
