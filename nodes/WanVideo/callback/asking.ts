import type { IWebhookFunctions } from 'n8n-workflow';
import { systemClock } from '../time/clock';
import { Stop } from '../time/stop';
import { ApixoClient } from '../transport/client';
import type { Credential } from '../transport/credential';
import type { Look } from '../waiting/gathering';
import { repeating } from '../waiting/polling';

/** How long a question may be repeated within one callback; milliseconds. */
const PATIENCE_MS = 8_000;

/** Asks APIXO what is true of the task that a callback names, or of others. */
export function asking(context: IWebhookFunctions, credential: Credential): Look {
	const stop = new Stop();
	const client = new ApixoClient(context, credential, systemClock, { stop, abandon: stop });
	return async (taskId) => {
		const deadline = systemClock.now() + PATIENCE_MS;
		const pace = { clock: systemClock, stop, deadline };
		return await repeating(async () => await client.status(taskId), pace);
	};
}
