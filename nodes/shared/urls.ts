/** Where an address leads, as far as that can be told without asking the network. */

/**
 * IPv4 ranges that nobody outside reaches: loopback, private, shared, link-local, unspecified, for
 * protocols and benchmarks, multicast, reserved.
 */
const LOCAL_IPV4 =
	/^(?=[\d.]+$)(0|10|127|22[4-9]|2[34]\d|25[0-5]|192\.168|192\.0\.0|169\.254|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])|198\.1[89])\./;

/** The part of IPv6 that is public, without 6to4 and Teredo, which may lead to any IPv4 address. */
const PUBLIC_IPV6 = /^\[(?!2002:|2001:(0?:|:))[23][0-9a-f]{3}:/;

const LOCAL_NAME =
	/(^|\.)(localhost|local|localdomain|internal|intranet|lan|home|corp|home\.arpa)$/;

/**
 * Not by `URL.canParse`: on Node 20, once it is called often enough to be compiled, it refuses every
 * URL that holds a letter such as "ä". (Seen on Node 20.20.2, not on 24.21.0.)
 *
 * @param base what a relative URL is relative to
 */
export function parseUrl(text: string, base?: string): URL | undefined {
	try {
		return new URL(text, base);
	} catch {
		return undefined;
	}
}

/** Whether a host name can only be reached from inside a machine or a private network. */
export function isLocalHost(hostname: string): boolean {
	const host = hostname.toLowerCase().replace(/\.+$/, '');
	if (host.startsWith('[')) return !PUBLIC_IPV6.test(host);
	return LOCAL_IPV4.test(host) || LOCAL_NAME.test(host) || !host.includes('.');
}

/** Whether a URL points into a machine or a private network. */
export function isLocalUrl(text: string): boolean {
	const url = parseUrl(text);
	return url !== undefined && isLocalHost(url.hostname);
}

/** Whether a URL points at this very machine. */
export function isLoopbackUrl(text: string): boolean {
	const url = parseUrl(text);
	return url !== undefined && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
}

/**
 * Whether a service outside reaches a URL, encrypted, as far as that can be told without trying.
 *
 * @param allowLoopback true when the service itself runs on this machine
 */
export function isReachable(text: string, allowLoopback: boolean): boolean {
	if (allowLoopback && isLoopbackUrl(text)) return true;
	const url = parseUrl(text);
	return url?.protocol === 'https:' && !isLocalHost(url.hostname);
}
