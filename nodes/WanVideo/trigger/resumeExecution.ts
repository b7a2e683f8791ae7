import type { IDataObject, IN8nHttpFullResponse, IWebhookFunctions } from 'n8n-workflow';
import { backoffMs } from '../../shared/backoff';
import type { Clock } from '../../shared/clock';

/** How long a resume may be tried while the execution is not parked yet. */
const RETRY_FOR_MS = 12_000;
const TIMEOUT_MS = 8_000;

type Resumption = { resumed: true } | { resumed: false; notResumedBecause: string };

const REASONS: Record<number, string> = {
	401: 'The resume URL was not accepted by n8n',
	404: 'No execution waits at the resume URL any more',
	409: 'The execution is not waiting: it is still running, or has ended',
};

/**
 * Whether an execution may still park itself. n8n answers 409 while a production run has not parked
 * yet, and 500 for a run by hand. It answers 409 for an ended one, too, and only its message tells
 * that. (Seen on n8n 2.41.1, the service for waiting webhooks: "… has finished already".)
 */
function mayStillPark({ statusCode, body }: IN8nHttpFullResponse): boolean {
	if (statusCode !== 409) return statusCode >= 500;
	return !JSON.stringify(body ?? '').includes('finished');
}

/**
 * Calls an execution's resume URL with a finished task: by POST, or by GET for a Wait node whose
 * HTTP Method was left at its default. While the execution has not parked yet, it is tried again.
 * Only URLs that carried our signature may come here.
 */
export async function resumeExecution(
	context: IWebhookFunctions,
	resumeUrl: string,
	task: IDataObject,
	clock: Clock,
): Promise<Resumption> {
	const call = async (method: 'POST' | 'GET') =>
		(await context.helpers.httpRequest({
			method,
			url: resumeUrl,
			...(method === 'POST'
				? { body: task }
				: { qs: { taskId: task.taskId, state: task.state, videoUrl: task.videoUrl ?? '' } }),
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
			timeout: TIMEOUT_MS,
		})) as IN8nHttpFullResponse;
	const deadline = clock.now() + RETRY_FOR_MS;
	try {
		for (let repeats = 0; ; repeats += 1) {
			let response = await call('POST');
			if (response.statusCode === 404) response = await call('GET');
			const { statusCode } = response;
			if (statusCode < 300) return { resumed: true };
			const pauseMs = backoffMs(repeats, undefined, Math.random());
			if (!mayStillPark(response) || clock.now() + pauseMs > deadline) {
				const reason = REASONS[statusCode] ?? `n8n answered ${statusCode}`;
				return { resumed: false, notResumedBecause: reason };
			}
			await clock.sleep(pauseMs);
		}
	} catch {
		return { resumed: false, notResumedBecause: 'The resume URL could not be reached' };
	}
}
