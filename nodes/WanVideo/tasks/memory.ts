import { createHash } from 'crypto';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { isRecord } from '../../shared/values';
import type { WanRequest } from '../model/request';

/** What an earlier try of an item left. */
export type Remembered =
	| { kind: 'submitted'; taskId: string }
	/** The submission's outcome is unknown: it may have been accepted and billed. */
	| { kind: 'ambiguous' };

const fingerprint = (request: WanRequest) =>
	createHash('sha256').update(JSON.stringify(request)).digest('hex').slice(0, 24);

/** In place of a task ID, which is never empty. Plain text, because n8n reads it at each callback. */
const AMBIGUOUS = '';

/**
 * What an execution knows about the tasks it paid for. n8n saves a node's context with the
 * execution, so it survives Retry On Fail and both kinds of Retry in the UI: a request that was
 * submitted once is never submitted again while its task lives or is finished.
 */
export class TaskMemory {
	/** Task ID or AMBIGUOUS, by place and request. */
	private readonly tasks: IDataObject;

	/** Of the keys of this run. */
	private readonly prefix: string;

	/**
	 * @param isPerRequest true for tool calls: each try of a tool call is a run of its own to n8n,
	 * so only the request itself tells that it is the same; it is forgotten once delivered
	 */
	constructor(
		context: IExecuteFunctions,
		private readonly isPerRequest: boolean,
	) {
		const store = context.getContext('node') as IDataObject;
		const tasks = isRecord(store.tasks) ? (store.tasks as IDataObject) : {};
		store.tasks = tasks;
		this.tasks = tasks;
		const runIndex = String(context.getWorkflowDataProxy(0).$runIndex);
		this.prefix = isPerRequest ? 'tool.' : `${runIndex}.`;
	}

	private key(item: number, request: WanRequest): string {
		const place = this.isPerRequest ? '' : `${item}.`;
		return `${this.prefix}${place}${fingerprint(request)}`;
	}

	/** Whether no earlier try of this run submitted anything. */
	get isEmpty(): boolean {
		return !Object.keys(this.tasks).some((key) => key.startsWith(this.prefix));
	}

	find(item: number, request: WanRequest): Remembered | undefined {
		const taskId = this.tasks[this.key(item, request)];
		if (typeof taskId !== 'string') return undefined;
		return taskId === AMBIGUOUS ? { kind: 'ambiguous' } : { kind: 'submitted', taskId };
	}

	/** The task that an earlier try of this run paid for. */
	taskIdOf(item: number, request: WanRequest): string | undefined {
		const remembered = this.find(item, request);
		return remembered?.kind === 'submitted' ? remembered.taskId : undefined;
	}

	remember(item: number, request: WanRequest, what: Remembered): void {
		this.tasks[this.key(item, request)] = what.kind === 'submitted' ? what.taskId : AMBIGUOUS;
	}

	/** For a task that failed at APIXO: the next try submits anew. */
	forget(item: number, request: WanRequest): void {
		delete this.tasks[this.key(item, request)];
	}

	/** Marks a result as handed over. A tool that is asked the same again means a new video. */
	delivered(item: number, request: WanRequest): void {
		if (this.isPerRequest) this.forget(item, request);
	}
}
