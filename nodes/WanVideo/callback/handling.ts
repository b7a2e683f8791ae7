import type {
	IDataObject,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { downloadVideos } from '../media/download';
import { systemClock } from '../time/clock';
import { Stop } from '../time/stop';
import { type Credential, readCredential } from '../transport/credential';
import { wake } from '../transport/wake';
import type { Outcome } from '../wan/failure';
import { complete, simplified } from '../wan/output';
import { type Task, isFinal, parseTask, readTaskId } from '../wan/task';
import { isLocalUrl } from '../wan/urls';
import { answer } from './answer';
import { asking } from './asking';
import { Deduplication } from './deduplication';
import { type TriggerSettings, readSettings } from './settings';
import { type Claims, SIGNATURE_PARAMETER, verify } from './signature';
import { turnstile } from './turnstile';

const REFUSALS = {
	unsigned: 'This URL carries no signature',
	forged: 'The signature of this URL is not valid',
	expired: 'This URL has expired',
};

/** The task that a callback claims to report; nothing in it is believed yet. */
function claimedTask(context: IWebhookFunctions): Task | undefined {
	const { data } = (context.getBodyData() ?? {}) as { data?: unknown };
	const taskId = readTaskId(data);
	return taskId === undefined ? undefined : parseTask(data, taskId);
}

/** The task as the workflow gets it, and the execution that submitted it woken, if it asked. */
async function told(
	context: IWebhookFunctions,
	task: Task,
	claims: Claims | undefined,
	settings: TriggerSettings,
): Promise<IDataObject> {
	const json = {
		...(settings.simplify ? simplified(task) : complete(task)),
		...(claims?.context === undefined ? {} : { context: claims.context }),
		verified: settings.verify,
	} as IDataObject;
	if (claims?.resumeUrl === undefined || !settings.resumeWaiting) return json;
	const woken = await wake(context, claims.resumeUrl, json, systemClock);
	if (woken.resumed) return { ...json, resumed: true };
	return { ...json, resumed: false, notResumedBecause: woken.reason };
}

async function withVideo(
	context: IWebhookFunctions,
	task: Task,
	json: IDataObject,
	{ field, maxFileBytes }: TriggerSettings,
	{ baseUrl }: Credential,
): Promise<INodeExecutionData> {
	if (field === undefined || task.videoUrls.length === 0) return { json };
	const target = {
		propertyName: field,
		allowLocal: isLocalUrl(baseUrl),
		maxBytes: maxFileBytes,
	};
	const binary = await downloadVideos(context, task, target, new Stop());
	if (binary.ok) return { json, binary: binary.value };
	return { json: { ...json, notDownloadedBecause: binary.failure.message } };
}

/** The execution that waits is woken for every outcome, the workflow started for those chosen. */
async function report(
	context: IWebhookFunctions,
	task: Task,
	claims: Claims | undefined,
	settings: TriggerSettings,
	credential: Credential,
): Promise<IWebhookResponseData> {
	const json = await told(context, task, claims, settings);
	if (!settings.events.includes(task.state))
		return answer(context, 200, 'Not subscribed to this event');
	return { workflowData: [[await withVideo(context, task, json, settings, credential)]] };
}

async function handle(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const settings = readSettings(context);
	const credential = await readCredential(context);
	const token = (context.getQueryData() as IDataObject)[SIGNATURE_PARAMETER];
	const checked = verify(credential.apiKey, token, systemClock.now());
	const isSigned = 'claims' in checked;
	const mayBeUnsigned = !settings.requireSignature && token === undefined;
	if (!isSigned && !mayBeUnsigned) return answer(context, 403, REFUSALS[checked.fault]);

	const claimed = claimedTask(context);
	if (claimed === undefined) return answer(context, 400, 'The body names no task');
	const deduplication =
		!settings.deduplicate || context.getMode() === 'manual'
			? undefined
			: new Deduplication(context);
	const key = `${claimed.taskId}:${claimed.state}`;
	if (deduplication?.isHandled(key)) return answer(context, 200, 'Handled before');
	if (deduplication?.begin(key) === false) return answer(context, 503, 'Being handled just now');
	try {
		await turnstile.pass(context.getResponseObject());
		const seen: Outcome<Task> = settings.verify
			? await asking(context, credential)(claimed.taskId)
			: { ok: true, value: claimed };
		if (!seen.ok) {
			return seen.failure.details.httpCode === 404
				? answer(context, 404, 'APIXO has no such task')
				: answer(context, 503, 'APIXO cannot be asked just now');
		}
		if (!isFinal(seen.value)) return answer(context, 503, 'The task is unfinished');
		const actual = `${seen.value.taskId}:${seen.value.state}`;
		if (deduplication?.isHandled(actual)) return answer(context, 200, 'Handled before');
		const claims = isSigned ? checked.claims : undefined;
		const response = await report(context, seen.value, claims, settings, credential);
		await deduplication?.remember(actual);
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
