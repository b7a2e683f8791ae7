import type { IDataObject, INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';
import { type Credential, readCredential } from '../../apixo/credential';
import { type Task, isFinal, parseTask, taskIdIn } from '../../apixo/task';
import type { Clock } from '../../shared/clock';
import { type Result, ok } from '../../apixo/result';
import { isLocalUrl } from '../../shared/urls';
import { isRecord } from '../../shared/values';
import { rawTask, simplifiedTask } from '../model/output';
import { downloadVideos } from '../run/download';
import { callbackLimiter } from '../webhook/limiter';
import { type Reply, reply } from '../webhook/respond';
import { Deduplication } from './deduplication';
import { resumeExecution } from './resumeExecution';
import { type TriggerSettings, readSettings } from './settings';
import { type Claims, SIGNATURE_PARAMETER, verify } from './signature';
import { verifierFor } from './verifier';

/** What one call to the trigger is handled with. */
interface Call {
	context: IWebhookFunctions;
	clock: Clock;
	settings: TriggerSettings;
	credential: Credential;
	/** What the URL was signed with; undefined if it carries no signature. */
	claims?: Claims;
	/** Undefined if reports are not to be deduplicated. */
	deduplication?: Deduplication;
}

const REFUSALS = {
	unsigned: 'This URL carries no signature',
	forged: 'The signature of this URL is not valid',
	expired: 'This URL has expired',
};

const HANDLED_BEFORE = reply(200, 'Handled before');

/** The task that a callback claims to report. Nothing in it is believed yet. */
function claimedTask(context: IWebhookFunctions): Task | undefined {
	const body: unknown = context.getBodyData();
	const data = isRecord(body) ? body.data : undefined;
	const taskId = taskIdIn(data);
	return taskId === undefined ? undefined : parseTask(data, taskId);
}

/** What tells a report from others. */
const reportOf = ({ taskId, state }: Task) => `${taskId}:${state}`;

/** The output of a task, with the execution that submitted it resumed, if it asked for that. */
async function toJson({ context, clock, claims, settings }: Call, task: Task) {
	const json = {
		...(settings.simplify ? simplifiedTask(task) : rawTask(task)),
		...(claims?.context === undefined ? {} : { context: claims.context }),
		verified: settings.verify,
	} as IDataObject;
	if (claims?.resumeUrl === undefined || !settings.resumeWaiting) return json;
	return { ...json, ...(await resumeExecution(context, claims.resumeUrl, json, clock)) };
}

/** The item that starts the workflow. A video that cannot be downloaded keeps its URL. */
async function toItem(
	{ context, settings, credential }: Call,
	task: Task,
	json: IDataObject,
): Promise<INodeExecutionData> {
	const { field, maxFileBytes } = settings;
	if (field === undefined || task.videoUrls.length === 0) return { json };
	const target = {
		propertyName: field,
		allowLocal: isLocalUrl(credential.baseUrl),
		maxBytes: maxFileBytes,
	};
	// Nobody stops a callback.
	const downloaded = await downloadVideos(context, task, target, new AbortController().signal);
	if (!downloaded.ok)
		return { json: { ...json, notDownloadedBecause: downloaded.failure.message } };
	const { binary, facts } = downloaded.value;
	return { json: settings.simplify ? { ...json, ...facts } : json, binary };
}

/** The task as APIXO has it, or as it was posted if the user trusts that. */
async function verifiedTask(call: Call, claimed: Task): Promise<Result<Task>> {
	const { context, credential, clock, settings } = call;
	if (!settings.verify) return ok(claimed);
	return await verifierFor(context, credential, clock).getTask(claimed.taskId);
}

/** Verifies a report and starts the workflow, if its outcome is one of those chosen. */
async function handleReport(call: Call, claimed: Task): Promise<Reply> {
	const { context, clock, settings, deduplication } = call;
	await callbackLimiter.admit(context.getResponseObject(), clock);
	const verified = await verifiedTask(call, claimed);
	if (!verified.ok) {
		return verified.failure.isUnknownTask === true
			? reply(404, 'APIXO has no such task')
			: reply(503, 'APIXO cannot be asked just now');
	}
	const task = verified.value;
	if (!isFinal(task)) return reply(503, 'The task is unfinished');
	const report = reportOf(task);
	if (deduplication?.isHandled(report)) return HANDLED_BEFORE;
	// The execution that waits is resumed for every outcome.
	const json = await toJson(call, task);
	const decided = settings.events.includes(task.state)
		? { items: [await toItem(call, task, json)] }
		: reply(200, 'Not subscribed to this event');
	await deduplication?.remember(report);
	return decided;
}

/**
 * Handles one callback of APIXO. The payload only says which task to ask for. Whatever could not be
 * handled is answered so that APIXO delivers it again, never with 200.
 */
export async function handleCallback(context: IWebhookFunctions, clock: Clock): Promise<Reply> {
	const settings = readSettings(context);
	const credential = await readCredential(context);
	const { [SIGNATURE_PARAMETER]: token } = context.getQueryData() as IDataObject;
	const signature = verify(credential.apiKey, token, clock.now());
	const mayBeUnsigned = !settings.requireSignature && token === undefined;
	if ('fault' in signature && !mayBeUnsigned) return reply(403, REFUSALS[signature.fault]);
	const claims = 'claims' in signature ? signature.claims : undefined;

	const claimed = claimedTask(context);
	if (claimed === undefined) return reply(400, 'The body names no task');
	const isDeduplicating = settings.deduplicate && context.getMode() !== 'manual';
	const deduplication = isDeduplicating ? new Deduplication(context, clock) : undefined;
	const report = reportOf(claimed);
	if (deduplication?.isHandled(report)) return HANDLED_BEFORE;
	if (deduplication?.begin(report) === false) return reply(503, 'Being handled just now');
	try {
		const call = { context, clock, settings, credential, claims, deduplication };
		return await handleReport(call, claimed);
	} finally {
		deduplication?.end(report);
	}
}
