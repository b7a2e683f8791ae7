import type { IWebhookFunctions } from 'n8n-workflow';
import { ApixoClient } from '../../apixo/client';
import type { Credential } from '../../apixo/credential';
import type { Clock } from '../../shared/clock';
import { MODEL } from '../model/modes';

/** How long a request may be repeated within one callback, which APIXO gives 30 s. */
const RETRY_FOR_MS = 8_000;

/** A client that asks APIXO what is true of the tasks that a callback reports. */
export function verifierFor(
	context: IWebhookFunctions,
	credential: Credential,
	clock: Clock,
): ApixoClient {
	// Nobody stops a callback.
	const { signal } = new AbortController();
	return new ApixoClient({
		context,
		credential,
		clock,
		model: MODEL,
		signal,
		submitSignal: signal,
		retryForMs: RETRY_FOR_MS,
	});
}
