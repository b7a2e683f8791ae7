import type {
	IExecuteFunctions,
	INodeExecutionData,
	ITaskMetadata,
	IWebhookDescription,
	IWebhookFunctions,
	NodeOperationError,
} from 'n8n-workflow';

/**
 * How an execution is parked in n8n's database and resumed by a webhook. Everything here leans on
 * how n8n's engine behaves, so it is kept in one place.
 *
 * n8n offers one resume URL per execution. While parked, each call to it runs the node's
 * `webhook()`; only when that returns items does the execution go on, with these items as the
 * node's output. At the deadline n8n goes on by itself, with the parked items as output. So what
 * is parked is the outcome of a timeout.
 */
export const PARKED_WEBHOOK: IWebhookDescription[] = [
	{
		name: 'default',
		httpMethod: 'POST',
		responseMode: 'onReceived',
		responseData: 'noData',
		path: '',
		restartWebhook: true,
		isFullPath: true,
	},
];

/**
 * The execution's own URL, which carries its secret token from n8n 2.15 on. Read as expressions see
 * it; to evaluate one takes n8n ten times as long.
 */
export const resumeUrlOf = (context: IExecuteFunctions): string =>
	(context.getWorkflowDataProxy(0).$execution as { resumeUrl: string }).resumeUrl;

interface ParkedOutcome {
	/** What comes out, item by item, if nothing ever calls. */
	items: INodeExecutionData[];
	/** Under On Error = Stop: what the execution fails with then. Honoured from n8n 2.30 on. */
	error?: NodeOperationError;
	/** Unix milliseconds. */
	deadline: number;
}

/**
 * Parks the execution when `execute()` returns.
 *
 * @throws what n8n throws if it cannot; the node's input is then as before, or Retry On Fail would
 * take what was to be parked for new requests
 */
export async function park(
	context: IExecuteFunctions,
	{ items, error, deadline }: ParkedOutcome,
): Promise<void> {
	const { main } = context.getExecuteData().data;
	const [input] = main;
	// A new array: the old one is the previous node's output.
	main[0] = items;
	let isParked = false;
	try {
		await context.putExecutionToWait(new Date(deadline));
		isParked = true;
	} finally {
		if (!isParked) main[0] = input;
	}
	if (error !== undefined) context.setMetadata({ resumeError: error } as ITaskMetadata);
}

/** What n8n resumes from. It is there at run time, though not in the public type. */
interface ResumedEntry {
	data?: { main?: Array<INodeExecutionData[] | null> };
	metadata?: { resumeError?: unknown };
}

const entryOf = (context: IWebhookFunctions): ResumedEntry | undefined =>
	'executeData' in context ? (context.executeData as ResumedEntry | undefined) : undefined;

/** The items that `park` left, as `webhook()` finds them. */
export const parkedItems = (context: IWebhookFunctions): INodeExecutionData[] =>
	entryOf(context)?.data?.main?.[0] ??
	// The official way, which costs n8n some 30 ms.
	(context.evaluateExpression('{{ $input.all() }}', 0) as unknown as INodeExecutionData[]);

/** Decides how the execution goes on after `webhook()`: failing with an error, or with its items. */
export function resumeWith(
	context: IWebhookFunctions,
	error: NodeOperationError | undefined,
): void {
	const entry = entryOf(context);
	if (entry === undefined) return;
	entry.metadata = { ...entry.metadata, resumeError: error };
	if (error === undefined) delete entry.metadata.resumeError;
}
