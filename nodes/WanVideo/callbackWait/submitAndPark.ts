import { randomUUID } from 'crypto';
import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	NodeOperationError,
} from 'n8n-workflow';
import type { ApixoClient } from '../../apixo/client';
import type { Credential } from '../../apixo/credential';
import { type Failure, finalFailure, ok } from '../../apixo/result';
import { isLoopbackUrl } from '../../shared/urls';
import { messageOf } from '../../shared/values';
import type { RequestFacts } from '../model/output';
import { type ItemWork, runItems } from '../run/items';
import { failureItem, listTasks, markForErrorOutput, stopError } from '../run/messages';
import type { OutputOptions } from '../run/output';
import { type GenerationPlan, refuseSubmissions } from '../run/plans';
import type { Run } from '../run/run';
import type { TaskMemory } from '../tasks/memory';
import { submitOnce } from '../tasks/submission';
import { callbackUrlFault, withParameter } from '../webhook/callbackUrl';
import { park, resumeUrlOf } from './parking';

/**
 * What a parked item carries for the webhook, beside the outcome of a timeout. It is saved with the
 * execution, so its names must stay: an execution may be parked while the package is updated.
 */
interface Ticket {
	/** Names all that was parked together, for what a process knows about it. */
	batch: string;
	facts: RequestFacts;
	delivery: OutputOptions;
}

export interface ParkedItem extends INodeExecutionData {
	json: IDataObject & { details?: { taskId?: string } };
	ticket?: Ticket & IDataObject;
}

/** Query parameter of the callback URL that tells which item is reported. */
export const ITEM_PARAMETER = 'item';

const notReported = (taskId: string, tasks: number, minutes: number): Failure =>
	finalFailure(
		tasks === 1
			? `Task ${taskId} was not reported finished within ${minutes} minutes`
			: `Not all ${tasks} tasks of this run were reported finished within ${minutes} minutes (task ${taskId})`,
		'The task stays paid and may well be finished: APIXO could not reach this n8n, or the task takes longer. Fetch its video with the Wait or the Get operation and this task ID.',
		{ taskId, state: 'pending' },
	);

type Submissions = Map<number, { taskId: string; ticket: Ticket & IDataObject }>;

/** An error about the first task that names all of them once. */
function errorAboutAll(
	context: IExecuteFunctions,
	submissions: Submissions,
	failureOf: (taskId: string) => Failure,
): NodeOperationError {
	const tasks = [...submissions]
		.map(([item, { taskId }]) => ({ item, taskId }))
		.sort((a, b) => a.item - b.item);
	const [{ item, taskId }] = tasks;
	const notes = tasks.length > 1 ? [`All of them: ${listTasks(tasks)}.`] : [];
	return stopError(context.getNode(), [{ item, failure: failureOf(taskId) }], notes);
}

/** From so many callbacks on, n8n is busy for a while. */
const MANY_CALLBACKS = 300;

const manyCallbacks = (tasks: number) =>
	`n8n reads the whole execution for each callback, and there will be ${tasks}: it may be slow while they come in. Polling, or executions of up to ${MANY_CALLBACKS} videos each, are easier on it`;

const unreachable = (fault: string): Failure =>
	finalFailure(
		`The callback URL of this n8n ${fault}. Nothing was submitted`,
		'Set WEBHOOK_URL of your n8n to its public https:// address, or set Wait For Result By to Polling.',
	);

/**
 * Gives one object for all tickets that are equal. n8n reads all that is parked at each callback,
 * which takes it longer the more objects there are; one that stands in several places counts once.
 */
function sharedTickets() {
	const batch = randomUUID();
	const tickets = new Map<string, Ticket & IDataObject>();
	return (facts: RequestFacts, delivery: OutputOptions) => {
		const key = JSON.stringify([facts, delivery]);
		const ticket = tickets.get(key) ?? ({ batch, facts, delivery } as Ticket & IDataObject);
		tickets.set(key, ticket);
		return ticket;
	};
}

/**
 * Submits all items with a callback URL each and parks the execution until all are final.
 *
 * @returns what is shown while parked; what goes on comes from `resumeParked`
 * @throws NodeOperationError under On Error = Stop if an item cannot be submitted, or if n8n cannot
 * park the execution
 */
export async function submitAndPark(
	run: Run,
	client: ApixoClient,
	credential: Credential,
	memory: TaskMemory,
	prepare: ItemWork<GenerationPlan>['prepare'],
): Promise<INodeExecutionData[]> {
	const { context, clock } = run;
	const resumeUrl = resumeUrlOf(context);
	const fault = callbackUrlFault(resumeUrl, isLoopbackUrl(credential.baseUrl));
	const ticketFor = sharedTickets();
	const submissions: Submissions = new Map();
	let timeoutMs = 0;

	const shown = await runItems<GenerationPlan>(run, {
		prepare,
		refuse: (plans) => (fault === undefined ? refuseSubmissions(run, plans) : unreachable(fault)),
		limit: ([first]) => first.options.maxParallelTasks,
		work: async ({ request, facts, options, output }, item) => {
			const callbackUrl = withParameter(resumeUrl, ITEM_PARAMETER, String(item));
			const deadline = clock.now() + options.timeoutMs;
			const submitted = await submitOnce({ item, request, callbackUrl, deadline }, client, memory);
			if (!submitted.ok) return submitted;
			const { taskId } = submitted.value;
			run.paid(item, taskId);
			submissions.set(item, { taskId, ticket: ticketFor(facts, output) });
			timeoutMs = Math.max(timeoutMs, options.timeoutMs);
			return ok({ json: { taskId, state: 'pending', ...facts } });
		},
	});
	if (submissions.size === 0) return shown;
	if (submissions.size > MANY_CALLBACKS) {
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
	const error = context.continueOnFail()
		? undefined
		: errorAboutAll(context, submissions, failureOf);
	try {
		await park(context, { items: parked, error, deadline: clock.now() + timeoutMs });
	} catch (cause) {
		return notParked(context, shown, submissions, cause);
	}
	// n8n retries a node whose first item has an `error`; what is shown meanwhile has none.
	return shown.map((item, index) =>
		submissions.has(index) ? item : { json: { state: 'failed' }, pairedItem: { item: index } },
	);
}

/** The outcome if n8n cannot park the execution: no task that was paid for may be lost with it. */
function notParked(
	context: IExecuteFunctions,
	shown: INodeExecutionData[],
	submissions: Submissions,
	cause: unknown,
): INodeExecutionData[] {
	const failureOf = (taskId: string) =>
		finalFailure(
			`n8n could not park the execution: ${messageOf(cause)} (task ${taskId})`,
			'The task goes on at APIXO and stays paid. Fetch its video with the Wait or the Get operation and this task ID, or retry this execution: it picks the task up without paying again.',
			{ taskId, state: 'pending' },
		);
	if (!context.continueOnFail()) throw errorAboutAll(context, submissions, failureOf);
	return shown.map((item, index) => {
		const submission = submissions.get(index);
		if (submission === undefined) return item;
		const failed = failureItem(failureOf(submission.taskId), index);
		return markForErrorOutput(context.getNode(), failed);
	});
}
