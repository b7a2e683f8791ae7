import type {
	IDataObject,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { answer } from '../../callback/answer';
import { asking } from '../../callback/asking';
import { turnstile } from '../../callback/turnstile';
import { systemClock } from '../../time/clock';
import { Stop } from '../../time/stop';
import { readCredential } from '../../transport/credential';
import { Gatherings, type Look } from '../../waiting/gathering';
import { inParallel } from '../../waiting/parallel';
import { parkedItems, resumeWith } from '../../waiting/parking';
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
import { ITEM_PARAMETER, type ParkedItem, type Ticket } from './callbackWait';

const gatherings = new Gatherings(1_000);

const ANSWERS = {
	noted: { status: 200, message: 'Noted, other tasks are unfinished' },
	joined: { status: 200, message: 'Noted, other callbacks wait for the same answer' },
	unconfirmed: { status: 503, message: 'APIXO says that the task is unfinished' },
	trouble: { status: 503, message: 'APIXO cannot be asked just now' },
};

/** How long n8n may take to mark an execution as resumed; milliseconds. */
const SETTLING_MS = 10_000;

const PARALLEL_DOWNLOADS = 5;

const taskOf = ({ ticket, json }: ParkedItem): string | undefined =>
	ticket === undefined ? undefined : json.details?.taskId;

/** Looks at tasks with the node's credential: read once, in its turn, and only if there is something to ask. */
function looking(context: IWebhookFunctions): Look {
	let opening: Promise<Look> | undefined;
	const open = async () => {
		await turnstile.pass(context.getResponseObject());
		return asking(context, await readCredential(context));
	};
	return async (taskId) => {
		opening ??= open();
		const look = await opening;
		return await look(taskId);
	};
}

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
		const taskId = taskOf(items[item]);
		if (ticket === undefined || taskId === undefined) {
			results[item] = parked;
			return;
		}
		const { facts, delivery } = ticket;
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
	const isIndex = typeof index === 'string' && /^\d{1,6}$/.test(index);
	const reported = isIndex ? items[Number(index)] : undefined;
	const taskId = reported && taskOf(reported);
	if (taskId === undefined) return answer(context, 404, 'No such item is waited for');

	const { batch } = reported?.ticket as Ticket;
	const gathering = gatherings.of(batch, () => items.flatMap((item) => taskOf(item) ?? []));
	const gathered = await gathering.report(taskId, looking(context));
	if (gathered.kind !== 'all') {
		const { status, message } = ANSWERS[gathered.kind];
		return answer(context, status, message);
	}
	if (gathering.resumer === taskId) return answer(context, 503, 'Being resumed just now');
	// Safe to wave through: the callback that resumes is delivered again unless n8n accepts it.
	if (gathering.resumer) return answer(context, 200, 'Noted, the execution is being resumed');
	gathering.resumer = taskId;
	try {
		return { workflowData: [await resultsOf(context, items, gathered.tasks)] };
	} finally {
		// Should n8n not have gone on by then, the next callback finds out all anew.
		void systemClock.sleep(SETTLING_MS).then(() => gatherings.forget(batch));
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
