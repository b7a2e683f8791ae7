import type {
	IDataObject,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { answer } from '../../callback/answer';
import { systemClock } from '../../time/clock';
import { Stop } from '../../time/stop';
import { ApixoClient, readCredential } from '../../transport/client';
import { Gatherings } from '../../waiting/gathering';
import { inParallel } from '../../waiting/parallel';
import { parkedItems, resumeWith } from '../../waiting/parking';
import { repeating } from '../../waiting/polling';
import { type Task, outcomeOf } from '../../wan/task';
import { deliver } from '../delivery';
import {
	type FailedItem,
	type PaidTask,
	continuesOnError,
	failureItem,
	paidAndKept,
	stopError,
} from '../failures';
import { ITEM_PARAMETER, type ParkedItem } from './callbackWait';

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

async function resultsOf(
	context: IWebhookFunctions,
	items: ParkedItem[],
	tasks: Task[],
): Promise<INodeExecutionData[]> {
	const byId = new Map(tasks.map((task) => [task.taskId, task]));
	const failures: FailedItem[] = [];
	const paid: PaidTask[] = [];
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
	const key = `${credential.baseUrl} ${execution} ${taskIds[0]}`;
	const gathered = await gatherings.of(key, taskIds).report(
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
		void systemClock.sleep(SETTLING_MS).then(() => {
			resuming.delete(execution);
			gatherings.forget(key);
		});
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
