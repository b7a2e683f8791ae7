import type {
	IExecuteData,
	IExecuteFunctions,
	INode,
	INodeExecutionData,
	IRunExecutionData,
	IWebhookDescription,
	IWebhookFunctions,
} from 'n8n-workflow';
import { isRecord } from '../../shared/values';
import type { Run } from '../run/run';
import { runIndexOf } from '../tasks/runIndex';
import { Journal, type Lineage } from '../tasks/journal';

/**
 * How an execution is parked in n8n's database, so that `execute()` runs again when it goes on: at
 * its time, or when its webhook is called. This is the one file that leans on the inside of n8n's
 * engine. Seen on n8n 2.41.1, 2.30.8 and 1.123.81; `docs/compatibility.md` has a row for each part.
 *
 * n8n goes on with the first entry of the execution's stack. It disables the node of that entry, so
 * that the entry's input becomes the node's output, and drops the node's last run from the record.
 * So what n8n finds first is an entry without input, and behind it the present one, as it was:
 *
 *   stack before: [ next nodes … ]         present entry: { node, input }
 *   stack parked: [ { copy, no input }, the same, { node, input }, next nodes … ]
 *
 * Rules, each of which lost items or ran something twice when it was broken:
 *
 * - The first entry has `main: []`. With `[[]]`, a Merge behind the node waits for ever.
 * - Both entries have the same, explicit `runIndex`, or the record shows two runs.
 * - The first entry's node is a copy without alwaysOutputData, onError, continueOnFail, retryOnFail:
 *   else an empty item goes on, or an input that n8n disables by identity is the present one's.
 * - In the database the copy bears the name of the node that the execution began with. n8n's Retry
 *   with the current workflow gives all entries of one name the same node of that workflow, and
 *   disables it for good: the present entry's would not wait, one of a loop would not run again.
 * - The items of the present entry carry an `error`. It is seen only where an n8n disables that
 *   entry as well: what comes out then names the task instead of passing for a video.
 * - The first entry is put there by us, too, although n8n puts it there again. With "Save execution
 *   progress" n8n saves the stack before it does, and may be killed between the two.
 * - At least `PUNCTUAL_MS` from now: n8n looks for what is due within the next minute once a minute.
 * - A timer of n8n is left behind where the webhook was called shortly before that time. It goes off
 *   all the same, and ends the wait of whatever has parked the execution by then, such as a Wait node
 *   for an approval. So the execution is parked for it before it may go on: see `isTimed`.
 */
export const PARKED_WEBHOOKS: IWebhookDescription[] = [
	{
		name: 'default',
		httpMethod: 'POST',
		responseMode: 'onReceived',
		responseData: 'noData',
		// A path of its own: whatever else of this workflow is parked later does not answer to it.
		path: 'wan-video',
		restartWebhook: true,
		isFullPath: true,
	},
	{
		// What version 0.1 parked is called without a path.
		name: 'default',
		httpMethod: 'POST',
		responseMode: 'onReceived',
		responseData: 'noData',
		path: '',
		restartWebhook: true,
		isFullPath: true,
	},
];

/** The engine's own data of this execution: there at run time, though not in the public type. */
function engineData(context: object): IRunExecutionData | undefined {
	if (!('runExecutionData' in context)) return undefined;
	const { runExecutionData } = context;
	return isRecord(runExecutionData)
		? (runExecutionData as unknown as IRunExecutionData)
		: undefined;
}

function stackOf(context: IExecuteFunctions): IExecuteData[] | undefined {
	const stack: unknown = engineData(context)?.executionData?.nodeExecutionStack;
	return Array.isArray(stack) ? (stack as IExecuteData[]) : undefined;
}

/**
 * Resumes whatever of this execution is parked by then, such as a Wait node. From n8n 2.15 on it
 * carries a token. Read as expressions see it: to evaluate one takes n8n ten times as long.
 */
export function resumeUrlOf(context: IExecuteFunctions): string {
	const $execution: unknown = context.getWorkflowDataProxy(0).$execution;
	const url = isRecord($execution) ? $execution.resumeUrl : undefined;
	return typeof url === 'string' ? url : '';
}

/** Wakes this execution while our node has parked it. */
export function wakeUrlOf(context: IExecuteFunctions): string {
	const url = resumeUrlOf(context);
	if (!URL_START.test(url)) return url;
	const [address, query] = url.split('?', 2);
	const path = `${address.replace(/\/$/, '')}/${PARKED_WEBHOOKS[0].path}`;
	return query === undefined ? path : `${path}?${query}`;
}

/** n8n's own, from n8n 2.15 on; an execution has it from its first moment. */
const secretOf = (context: IExecuteFunctions): string | undefined =>
	/[?&]signature=([^&]+)/.exec(resumeUrlOf(context))?.[1];

/** What an execution has in common with those that repeat it. */
function lineageOf(context: IExecuteFunctions): Lineage | undefined {
	const secret = secretOf(context);
	if (secret !== undefined) return { id: secret, isSure: true };
	const data = engineData(context);
	const start = data && data.resultData.runData[startNodeName(data) ?? '']?.at(0);
	return start && { id: String(start.startTime), isSure: false };
}

/** Nothing repeats the call of a tool. */
export function journalOf({ context, isTool, clock }: Run): Journal | undefined {
	const lineage = isTool ? undefined : lineageOf(context);
	return lineage && new Journal(context, lineage, clock);
}

const URL_START = /^https?:\/\//i;

/** Why this execution cannot be parked, as the rest of a sentence; undefined if it can. */
export function parkingFault(context: IExecuteFunctions): string | undefined {
	const { engineType } = context.getWorkflowSettings() as { engineType?: unknown };
	if (engineType === 'v2') return 'the next engine of n8n, which this workflow uses, parks nothing';
	const { main } = context.getExecuteData().data ?? {};
	if (stackOf(context) === undefined || !Array.isArray(main) || main.length === 0) {
		return 'this version of n8n keeps its executions in a way that the node does not know';
	}
	// n8n 1 gives a calling workflow its own input back when the one that it called was parked.
	if (context.getMode() === 'integrated' && secretOf(context) === undefined) {
		return 'this version of n8n gives nothing back to a calling workflow when it was parked';
	}
	return undefined;
}

/** The node that the execution began with: it does not run again, not even in a loop. */
function startNodeName({ resultData }: IRunExecutionData): string | undefined {
	const runs = Object.entries(resultData.runData);
	return runs.find(([, [first]]) => first?.source?.length === 0)?.[0];
}

/** A node that n8n may disable; saved under the name of the one that the execution began with. */
function nodeToDisable({ node, source }: IExecuteData, data: IRunExecutionData): INode {
	const copy = { ...node };
	delete copy.alwaysOutputData;
	delete copy.onError;
	delete copy.continueOnFail;
	delete copy.retryOnFail;
	const name = startNodeName(data) ?? source?.main?.[0]?.previousNode ?? node.name;
	// Until it is saved, the engine takes the node's own name for the one that was run last.
	const toJSON = () => ({ ...copy, name });
	return Object.defineProperty(copy, 'toJSON', { value: toJSON, enumerable: false });
}

/**
 * Parks the execution when `execute()` returns. What `execute()` returns is shown meanwhile.
 *
 * @param until Unix milliseconds
 * @param unless what an item is worth if n8n does not run `execute()` again
 * @returns false if n8n cannot park it; all is then as before
 */
export async function park(
	context: IExecuteFunctions,
	until: number,
	unless: (item: number) => INodeExecutionData['error'],
): Promise<boolean> {
	const stack = stackOf(context);
	const data = engineData(context);
	if (stack === undefined || data === undefined) return false;
	const entry = context.getExecuteData();
	const [items, ...otherInputs] = entry.data.main;
	const marked = (items ?? []).map((item, index) => ({ ...item, error: unless(index) }));
	const runIndex = runIndexOf(context);
	const again = { ...entry, runIndex, data: { ...entry.data, main: [marked, ...otherInputs] } };
	const first = { node: nodeToDisable(entry, data), data: { main: [] }, runIndex };
	try {
		await context.putExecutionToWait(new Date(until));
	} catch (error) {
		context.logger.warn('n8n could not park an execution of Wan Video', { error });
		data.waitTill = undefined;
		return false;
	}
	Object.assign(entry, first);
	stack.unshift(entry, again);
	return true;
}

/** n8n sets its timer for an execution at most so long before it is due. */
const TIMED_MS = 70_000;

/** Whether n8n may have set its timer for an execution that is parked until then; Unix milliseconds. */
export const isTimed = (until: number, now: number): boolean => until - now <= TIMED_MS;

/** Nodes that can park an execution: n8n's Wait, Form and Execute Sub-workflow, and this one. */
const PARKING_NODE = /\.(wait|form|executeWorkflow|wanVideo)$/;

/** Whether a node behind this one may park the execution, too: then a timer that is left matters. */
export const mayBeParkedBehind = (context: IExecuteFunctions): boolean =>
	context
		.getChildNodes(context.getNode().name, { includeNodeParameters: true })
		.some(
			({ type, parameters }) => PARKING_NODE.test(type) || parameters?.operation === 'sendAndWait',
		);

/** The node's context as `execute()` left it when it parked, as `webhook()` finds it. */
export const parkedContext = (context: IWebhookFunctions): Record<string, unknown> => {
	const saved = engineData(context)?.executionData?.contextData?.[`node:${context.getNode().name}`];
	return isRecord(saved) ? saved : {};
};

/** The entry that n8n goes on with after `webhook()`. */
export function resumedEntry(context: IWebhookFunctions): IExecuteData | undefined {
	return engineData(context)?.executionData?.nodeExecutionStack?.[0];
}
