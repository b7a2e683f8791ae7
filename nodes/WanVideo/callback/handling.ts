import type {
	IDataObject,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { downloadVideos } from '../media/download';
import { systemClock } from '../time/clock';
import { Stop } from '../time/stop';
import { ApixoClient, type Credential, readCredential } from '../transport/client';
import { wake } from '../transport/wake';
import { repeating } from '../waiting/polling';
import type { Outcome } from '../wan/failure';
import { DEFAULT_MAX_FILE_MEGABYTES } from '../wan/modes';
import { complete, simplified } from '../wan/output';
import { type Task, isFinal, parseTask } from '../wan/task';
import { isLocalUrl } from '../wan/urls';
import { answer } from './answer';
import { Deduplication } from './deduplication';
import { type Claims, SIGNATURE_PARAMETER, verify } from './signature';

/** How long a question to APIXO may be repeated within one callback; milliseconds. */
const PATIENCE_MS = 8_000;

interface TriggerOptions {
	requireSignature?: boolean;
	verify?: boolean;
	deduplicate?: boolean;
	resumeWaiting?: boolean;
	simplify?: boolean;
	/** Megabytes. */
	maxFileSize?: number;
}

const REFUSALS = {
	unsigned: 'This URL carries no signature',
	forged: 'The signature of this URL is not valid',
	expired: 'This URL has expired',
};

/** The task that a callback claims to report; nothing in it is believed yet. */
function claimedTask(context: IWebhookFunctions): Task | undefined {
	const { data } = (context.getBodyData() ?? {}) as { data?: unknown };
	const taskId = (data as { taskId?: unknown } | null | undefined)?.taskId;
	if (typeof taskId !== 'string' || taskId === '' || taskId.length > 200) return undefined;
	return parseTask(data, taskId);
}

async function askApixo(
	context: IWebhookFunctions,
	credential: Credential,
	taskId: string,
): Promise<Outcome<Task>> {
	const stop = new Stop();
	const client = new ApixoClient(context, credential, systemClock, { stop, abandon: stop });
	const deadline = systemClock.now() + PATIENCE_MS;
	return await repeating(async () => await client.status(taskId), {
		clock: systemClock,
		stop,
		deadline,
	});
}

/** The task as the workflow gets it, and the execution that submitted it woken, if it asked. */
async function told(
	context: IWebhookFunctions,
	task: Task,
	claims: Claims | undefined,
	options: TriggerOptions,
): Promise<IDataObject> {
	const json = {
		...(options.simplify === false ? complete(task) : simplified(task)),
		...(claims?.context === undefined ? {} : { context: claims.context }),
		verified: options.verify !== false,
	} as IDataObject;
	if (claims?.resumeUrl === undefined || options.resumeWaiting === false) return json;
	const woken = await wake(context, claims.resumeUrl, json, systemClock);
	if (woken.resumed) return { ...json, resumed: true };
	return { ...json, resumed: false, notResumedBecause: woken.reason };
}

async function withVideo(
	context: IWebhookFunctions,
	task: Task,
	json: IDataObject,
	{ maxFileSize = DEFAULT_MAX_FILE_MEGABYTES }: TriggerOptions,
	{ baseUrl }: Credential,
): Promise<INodeExecutionData> {
	const isWanted = context.getNodeParameter('download', false) === true;
	if (!isWanted || task.videoUrls.length === 0) return { json };
	const propertyName = context.getNodeParameter('binaryPropertyName', 'data') as string;
	const rules = { allowLocal: isLocalUrl(baseUrl), maxBytes: maxFileSize * 1_000_000 };
	const binary = await downloadVideos(context, task, { propertyName, ...rules }, new Stop());
	if (binary.ok) return { json, binary: binary.value };
	return { json: { ...json, notDownloadedBecause: binary.failure.message } };
}

/** The execution that waits is woken for every outcome, the workflow started for those chosen. */
async function report(
	context: IWebhookFunctions,
	task: Task,
	claims: Claims | undefined,
	options: TriggerOptions,
	credential: Credential,
): Promise<IWebhookResponseData> {
	const events = context.getNodeParameter('events', ['success', 'failed']) as string[];
	const json = await told(context, task, claims, options);
	if (!events.includes(task.state)) return answer(context, 200, 'Not subscribed to this event');
	return { workflowData: [[await withVideo(context, task, json, options, credential)]] };
}

async function handle(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const options = context.getNodeParameter('options', {}) as TriggerOptions;
	const credential = await readCredential(context);
	const token = (context.getQueryData() as IDataObject)[SIGNATURE_PARAMETER];
	const checked = verify(credential.apiKey, token, systemClock.now());
	const isSigned = 'claims' in checked;
	const mayBeUnsigned = options.requireSignature === false && token === undefined;
	if (!isSigned && !mayBeUnsigned) return answer(context, 403, REFUSALS[checked.fault]);

	const claimed = claimedTask(context);
	if (claimed === undefined) return answer(context, 400, 'The body names no task');
	const deduplication =
		options.deduplicate === false || context.getMode() === 'manual'
			? undefined
			: new Deduplication(context);
	const key = `${claimed.taskId}:${claimed.state}`;
	if (deduplication?.isHandled(key)) return answer(context, 200, 'Handled before');
	if (deduplication?.begin(key) === false) return answer(context, 503, 'Being handled just now');
	try {
		const seen: Outcome<Task> =
			options.verify === false
				? { ok: true, value: claimed }
				: await askApixo(context, credential, claimed.taskId);
		if (!seen.ok) {
			return seen.failure.details.httpCode === 404
				? answer(context, 404, 'APIXO has no such task')
				: answer(context, 503, 'APIXO cannot be asked just now');
		}
		if (!isFinal(seen.value)) return answer(context, 503, 'The task is unfinished');
		const actual = `${seen.value.taskId}:${seen.value.state}`;
		if (deduplication?.isHandled(actual)) return answer(context, 200, 'Handled before');
		const claims = isSigned ? checked.claims : undefined;
		const response = await report(context, seen.value, claims, options, credential);
		deduplication?.remember(actual);
		return response;
	} finally {
		deduplication?.end(key);
	}
}

/**
 * Handles one callback of APIXO. The payload only says which task to ask for. Anything that could
 * not be handled is answered so that APIXO delivers it again, never with 200.
 */
export async function handleCallback(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	try {
		return await handle(context);
	} catch (error) {
		context.logger.warn('A callback of APIXO could not be handled', { error });
		return answer(context, 503, 'The callback could not be handled just now');
	}
}
