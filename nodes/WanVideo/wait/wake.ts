import type { IWebhookFunctions } from 'n8n-workflow';
import { taskIdIn } from '../../apixo/task';
import type { Clock } from '../../shared/clock';
import { isRecord } from '../../shared/values';
import { callbackLimiter } from '../webhook/limiter';
import { type Reply, reply } from '../webhook/respond';
import { legacyInput } from './legacy';
import { parkedContext } from './parking';
import { type WaitRecord, parkedWait } from './record';

type ServerResponse = ReturnType<IWebhookFunctions['getResponseObject']>;

/** What was reported to an execution since it was parked. */
interface Reports {
	taskIds: Set<string>;
	/** The task whose report woke it. */
	waker?: string;
	/** Whether n8n is going on with it, as far as is known. */
	isWaking?: boolean;
}

/** Enough for all executions that are parked at once in most n8n; the rest wake by polling. */
const CAPACITY = 5_000;

/**
 * By execution and parking. Only in this process: a parked execution keeps nothing between two
 * calls. What is lost with the process is found by polling.
 */
const reportsByParking = new Map<string, Reports>();

function reportsTo({ executionId, parkedUntil }: WaitRecord): Reports {
	const key = `${executionId} ${parkedUntil}`;
	const reports = reportsByParking.get(key) ?? { taskIds: new Set() };
	reportsByParking.set(key, reports);
	const [oldest] = reportsByParking.keys();
	if (reportsByParking.size > CAPACITY) reportsByParking.delete(oldest);
	return reports;
}

/** How long n8n may still go on with an execution when the caller is gone. */
const UNSEEN_MS = 10_000;

/** Notes that n8n goes on with an execution, until it turns out that it did not. */
function noteWaking(reports: Reports, response: ServerResponse, clock: Clock): void {
	reports.isWaking = true;
	const end = () => {
		if (response.writableFinished) reports.isWaking = response.statusCode === 200;
		else void clock.sleep(UNSEEN_MS).then(() => (reports.isWaking = false));
	};
	if (response.closed) end();
	else response.once('close', end);
}

const awaitedIn = ({ items }: WaitRecord): string[] =>
	items.flatMap((item) => (item.kind === 'awaited' && item.isReported ? [item.task.taskId] : []));

/**
 * Handles a call to a parked execution. Nothing in it is believed: once every task was reported the
 * node runs again, and asks APIXO. So a forged call costs one poll at most.
 */
export async function wake(context: IWebhookFunctions, clock: Clock): Promise<Reply> {
	const body: unknown = context.getBodyData();
	const taskId = taskIdIn(isRecord(body) ? body.data : undefined);
	if (taskId === undefined) return reply(400, 'The body names no task');
	const wait = parkedWait(parkedContext(context));
	if (wait === undefined) {
		const items = legacyInput(context, taskId);
		return items === undefined ? reply(404, 'No task is waited for') : { items };
	}
	const awaited = awaitedIn(wait);
	if (!awaited.includes(taskId)) return reply(404, 'No such task is waited for');
	const reports = reportsTo(wait);
	reports.taskIds.add(taskId);
	if (!awaited.every((id) => reports.taskIds.has(id))) {
		return reply(200, 'Noted, other tasks are unfinished');
	}
	// The call that wakes is delivered again unless n8n accepts it, so others may be accepted.
	reports.waker ??= taskId;
	if (reports.waker !== taskId) return reply(200, 'Noted, the execution goes on');
	// n8n answers 500 to one that comes while it goes on with the execution.
	if (reports.isWaking) return reply(409, 'The execution goes on just now');
	const response = context.getResponseObject();
	noteWaking(reports, response, clock);
	await callbackLimiter.admit(response, clock);
	return { wakes: true };
}
