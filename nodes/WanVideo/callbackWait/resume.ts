import type { IDataObject, INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';
import { readCredential } from '../../apixo/credential';
import type { Task } from '../../apixo/task';
import type { Clock } from '../../shared/clock';
import { mapConcurrently } from '../../shared/concurrency';
import { resultOf } from '../model/taskResult';
import {
	type FailedItem,
	type PaidTask,
	continuesOnError,
	failureItem,
	paidNotes,
	stopError,
} from '../run/messages';
import { toOutputItem } from '../run/output';
import { callbackLimiter } from '../webhook/limiter';
import { type Reply, reply } from '../webhook/respond';
import { verifierFor } from '../webhook/verifier';
import { Collectors, type GetTask } from './collector';
import { parkedItems, resumeWith } from './parking';
import { ITEM_PARAMETER, type ParkedItem } from './submitAndPark';

const collectors = new Collectors(1_000);

const REPLIES = {
	noted: reply(200, 'Noted, other tasks are unfinished'),
	joined: reply(200, 'Noted, other callbacks wait for the same answer'),
	unconfirmed: reply(503, 'APIXO says that the task is unfinished'),
	trouble: reply(503, 'APIXO cannot be asked just now'),
};

/** How long n8n may take to mark an execution as resumed. */
const SETTLING_MS = 10_000;

const MAX_CONCURRENT_DOWNLOADS = 5;

const taskOf = ({ ticket, json }: ParkedItem): string | undefined =>
	ticket === undefined ? undefined : json.details?.taskId;

/** Asks APIXO with the node's credential: read once, in its turn, and only if there is need. */
function lazyGetTask(context: IWebhookFunctions, clock: Clock): GetTask {
	let opening: Promise<GetTask> | undefined;
	const open = async (): Promise<GetTask> => {
		await callbackLimiter.admit(context.getResponseObject(), clock);
		const client = verifierFor(context, await readCredential(context), clock);
		return async (taskId) => await client.getTask(taskId);
	};
	return async (taskId) => {
		opening ??= open();
		const getTask = await opening;
		return await getTask(taskId);
	};
}

async function outputOf(
	context: IWebhookFunctions,
	items: ParkedItem[],
	tasks: Task[],
): Promise<INodeExecutionData[]> {
	const byId = new Map(tasks.map((task) => [task.taskId, task]));
	const failures: Array<FailedItem & { item: number }> = [];
	const paid: PaidTask[] = [];
	const { signal } = new AbortController();
	const output = await mapConcurrently(items, MAX_CONCURRENT_DOWNLOADS, async (parked, item) => {
		const { ticket, ...rest } = parked;
		const taskId = taskOf(parked);
		if (ticket === undefined || taskId === undefined) return rest;
		const task = byId.get(taskId);
		if (task === undefined) throw new Error(`Task ${taskId} was not collected`);
		paid.push({ item, taskId });
		const { facts, delivery } = ticket;
		const result = resultOf(task);
		const made = result.ok
			? await toOutputItem(context, result.value, delivery, signal, facts)
			: result;
		if (made.ok) return { ...made.value, pairedItem: { item } };
		failures.push({ item, failure: made.failure });
		return failureItem(made.failure, item);
	});
	failures.sort((a, b) => a.item - b.item);
	const node = context.getNode();
	const others = paid.filter(({ item }) => !failures.some((failure) => failure.item === item));
	const isFailing = failures.length > 0 && !continuesOnError(node);
	resumeWith(context, isFailing ? stopError(node, failures, paidNotes(others)) : undefined);
	return output;
}

/** Handles a callback of a parked execution. The payload is never believed: APIXO is asked. */
export async function resumeParked(context: IWebhookFunctions, clock: Clock): Promise<Reply> {
	const items: ParkedItem[] = parkedItems(context);
	const { [ITEM_PARAMETER]: index } = context.getQueryData() as IDataObject;
	const isIndex = typeof index === 'string' && /^\d{1,6}$/.test(index);
	const reported = isIndex ? items[Number(index)] : undefined;
	const taskId = reported && taskOf(reported);
	if (reported?.ticket === undefined || taskId === undefined) {
		return reply(404, 'No such item is waited for');
	}

	const { batch } = reported.ticket;
	const collector = collectors.of(batch, () => items.flatMap((item) => taskOf(item) ?? []));
	const collected = await collector.report(taskId, lazyGetTask(context, clock));
	if (collected.kind !== 'all') return REPLIES[collected.kind];
	if (collector.resumer === taskId) return reply(503, 'Being resumed just now');
	// Safe to accept: the callback that resumes is delivered again unless n8n accepts it.
	if (collector.resumer) return reply(200, 'Noted, the execution is being resumed');
	collector.resumer = taskId;
	try {
		return { items: await outputOf(context, items, collected.tasks) };
	} finally {
		// Should n8n not have gone on by then, the next callback finds out all anew.
		void clock.sleep(SETTLING_MS).then(() => collectors.forget(batch));
	}
}
