import { isLocalUrl, parseUrl } from '../shared/urls';
import { withoutInvisible } from '../shared/values';

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

const unquoted = (text: string) => text.replace(/^(["'`])(.*)\1$/s, '$2').trim();

/**
 * The API key without what copying leaves around it: white space, characters that nobody sees,
 * quotation marks, and the word before it in the header that the documentation shows.
 */
export function apiKeyIn({ apiKey }: Record<string, unknown>): string {
	const text = unquoted(withoutInvisible(trimmed(apiKey)).trim());
	return unquoted(text.replace(/^(?:authorization\s*:\s*)?bearer(?:\s+|$)/i, ''));
}

/** The Base URL without a trailing slash, or the default one if it was left empty. */
export function baseUrlIn({ baseUrl }: Record<string, unknown>): string {
	// As the Test button has it, whose address is an expression.
	const isEmpty = typeof (baseUrl ?? '') === 'string' && trimmed(baseUrl) === '';
	return isEmpty ? DEFAULT_BASE_URL : trimmed(baseUrl).replace(/\/+$/, '');
}

/**
 * Whether the key may be sent there: to a plain address, so that it arrives where it seems to go,
 * and encrypted, unless it stays inside this machine or network.
 */
const isValidBaseUrl = (url: string) =>
	/^https?:\/\/[^\s\p{Cf}?#@\\]+$/iu.test(url) &&
	parseUrl(url) !== undefined &&
	(/^https:/i.test(url) || isLocalUrl(url));

/** What no API key can be, and what is then wrong with it. */
const KEY_FAULTS: Array<[sign: RegExp, what: string]> = [
	[/^$/, 'It is empty'],
	[/^(?:your[_-]?api[_-]?key|<.*>|\{\{.*|x{4,}|\*{4,}|•+)$/i, 'It stands for a key, but is none'],
	[/[\r\n]/, 'It holds a line break: it was copied in parts, or with something else'],
	[/\s/, 'It holds a space: it was copied with something else'],
	// Every API key consists of visible ASCII, which also keeps a key from ending an HTTP header.
	[/[^\x21-\x7e]/, 'It holds a character that no key has, such as a letter with an accent'],
];

export function keyFault(data: Record<string, unknown>): CredentialFault | undefined {
	const key = apiKeyIn(data);
	const fault = KEY_FAULTS.find(([sign]) => sign.test(key));
	return (
		fault && {
			message: 'The API Key of the APIXO credential cannot be right',
			description: `${fault[1]}. Copy it again from your APIXO dashboard.`,
		}
	);
}

/** Checks a credential before its key is sent to its Base URL. */
export function credentialFault(data: Record<string, unknown>): CredentialFault | undefined {
	if (isValidBaseUrl(baseUrlIn(data))) return keyFault(data);
	return {
		message: 'The Base URL of the APIXO credential cannot be used',
		description: `It must be an address that starts with https://, without ? # or @ in it; http:// is only accepted inside your own machine or network. Leave it empty for ${DEFAULT_BASE_URL}.`,
	};
}
