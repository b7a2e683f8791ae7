import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { callbackUrlFault, withParameter } from '../../callback/urls';
import { systemClock } from '../../time/clock';
import { ApixoClient, type Credential } from '../../transport/client';
import type { TaskMemory } from '../../waiting/memory';
import { park, resumeUrlOf } from '../../waiting/parking';
import { taskFor } from '../../waiting/submission';
import { type Failure, success } from '../../wan/failure';
import type { RequestFacts } from '../../wan/output';
import { isLoopback } from '../../wan/urls';
import { runBatch } from '../batch';
import type { Delivery } from '../delivery';
import { type FailedItem, failureItem, stopError } from '../failures';
import { type Plan, refusalOf } from './planning';

/** What a parked item carries for the webhook, beside the outcome of a timeout. */
export interface Ticket {
	taskId: string;
	facts: RequestFacts;
	delivery: Delivery;
}

export interface ParkedItem extends INodeExecutionData {
	ticket?: Ticket & IDataObject;
}

/** Query parameter of the callback URL that tells which item is reported. */
export const ITEM_PARAMETER = 'item';

const notReported = ({ taskId }: Ticket, tasks: number, minutes: number): Failure => ({
	message:
		tasks === 1
			? `Task ${taskId} was not reported finished within ${minutes} minutes`
			: `Not all ${tasks} tasks of this run were reported finished within ${minutes} minutes (task ${taskId})`,
	hint: 'The task stays paid and may well be finished: APIXO could not reach this n8n, or the task takes longer. Fetch its video with the Wait or the Get operation and this task ID.',
	details: { taskId, state: 'pending' },
});

const unreachable = (fault: string): Failure => ({
	message: `The callback URL of this n8n ${fault}. Nothing was submitted`,
	hint: 'Set WEBHOOK_URL of your n8n to its public https:// address, or set Wait For Result By to Polling.',
	details: {},
});

/**
 * Submits all items with a callback URL each and parks the execution until all are final.
 * @returns what is shown while parked; what goes on comes from `resumeParked`
 * @throws NodeOperationError under On Error = Stop if an item cannot be submitted
 */
export async function submitAndPark(
	context: IExecuteFunctions,
	credential: Credential,
	memory: TaskMemory,
	prepare: Parameters<typeof runBatch<Plan & { delivery: Delivery }>>[1]['prepare'],
): Promise<INodeExecutionData[]> {
	const resumeUrl = resumeUrlOf(context);
	const fault = callbackUrlFault(resumeUrl, isLoopback(credential.baseUrl));
	const tickets = new Map<number, Ticket>();
	let timeoutMs = 0;

	const shown = await runBatch<Plan & { delivery: Delivery }>(context, {
		prepare,
		admit: (plans) => (fault === undefined ? refusalOf(context, plans) : unreachable(fault)),
		limit: ([first]) => first.options.maxParallelTasks,
		work: async ({ request, facts, options, delivery }, item, run) => {
			const client = new ApixoClient(context, credential, systemClock, run);
			const callbackUrl = withParameter(resumeUrl, ITEM_PARAMETER, String(item));
			const deadline = systemClock.now() + options.timeoutMs;
			const pace = { clock: systemClock, stop: run.stop, deadline };
			const submitted = await taskFor({ item, request, callbackUrl }, client, memory, pace);
			if (!submitted.ok) return submitted;
			const { taskId } = submitted.value;
			run.paid(item, taskId);
			tickets.set(item, { taskId, facts, delivery });
			timeoutMs = Math.max(timeoutMs, options.timeoutMs);
			return success({ json: { taskId, state: 'pending', ...facts } });
		},
	});
	if (tickets.size === 0) return shown;

	const minutes = timeoutMs / 60_000;
	const timeouts: FailedItem[] = [...tickets]
		.sort(([a], [b]) => a - b)
		.map(([item, ticket]) => ({ item, failure: notReported(ticket, tickets.size, minutes) }));
	const parked = [...shown] as ParkedItem[];
	for (const { item, failure } of timeouts) {
		const index = item as number;
		parked[index] = {
			...failureItem(failure, index),
			ticket: tickets.get(index) as ParkedItem['ticket'],
		};
	}
	await park(context, {
		items: parked,
		error: context.continueOnFail() ? undefined : stopError(context.getNode(), timeouts),
		deadline: systemClock.now() + timeoutMs,
	});
	// n8n retries a node whose first item has an `error`; what is shown meanwhile has none.
	return shown.map((item, index) =>
		tickets.has(index) ? item : { json: { state: 'failed' }, pairedItem: { item: index } },
	);
}
