import {
	NodeOperationError,
	type ICredentialDataDecryptedObject,
	type IExecuteFunctions,
	type IWebhookFunctions,
} from 'n8n-workflow';
import { isLocalUrl } from '../wan/urls';
import { isUnset } from '../wan/values';

export const CREDENTIAL = 'apixoApi';

const DEFAULT_BASE_URL = 'https://api.apixo.ai/api/v1';

export interface Credential {
	apiKey: string;
	/** Without a trailing slash. */
	baseUrl: string;
	/** As n8n decrypted it. */
	decrypted: ICredentialDataDecryptedObject;
}

/**
 * Whether the key may be sent there: to a plain address, so that it arrives where it seems to go,
 * and encrypted, unless it stays inside this machine or network.
 */
const isSoundBaseUrl = (url: string) =>
	/^https?:\/\/[^\s?#@\\]+$/i.test(url) &&
	URL.canParse(url) &&
	(/^https:/i.test(url) || isLocalUrl(url));

/** What every API key is made of: visible ASCII, which also keeps a header from being ended. */
const isSoundKey = (key: string) => /^[\x21-\x7e]+$/.test(key);

const trimmed = (value: unknown) => (typeof value === 'string' ? value.trim() : '');

/**
 * The credential of the node.
 * @throws NodeOperationError if its Base URL is no URL, or its key no key
 * @throws what n8n throws when it is missing or cannot be decrypted
 */
export async function readCredential(
	context: IExecuteFunctions | IWebhookFunctions,
): Promise<Credential> {
	const decrypted = await context.getCredentials(CREDENTIAL);
	const isDefault = isUnset(decrypted.baseUrl) || /^\s*$/.test(String(decrypted.baseUrl));
	const baseUrl = isDefault ? DEFAULT_BASE_URL : trimmed(decrypted.baseUrl).replace(/\/+$/, '');
	const apiKey = trimmed(decrypted.apiKey);
	if (!isSoundBaseUrl(baseUrl)) {
		throw new NodeOperationError(
			context.getNode(),
			'The Base URL of the APIXO credential cannot be used',
			{
				description: `It must be an address that starts with https://, without ? # or @ in it; http:// is only accepted inside your own machine or network. Leave it empty for ${DEFAULT_BASE_URL}. Nothing was submitted.`,
			},
		);
	}
	if (!isSoundKey(apiKey)) {
		throw new NodeOperationError(
			context.getNode(),
			'The API Key of the APIXO credential cannot be right',
			{
				description:
					'It is empty, or holds spaces or other characters that no key has. Copy it again from your APIXO dashboard. Nothing was submitted.',
			},
		);
	}
	return { apiKey, baseUrl, decrypted };
}

/** Shorter ones could be part of any answer; no real key is. */
const SHORTEST_KEY = 8;

/** Should an answer of the service ever repeat the key, it goes no further. */
export function withoutKey(text: string | undefined, { apiKey }: Credential): string | undefined {
	if (text === undefined || apiKey.length < SHORTEST_KEY) return text;
	const base64 = Buffer.from(apiKey).toString('base64').replace(/=+$/, '');
	const spellings = [
		apiKey,
		JSON.stringify(apiKey).slice(1, -1),
		encodeURIComponent(apiKey),
		base64,
	];
	return spellings.reduce((masked, spelling) => masked.replaceAll(spelling, '***'), text);
}
