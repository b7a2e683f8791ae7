import { FORMATS } from './modes';
import { isUnset, shown } from './values';

export type Medium = keyof typeof FORMATS;

/** File types that are surely not what a field asks for; others (`.php`, `.v2`) prove nothing. */
const OTHER_FILE_TYPES = new Set(
	(
		'gif svg heic heif avif tif tiff ico psd ai eps raw webm avi mkv flv wmv m4v mpg mpeg 3gp ogv ' +
		'm3u8 ogg oga opus flac aac m4a wma aiff mid pdf txt md csv json xml doc docx xls xlsx ppt pptx ' +
		'zip rar 7z gz tar exe'
	).split(' '),
);

const MEDIUM_BY_EXTENSION = new Map(
	(Object.keys(FORMATS) as Medium[]).flatMap((medium) =>
		FORMATS[medium].extensions.map((extension) => [extension as string, medium] as const),
	),
);

/**
 * IPv4 ranges that nobody outside reaches: loopback, private, shared, link-local, unspecified, for
 * protocols and benchmarks, multicast, reserved.
 */
const LOCAL_IPV4 =
	/^(?=[\d.]+$)(0|10|127|22[4-9]|2[34]\d|25[0-5]|192\.168|192\.0\.0|169\.254|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])|198\.1[89])\./;

/** The part of IPv6 that is public, without 6to4 and Teredo, which may lead to any IPv4 address. */
const PUBLIC_IPV6 = /^\[(?!2002:|2001:(0?:|:))[23][0-9a-f]{3}:/;

const INNER_NAME =
	/(^|\.)(localhost|local|localdomain|internal|intranet|lan|home|corp|home\.arpa)$/;

/** Whether a host name can only be reached from inside a machine or a private network. */
export function isLocalHost(hostname: string): boolean {
	const host = hostname.toLowerCase().replace(/\.+$/, '');
	if (host.startsWith('[')) return !PUBLIC_IPV6.test(host);
	return LOCAL_IPV4.test(host) || INNER_NAME.test(host) || !host.includes('.');
}

/** Whether a URL points into a machine or a private network. */
export const isLocalUrl = (url: string): boolean =>
	URL.canParse(url) && isLocalHost(new URL(url).hostname);

/** Whether a URL points at this very machine. */
export const isLoopback = (url: string): boolean =>
	URL.canParse(url) && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);

/** The extension of a URL's last path segment, in lower case, if it has one. */
export function extensionOf(url: string): string | undefined {
	const match = /\.([a-z0-9]{2,5})$/i.exec(new URL(url).pathname);
	return match?.[1].toLowerCase();
}

/** What a URL's extension says about its medium; undefined if it says nothing. */
export const mediumOf = (url: string): Medium | undefined =>
	MEDIUM_BY_EXTENSION.get(extensionOf(url) ?? '');

/** A media URL as it is sent: spaces, line breaks and letters that no URL has are encoded. */
export function mediaUrl(value: unknown): string {
	const url = String(value).trim();
	return /^[\x21-\x7e]*$/.test(url) ? url : new URL(url).href;
}

/**
 * Checks what can be known about a media URL without fetching it.
 * @param media what the field accepts
 * @param allowLocal true when the service itself runs on this machine
 * @returns what is wrong, as the rest of a sentence that starts with the field's name
 */
export function mediaUrlFault(
	value: unknown,
	media: Medium[],
	allowLocal: boolean,
): string | undefined {
	if (isUnset(value)) return 'is empty';
	if (typeof value !== 'string') return `must be text, a URL, but is ${shown(value)}`;
	if (value.trim() === '') return 'is empty';
	if (!URL.canParse(value.trim())) return `is not a URL: ${shown(value)}`;
	const { protocol, hostname } = new URL(value.trim());
	if (protocol !== 'https:' && protocol !== 'http:') {
		return `must be a public URL that starts with https://, but is ${shown(value)}`;
	}
	if (!allowLocal && isLocalHost(hostname)) {
		return `points into a private network ("${hostname}"), where APIXO cannot fetch it`;
	}
	const extension = extensionOf(value.trim());
	const medium = mediumOf(value.trim());
	const isAccepted = medium !== undefined && media.includes(medium);
	const isForeign = medium !== undefined || OTHER_FILE_TYPES.has(extension ?? '');
	if (isForeign && !isAccepted) {
		const formats = media.map((one) => FORMATS[one].label).join(', or ');
		return `must be ${formats}, but ends in ".${extension}"`;
	}
	return undefined;
}
