import {
	NodeOperationError,
	type ICredentialDataDecryptedObject,
	type IExecuteFunctions,
	type IWebhookFunctions,
} from 'n8n-workflow';
import { apiKeyIn, baseUrlIn, credentialFault } from './credentialRules';

/** The credential's type, as workflows hold it. */
export const CREDENTIAL = 'apixoApi';

export interface Credential {
	apiKey: string;
	/** Without a trailing slash. */
	baseUrl: string;
	/** As n8n decrypted it. */
	decrypted: ICredentialDataDecryptedObject;
}

/**
 * The credential of the node.
 *
 * @throws NodeOperationError if its Base URL or its API key cannot be used
 * @throws what n8n throws when it is missing or cannot be decrypted
 */
export async function readCredential(
	context: IExecuteFunctions | IWebhookFunctions,
): Promise<Credential> {
	const decrypted = await context.getCredentials(CREDENTIAL);
	const fault = credentialFault(decrypted);
	if (fault !== undefined) {
		throw new NodeOperationError(context.getNode(), fault.message, {
			description: `${fault.description} Nothing was submitted.`,
		});
	}
	return { apiKey: apiKeyIn(decrypted), baseUrl: baseUrlIn(decrypted), decrypted };
}

/** Shorter text could be part of any response; no real key is that short. */
const MIN_KEY_CHARACTERS = 8;

/** Masks the key, should a response of the service ever repeat it. */
export function withoutKey(text: string | undefined, { apiKey }: Credential): string | undefined {
	if (text === undefined || apiKey.length < MIN_KEY_CHARACTERS) return text;
	const base64 = Buffer.from(apiKey).toString('base64').replace(/=+$/, '');
	const spellings = [
		apiKey,
		JSON.stringify(apiKey).slice(1, -1),
		encodeURIComponent(apiKey),
		base64,
	];
	return spellings.reduce((masked, spelling) => masked.replaceAll(spelling, '***'), text);
}
