import type { INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';
import { finalFailure } from '../../apixo/result';
import { isRecord } from '../../shared/values';
import { NUMBER_OPTIONS } from '../descriptions/options';
import type { RequestFacts } from '../model/output';
import type { OutputOptions } from '../run/output';
import type { Run } from '../run/run';
import { resumedEntry } from './parking';
import type { ItemState, WaitRecord } from './record';

/**
 * Executions that version 0.1 parked: the node's input is then what would have come out at the
 * deadline, with a ticket for each task. The first callback turns them into a wait as it is now. If
 * none comes, n8n ends them by itself, with what stands there.
 */
interface Ticket {
	facts: RequestFacts;
	delivery: OutputOptions;
}

type Parked = INodeExecutionData & { ticket?: Ticket };

const ITEM_NUMBER = / \[item \d+\]$/;

const detailsOf = ({ json }: Parked) => (isRecord(json.details) ? json.details : {});

const taskIdOf = (parked: Parked): string | undefined => {
	const { taskId } = detailsOf(parked);
	return parked.ticket !== undefined && typeof taskId === 'string' ? taskId : undefined;
};

function stateOf(parked: Parked, now: number): ItemState {
	const taskId = taskIdOf(parked);
	if (parked.ticket === undefined || taskId === undefined) {
		const { hint, ...details } = detailsOf(parked);
		const message = String(parked.json.error).replace(ITEM_NUMBER, '');
		return { kind: 'failed', failure: finalFailure(message, String(hint ?? ''), details) };
	}
	const { facts, delivery } = parked.ticket;
	const timeoutMs = NUMBER_OPTIONS.timeout.default * NUMBER_OPTIONS.timeout.factor;
	return {
		kind: 'awaited',
		terms: { output: delivery, facts, pace: {}, timeoutMs },
		task: { taskId, since: now, deadline: now + timeoutMs, polls: 0, nextPoll: now },
		isReported: true,
		heardAt: now,
	};
}

/** @returns undefined if the input is no such thing */
export function legacyItems({
	context,
	clock,
	tasks,
}: Run): Pick<WaitRecord, 'items' | 'hints' | 'limit'> | undefined {
	const input: Parked[] = context.getInputData();
	if (!input.some((item) => item.ticket !== undefined)) return undefined;
	for (const [item, parked] of input.entries()) {
		const taskId = taskIdOf(parked);
		if (taskId !== undefined) tasks.set(item, taskId);
	}
	const items = input.map((parked) => stateOf(parked, clock.now()));
	return { items, hints: [], limit: NUMBER_OPTIONS.maxParallelTasks.default };
}

/** @returns what the node is to run again with, if it was parked so and waits for this task */
export function legacyInput(
	context: IWebhookFunctions,
	taskId: string,
): INodeExecutionData[] | undefined {
	const entry = resumedEntry(context);
	const items: Parked[] = entry?.data?.main?.[0] ?? [];
	if (entry === undefined || !items.some((item) => taskIdOf(item) === taskId)) return undefined;
	// n8n disabled the node for what it takes for the end of the wait, and would fail as it was told.
	delete entry.node.disabled;
	if (entry.metadata !== undefined)
		delete (entry.metadata as { resumeError?: unknown }).resumeError;
	return items;
}
