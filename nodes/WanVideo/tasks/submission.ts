import type { ApixoClient } from '../../apixo/client';
import type { Task } from '../../apixo/task';
import { type Failure, type Result, err, finalFailure, ok, withTaskId } from '../../apixo/result';
import type { WanRequest } from '../model/request';
import type { Journal } from './journal';
import type { TaskMemory, Wish } from './memory';

export interface Submission extends Wish {
	/** Asks APIXO for a webhook there when the task is final. */
	callbackUrl?: string;
	/** Unix milliseconds. Nothing is repeated beyond it. */
	deadline: number;
}

export interface Submitted {
	taskId: string;
	/** Whether it was submitted just now, not by an earlier try. */
	isNew: boolean;
	/** The task as it is now, if an earlier try submitted it. */
	task?: Task;
	/** What the memory forgets it by. */
	key: string;
	/** What a model is told of it. */
	note?: string;
}

const AMBIGUOUS_BEFORE: Failure = {
	kind: 'ambiguous',
	message:
		'An earlier try of this item got no answer from APIXO: a task may exist and may be billed, so it is not submitted again',
	hint: 'Look at your balance and your tasks at APIXO. If nothing was billed, run the workflow anew instead of retrying this execution.',
	details: {},
};

/** For an item that may have been submitted after the execution had been saved last. */
const POSSIBLY_SUBMITTED = finalFailure(
	'It is not known whether this item was submitted: n8n was ended before that was saved, or another Retry has submitted it. It is not submitted again: it might be paid twice',
	'If there is another Retry of this execution, retry that one. Otherwise search the log of n8n for "is paid for and under way", which names each task with its execution, and fetch the videos with the Wait operation. Run the workflow anew for the items that have none.',
);

/** For an item whose submission would meet the same refusal as one before it. */
const notSubmitted = ({ message, hint, details }: Failure): Failure =>
	finalFailure(`Not submitted, because another item was refused: ${message}`, hint, details);

/** A request as it is sent. */
export interface Addressed {
	request: WanRequest;
	/** Until when it may be sent; Unix milliseconds. */
	deadline: number;
}

/** Where APIXO fetches the files of items. */
export interface FileAddresses {
	/** Puts addresses, which are good for some time only, in the place of an item's files. */
	addressed(request: WanRequest, item: number, deadline: number): Promise<Result<Addressed>>;
}

/** Submits the items of one run. */
export class Submitter {
	/** A refusal that all further submissions would meet. */
	private refusal?: Failure;

	/** What the executions before have begun, though it is not in the memory. */
	private begunBefore = new Set<string>();

	/** @param journal undefined for tool calls, which no Retry repeats */
	constructor(
		readonly client: ApixoClient,
		readonly memory: TaskMemory,
		private readonly addresses: FileAddresses,
		readonly journal: Journal | undefined,
	) {}

	/** Asks the journal about all items before any is submitted. */
	async lookBack(items: unknown[]): Promise<void> {
		const next = items.map((_, item) => this.memory.nextSubmissionOf(item));
		this.begunBefore = (await this.journal?.begunBefore(next)) ?? this.begunBefore;
	}

	/** Why an item must not be submitted, if it may have been submitted but its task is unknown. */
	doubtAbout(wish: Wish): Failure | undefined {
		const { memory, begunBefore } = this;
		const earlier = memory.find(wish);
		if (earlier?.kind === 'ambiguous') return AMBIGUOUS_BEFORE;
		const isLost = earlier === undefined && begunBefore.has(memory.nextSubmissionOf(wish.item));
		return isLost ? POSSIBLY_SUBMITTED : undefined;
	}

	/**
	 * The task of an item: the one that an earlier try of this execution paid for, or a new one. Only
	 * a task that ended `failed` is replaced. A submission of unknown outcome is never repeated.
	 */
	async submitOnce({ callbackUrl, deadline, ...wish }: Submission): Promise<Result<Submitted>> {
		const { client, memory } = this;
		const earlier = memory.find(wish);
		if (earlier?.kind === 'ambiguous') return err(AMBIGUOUS_BEFORE);
		if (earlier !== undefined) {
			const { taskId, key } = earlier;
			const task = await client.getTask(taskId, deadline);
			if (!task.ok) return err(withTaskId(taskId, task.failure));
			const note = memory.noteOf(taskId);
			if (task.value.state !== 'failed') {
				return ok({ taskId, isNew: false, key, task: task.value, note });
			}
			memory.forget(key);
		}
		if (this.refusal !== undefined) return err(notSubmitted(this.refusal));
		const { result: submitted, isShared } = await memory.send(
			wish,
			async () => await this.send({ ...wish, callbackUrl, deadline }),
		);
		if (submitted.ok) {
			const taskId = submitted.value;
			const key = isShared ? memory.adopt(wish, taskId) : memory.remember(wish, taskId);
			return ok({ taskId, isNew: !isShared, key, note: memory.noteOf(taskId) });
		}
		const { failure } = submitted;
		if (isShared) return submitted;
		if (failure.kind === 'ambiguous') memory.remember(wish, undefined);
		if (failure.kind === 'final' && failure.refusesAll === true) this.refusal ??= failure;
		return submitted;
	}

	/** Submits unless that had been begun before; what APIXO refuses may begin again. */
	private async send(planned: Submission): Promise<Result<string>> {
		const { client, memory, journal } = this;
		const { item, callbackUrl } = planned;
		const sendable = await this.addresses.addressed(planned.request, item, planned.deadline);
		if (!sendable.ok) return sendable;
		const { request, deadline } = sendable.value;
		const submission = memory.nextSubmissionOf(item);
		if ((await journal?.begin(submission)) === false) return err(POSSIBLY_SUBMITTED);
		const sent = await client.submit(request, callbackUrl, deadline);
		if (!sent.ok && sent.failure.kind !== 'ambiguous') await journal?.release(submission);
		return sent;
	}
}
