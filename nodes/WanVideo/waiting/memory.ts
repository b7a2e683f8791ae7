import { createHash } from 'crypto';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { WanRequest } from '../wan/request';

/**
 * What an execution knows about the tasks it paid for. n8n saves a node's context with the
 * execution, so it survives Retry On Fail and both kinds of Retry in the UI: a request that was
 * submitted once is never submitted again while its task lives or is finished.
 */
export interface Remembered {
	taskId?: string;
	/** The submission's outcome is unknown: it may have been accepted and billed. */
	unknown?: true;
}

const fingerprint = (request: WanRequest) =>
	createHash('sha256').update(JSON.stringify(request)).digest('hex').slice(0, 24);

/** In place of a task ID, which is never empty. Plain text, because n8n reads it at each callback. */
const UNKNOWN = '';

export class TaskMemory {
	private readonly tasks: Record<string, string>;

	private readonly runIndex: number;

	/**
	 * @param perRequest true for tool calls: each try of a tool call is a run of its own to n8n,
	 * so only the request itself tells that it is the same; it is forgotten once delivered
	 */
	constructor(
		context: IExecuteFunctions,
		private readonly perRequest: boolean,
	) {
		const store = context.getContext('node') as IDataObject;
		store.tasks ??= {};
		this.tasks = store.tasks as Record<string, string>;
		this.runIndex = context.getWorkflowDataProxy(0).$runIndex as number;
	}

	private key(item: number, request: WanRequest): string {
		const place = this.perRequest ? 'tool' : `${this.runIndex}.${item}`;
		return `${place}.${fingerprint(request)}`;
	}

	/** Whether an earlier try of this run submitted anything. */
	get isEmpty(): boolean {
		const place = this.perRequest ? 'tool.' : `${this.runIndex}.`;
		return !Object.keys(this.tasks).some((key) => key.startsWith(place));
	}

	find(item: number, request: WanRequest): Remembered | undefined {
		const taskId = this.tasks[this.key(item, request)];
		if (taskId === undefined) return undefined;
		return taskId === UNKNOWN ? { unknown: true } : { taskId };
	}

	remember(item: number, request: WanRequest, what: Remembered): void {
		this.tasks[this.key(item, request)] = what.taskId ?? UNKNOWN;
	}

	/** For a task that failed at APIXO: the next try submits anew. */
	forget(item: number, request: WanRequest): void {
		delete this.tasks[this.key(item, request)];
	}

	/** Marks a result as handed over; a tool that is asked the same again means a new video. */
	delivered(item: number, request: WanRequest): void {
		if (this.perRequest) this.forget(item, request);
	}
}
