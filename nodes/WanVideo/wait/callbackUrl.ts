import type { Credential } from '../../apixo/credential';
import { type Failure, finalFailure } from '../../apixo/result';
import { isLoopbackUrl } from '../../shared/urls';
import { callbackUrlFault } from '../webhook/callbackUrl';

/** Why APIXO could not wake this execution, if so. Nothing is submitted then. */
export function wakeUrlFault(
	url: string | undefined,
	{ baseUrl }: Credential,
): Failure | undefined {
	if (url === undefined) return undefined;
	const fault = callbackUrlFault(url, isLoopbackUrl(baseUrl));
	if (fault === undefined) return undefined;
	return finalFailure(
		`The callback URL of this n8n ${fault}. Nothing was submitted`,
		'Set WEBHOOK_URL of your n8n to its public https:// address, or set Wait For Result By to Parked Polling or to Polling, which need none.',
	);
}
