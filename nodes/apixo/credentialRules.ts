import { isLocalUrl, parseUrl } from '../shared/urls';
import { isUnset } from '../shared/values';

/**
 * What an APIXO credential may hold. The node and the credential's Test button go by the same
 * rules, so that a credential which tests green also works.
 */

export const DEFAULT_BASE_URL = 'https://api.apixo.ai/api/v1';

/** What is wrong with a credential, and what to do about it. */
interface CredentialFault {
	message: string;
	description: string;
}

const trimmed = (value: unknown) => (typeof value === 'string' ? value.trim() : '');

/** The API key without the white space that copying leaves around it. */
export const apiKeyIn = ({ apiKey }: Record<string, unknown>): string => trimmed(apiKey);

/** The Base URL without a trailing slash, or the default one if it was left empty. */
export function baseUrlIn({ baseUrl }: Record<string, unknown>): string {
	const isEmpty = isUnset(baseUrl) || (typeof baseUrl === 'string' && baseUrl.trim() === '');
	return isEmpty ? DEFAULT_BASE_URL : trimmed(baseUrl).replace(/\/+$/, '');
}

/**
 * Whether the key may be sent there: to a plain address, so that it arrives where it seems to go,
 * and encrypted, unless it stays inside this machine or network.
 */
const isValidBaseUrl = (url: string) =>
	/^https?:\/\/[^\s?#@\\]+$/i.test(url) &&
	parseUrl(url) !== undefined &&
	(/^https:/i.test(url) || isLocalUrl(url));

/** Every API key consists of visible ASCII, which also keeps a key from ending an HTTP header. */
const isValidKey = (key: string) => /^[\x21-\x7e]+$/.test(key);

export function keyFault(data: Record<string, unknown>): CredentialFault | undefined {
	if (isValidKey(apiKeyIn(data))) return undefined;
	return {
		message: 'The API Key of the APIXO credential cannot be right',
		description:
			'It is empty, or holds spaces or other characters that no key has. Copy it again from your APIXO dashboard.',
	};
}

/** Checks a credential before its key is sent to its Base URL. */
export function credentialFault(data: Record<string, unknown>): CredentialFault | undefined {
	if (isValidBaseUrl(baseUrlIn(data))) return keyFault(data);
	return {
		message: 'The Base URL of the APIXO credential cannot be used',
		description: `It must be an address that starts with https://, without ? # or @ in it; http:// is only accepted inside your own machine or network. Leave it empty for ${DEFAULT_BASE_URL}.`,
	};
}
