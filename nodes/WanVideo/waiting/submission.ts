import type { ApixoClient } from '../transport/client';
import { type Failure, type Outcome, about, failed, success } from '../wan/failure';
import type { WanRequest } from '../wan/request';
import type { Task } from '../wan/task';
import type { TaskMemory } from './memory';
import { type Pace, repeating } from './polling';

export interface Submitted {
	taskId: string;
	/** What the task looked like just now, if it was submitted by an earlier try. */
	seen?: Task;
}

interface Place {
	item: number;
	request: WanRequest;
	/** Asks APIXO for a webhook there when the task is final. */
	callbackUrl?: string;
}

const UNKNOWN_BEFORE: Failure = {
	message:
		'An earlier try of this item got no answer from APIXO: a task may exist and may be billed, so it is not submitted again',
	hint: 'Look at your balance and your tasks at APIXO. If nothing was billed, run the workflow anew instead of retrying this execution.',
	details: {},
	ambiguous: true,
};

/**
 * The task of an item: the one that an earlier try of this execution paid for, or a new one.
 * Only a task that ended `failed` is replaced. A submission of unknown outcome is never repeated.
 */
export async function taskFor(
	{ item, request, callbackUrl }: Place,
	client: ApixoClient,
	memory: TaskMemory,
	pace: Pace,
): Promise<Outcome<Submitted>> {
	const earlier = memory.find(item, request);
	if (earlier?.unknown) return failed(UNKNOWN_BEFORE);
	if (earlier?.taskId !== undefined) {
		const { taskId } = earlier;
		const seen = await repeating(async () => await client.status(taskId), pace);
		if (!seen.ok) return failed(about(taskId, seen.failure));
		if (seen.value.state !== 'failed') return success({ taskId, seen: seen.value });
		memory.forget(item, request);
	}
	const submitted = await repeating(async () => await client.submit(request, callbackUrl), pace);
	if (submitted.ok) {
		memory.remember(item, request, { taskId: submitted.value });
		return success({ taskId: submitted.value });
	}
	if (submitted.failure.ambiguous) memory.remember(item, request, { unknown: true });
	return submitted;
}
