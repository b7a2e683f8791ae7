import type { ApixoClient } from '../../apixo/client';
import type { Task } from '../../apixo/task';
import { type Failure, type Result, err, finalFailure, ok, withTaskId } from '../../apixo/result';
import type { WanRequest } from '../model/request';
import type { TaskMemory, Wish } from './memory';

interface Submission extends Wish {
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

	constructor(
		private readonly client: ApixoClient,
		private readonly memory: TaskMemory,
		private readonly addresses: FileAddresses,
	) {}

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
		const { result: submitted, isShared } = await memory.send(wish, async () => {
			const sendable = await this.addresses.addressed(wish.request, wish.item, deadline);
			if (!sendable.ok) return sendable;
			const { value } = sendable;
			return await client.submit(value.request, callbackUrl, value.deadline);
		});
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
}
