import { isReachable, parseUrl } from '../../shared/urls';
import { isUnset, quote } from '../../shared/values';

/** Proxies and servers between APIXO and n8n cut or refuse longer URLs. */
export const MAX_URL_CHARACTERS = 4096;

/**
 * Whether APIXO could call a URL back, as far as that can be told without trying.
 *
 * @param allowLoopback true when the service itself runs on this machine
 * @returns what is wrong, as the rest of a sentence that starts with what the URL is
 */
export function callbackUrlFault(url: unknown, allowLoopback: boolean): string | undefined {
	if (isUnset(url)) return 'is empty';
	if (typeof url !== 'string') return `must be text, a URL, but is ${quote(url)}`;
	if (url.trim() === '') return 'is empty';
	const parsed = parseUrl(url);
	if (parsed === undefined) return `is not a URL: ${quote(url)}`;
	if (isReachable(url, allowLoopback)) return undefined;
	const { protocol, hostname } = parsed;
	return `cannot be called by APIXO: it must be a public https:// address, but is ${protocol}//${hostname}`;
}

export function withParameter(url: string, name: string, value: string): string {
	const extended = new URL(url);
	extended.searchParams.set(name, value);
	return extended.toString();
}
