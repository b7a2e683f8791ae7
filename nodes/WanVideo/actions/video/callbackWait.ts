import { randomUUID } from 'crypto';
import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	NodeOperationError,
} from 'n8n-workflow';
import { callbackUrlFault, withParameter } from '../../callback/urls';
import { systemClock } from '../../time/clock';
import { ApixoClient } from '../../transport/client';
import type { Credential } from '../../transport/credential';
import type { TaskMemory } from '../../waiting/memory';
import { park, resumeUrlOf } from '../../waiting/parking';
import { taskFor } from '../../waiting/submission';
import { type Failure, success } from '../../wan/failure';
import type { RequestFacts } from '../../wan/output';
import { isLoopback } from '../../wan/urls';
import { runBatch } from '../batch';
import type { Delivery } from '../delivery';
import { failureItem, listOf, stopError } from '../failures';
import { type Plan, refusalOf } from './planning';

/** What a parked item carries for the webhook, beside the outcome of a timeout. */
export interface Ticket {
	/** Names all that was parked together, for what a process knows about it. */
	batch: string;
	facts: RequestFacts;
	delivery: Delivery;
}

export interface ParkedItem extends INodeExecutionData {
	json: IDataObject & { details?: { taskId?: string } };
	ticket?: Ticket & IDataObject;
}

/** Query parameter of the callback URL that tells which item is reported. */
export const ITEM_PARAMETER = 'item';

const notReported = (taskId: string, tasks: number, minutes: number): Failure => ({
	message:
		tasks === 1
			? `Task ${taskId} was not reported finished within ${minutes} minutes`
			: `Not all ${tasks} tasks of this run were reported finished within ${minutes} minutes (task ${taskId})`,
	hint: 'The task stays paid and may well be finished: APIXO could not reach this n8n, or the task takes longer. Fetch its video with the Wait or the Get operation and this task ID.',
	details: { taskId, state: 'pending' },
});

type Submissions = Map<number, { taskId: string; ticket: Ticket & IDataObject }>;

/** What the execution fails with if nothing ever calls, with each task named once. */
function timeoutError(
	context: IExecuteFunctions,
	submissions: Submissions,
	failureOf: (taskId: string) => Failure,
): NodeOperationError {
	const tasks = [...submissions]
		.map(([item, { taskId }]) => ({ item, taskId }))
		.sort((a, b) => a.item - b.item);
	const [{ item, taskId }] = tasks;
	const notes = tasks.length > 1 ? [`All of them: ${listOf(tasks)}.`] : [];
	return stopError(context.getNode(), [{ item, failure: failureOf(taskId) }], notes);
}

/** From so many on, callbacks keep n8n busy for a while. */
const MANY = 300;

const manyCallbacks = (tasks: number) =>
	`n8n reads the whole execution for each callback, and there will be ${tasks}: it may be slow while they come in. Polling, or executions of up to ${MANY} videos each, are easier on it`;

const unreachable = (fault: string): Failure => ({
	message: `The callback URL of this n8n ${fault}. Nothing was submitted`,
	hint: 'Set WEBHOOK_URL of your n8n to its public https:// address, or set Wait For Result By to Polling.',
	details: {},
});

/**
 * Gives one object for all tickets that are equal. n8n reads all that is parked at each callback,
 * which takes it longer the more objects there are; one that stands in several places counts once.
 */
function ticketOffice() {
	const batch = randomUUID();
	const tickets = new Map<string, Ticket & IDataObject>();
	return (facts: RequestFacts, delivery: Delivery) => {
		const key = JSON.stringify([facts, delivery]);
		const ticket = tickets.get(key) ?? ({ batch, facts, delivery } as Ticket & IDataObject);
		tickets.set(key, ticket);
		return ticket;
	};
}

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
	const ticketFor = ticketOffice();
	const submissions: Submissions = new Map();
	let timeoutMs = 0;

	const shown = await runBatch<Plan & { delivery: Delivery }>(context, {
		prepare,
		admit: (plans) => (fault === undefined ? refusalOf(context, plans) : unreachable(fault)),
		hints: ({ hints }) => hints,
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
			submissions.set(item, { taskId, ticket: ticketFor(facts, delivery) });
			timeoutMs = Math.max(timeoutMs, options.timeoutMs);
			return success({ json: { taskId, state: 'pending', ...facts } });
		},
	});
	if (submissions.size === 0) return shown;
	if (submissions.size > MANY) {
		context.addExecutionHints?.({
			message: manyCallbacks(submissions.size),
			location: 'outputPane',
		});
	}

	const failureOf = (taskId: string) => notReported(taskId, submissions.size, timeoutMs / 60_000);
	const parked: ParkedItem[] = shown.map((item, index) => {
		const submission = submissions.get(index);
		if (submission === undefined) return item;
		const { taskId, ticket } = submission;
		return { ...failureItem(failureOf(taskId), index), pairedItem: item.pairedItem, ticket };
	});
	await park(context, {
		items: parked,
		error: context.continueOnFail() ? undefined : timeoutError(context, submissions, failureOf),
		deadline: systemClock.now() + timeoutMs,
	});
	// n8n retries a node whose first item has an `error`; what is shown meanwhile has none.
	return shown.map((item, index) =>
		submissions.has(index) ? item : { json: { state: 'failed' }, pairedItem: { item: index } },
	);
}
