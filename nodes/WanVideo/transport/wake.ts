import type { IN8nHttpFullResponse, IWebhookFunctions, IDataObject } from 'n8n-workflow';
import { backoffMs } from '../time/backoff';
import type { Clock } from '../time/clock';

/** How long a resume may be tried while the execution is not parked yet; milliseconds. */
const PATIENCE_MS = 12_000;
const TIMEOUT_MS = 8_000;

export type Woken = { resumed: true } | { resumed: false; reason: string };

const REASONS: Record<number, string> = {
	401: 'The resume URL was not accepted by n8n',
	404: 'No execution waits at the resume URL any more',
	409: 'The execution is not waiting: it is still running, or has ended',
};

/**
 * Calls an execution's resume URL with a finished task: by POST, or by GET for a Wait node whose
 * HTTP Method was left at its default. While the execution has not parked yet, it is tried again.
 * Only URLs that carried our signature may come here.
 */
export async function wake(
	context: IWebhookFunctions,
	resumeUrl: string,
	task: IDataObject,
	clock: Clock,
): Promise<Woken> {
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
	const deadline = clock.now() + PATIENCE_MS;
	try {
		for (let repeats = 0; ; repeats += 1) {
			let response = await call('POST');
			if (response.statusCode === 404) response = await call('GET');
			if (response.statusCode < 300) return { resumed: true };
			const hasEnded = /finished/.test(JSON.stringify(response.body ?? ''));
			const pause = backoffMs(repeats, undefined, Math.random());
			const { statusCode } = response;
			// n8n says 409 while a production run has not parked yet, and 500 for a run by hand.
			const mayParkYet = statusCode >= 500 || (statusCode === 409 && !hasEnded);
			if (!mayParkYet || clock.now() + pause > deadline) {
				return { resumed: false, reason: REASONS[statusCode] ?? `n8n answered ${statusCode}` };
			}
			await clock.sleep(pause);
		}
	} catch {
		return { resumed: false, reason: 'The resume URL could not be reached' };
	}
}
