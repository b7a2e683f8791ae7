import { isLocalHost, isReachable, parseUrl } from '../../shared/urls';
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

/** Whether it is the address that n8n listens to for a single test call. */
export const isTestUrl = (url: unknown): boolean =>
	typeof url === 'string' && (parseUrl(url)?.pathname.split('/').includes('webhook-test') ?? false);

/**
 * What is odd about a URL that APIXO may well be able to call.
 *
 * @param title what the URL is, to begin the sentence with
 */
export function callbackUrlHints(title: string, url: unknown): string[] {
	const parsed = typeof url === 'string' ? parseUrl(url) : undefined;
	if (parsed === undefined || parsed.port === '' || isLocalHost(parsed.hostname)) return [];
	return [
		`${title} has the port ${parsed.port}, which may be the one of n8n within your network. If APIXO cannot reach it, set WEBHOOK_URL of your n8n to its public address`,
	];
}

export function withParameter(url: string, name: string, value: string): string {
	const extended = new URL(url);
	extended.searchParams.set(name, value);
	return extended.toString();
}
