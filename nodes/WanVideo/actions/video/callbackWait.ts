import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { callbackUrlFault, withParameter } from '../../callback/urls';
import { systemClock } from '../../time/clock';
import { Stop } from '../../time/stop';
import { ApixoClient, type Credential, readCredential } from '../../transport/client';
import { Gatherings } from '../../waiting/gathering';
import type { TaskMemory } from '../../waiting/memory';
import { park, parkedItems, resumeUrlOf, resumeWith } from '../../waiting/parking';
import { inParallel } from '../../waiting/parallel';
import { repeating } from '../../waiting/polling';
import { taskFor } from '../../waiting/submission';
import { type Failure, success } from '../../wan/failure';
import type { RequestFacts } from '../../wan/output';
import { type Task, outcomeOf } from '../../wan/task';
import { isLoopback } from '../../wan/urls';
import { runBatch } from '../batch';
import { type Delivery, deliver } from '../delivery';
import {
	type FailedItem,
	continuesOnError,
	failureItem,
	paidAndKept,
	stopError,
} from '../failures';
import { type Plan, withinMaxCost } from './planning';

/** What a parked item carries for the webhook, beside the outcome of a timeout. */
interface Ticket {
	taskId: string;
	facts: RequestFacts;
	delivery: Delivery;
}

interface ParkedItem extends INodeExecutionData {
	ticket?: Ticket & IDataObject;
}

/** Query parameter of the callback URL that tells which item is reported. */
const ITEM_PARAMETER = 'item';

const notReported = ({ taskId }: Ticket, minutes: number): Failure => ({
	message: `Task ${taskId} was not reported finished within ${minutes} minutes`,
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
		admit: (plans) => (fault === undefined ? withinMaxCost(plans) : unreachable(fault)),
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
		.map(([item, ticket]) => ({ item, failure: notReported(ticket, minutes) }));
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

const gatherings = new Gatherings(200);

const ANSWERS = {
	noted: { status: 200, message: 'Noted, other tasks are unfinished' },
	unconfirmed: { status: 503, message: 'APIXO says that the task is unfinished' },
	trouble: { status: 503, message: 'APIXO cannot be asked just now' },
};

/** Executions that are being resumed, and the task whose callback does it. */
const resuming = new Map<string, string>();

/** How long n8n may take to mark an execution as resumed; milliseconds. */
const SETTLING_MS = 10_000;

const PARALLEL_DOWNLOADS = 5;

/** How long a question to APIXO may be repeated within one callback; milliseconds. */
const PATIENCE_MS = 8_000;

function answer(context: IWebhookFunctions, status: number, message: string): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}

async function resultsOf(
	context: IWebhookFunctions,
	items: ParkedItem[],
	tasks: Task[],
): Promise<INodeExecutionData[]> {
	const byId = new Map(tasks.map((task) => [task.taskId, task]));
	const failures: FailedItem[] = [];
	const paid: Array<{ item: number; taskId: string }> = [];
	const results: INodeExecutionData[] = [];
	await inParallel(items.length, PARALLEL_DOWNLOADS, async (item) => {
		const { ticket, ...parked } = items[item];
		if (ticket === undefined) {
			results[item] = parked;
			return;
		}
		const { taskId, facts, delivery } = ticket;
		paid.push({ item, taskId });
		const task = outcomeOf(byId.get(taskId) as Task);
		const delivered = task.ok
			? await deliver(context, task.value, delivery, new Stop(), facts)
			: task;
		if (!delivered.ok) failures.push({ item, failure: delivered.failure });
		results[item] = delivered.ok
			? { ...delivered.value, pairedItem: { item } }
			: failureItem(delivered.failure, item);
	});
	failures.sort((a, b) => (a.item as number) - (b.item as number));
	const node = context.getNode();
	const others = paid.filter(({ item }) => !failures.some((failure) => failure.item === item));
	const isFailing = failures.length > 0 && !continuesOnError(node);
	resumeWith(context, isFailing ? stopError(node, failures, paidAndKept(others)) : undefined);
	return results;
}

async function handleCallback(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const items = parkedItems(context) as ParkedItem[];
	const { [ITEM_PARAMETER]: index } = context.getQueryData() as IDataObject;
	const reported = /^\d{1,6}$/.test(String(index)) ? items[Number(index)]?.ticket : undefined;
	if (reported === undefined) return answer(context, 404, 'No such item is waited for');

	const credential = await readCredential(context);
	const stop = new Stop();
	const client = new ApixoClient(context, credential, systemClock, { stop, abandon: stop });
	const deadline = systemClock.now() + PATIENCE_MS;
	const execution = context.getExecutionId();
	const taskIds = items.flatMap(({ ticket }) => ticket?.taskId ?? []);
	const gathered = await gatherings
		.of(`${credential.baseUrl} ${execution} ${taskIds[0]}`, taskIds)
		.report(
			reported.taskId,
			async (taskId) =>
				await repeating(async () => await client.status(taskId), {
					clock: systemClock,
					stop,
					deadline,
				}),
		);
	if (gathered.kind !== 'all') {
		const { status, message } = ANSWERS[gathered.kind];
		return answer(context, status, message);
	}
	const resumer = resuming.get(execution);
	if (resumer === reported.taskId) return answer(context, 503, 'Being resumed just now');
	// Safe to wave through: the callback that resumes is delivered again unless n8n accepts it.
	if (resumer !== undefined) return answer(context, 200, 'Noted, the execution is being resumed');
	resuming.set(execution, reported.taskId);
	try {
		return { workflowData: [await resultsOf(context, items, gathered.tasks)] };
	} finally {
		void systemClock.sleep(SETTLING_MS).then(() => resuming.delete(execution));
	}
}

/**
 * Runs for each callback of a parked execution. The payload is never believed: APIXO is asked.
 * Must not throw: n8n would fail the execution and still run what follows, with an empty item. On
 * trouble it answers 503, so that APIXO delivers again.
 */
export async function resumeParked(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	try {
		return await handleCallback(context);
	} catch (error) {
		context.logger.warn('A callback of APIXO could not be handled', { error });
		return answer(context, 503, 'The callback could not be handled just now');
	}
}
