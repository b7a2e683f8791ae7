export type MediaKind = 'image' | 'video' | 'audio';

const MEDIA_KINDS: Record<string, MediaKind> = {
	jpeg: 'image',
	jpg: 'image',
	png: 'image',
	bmp: 'image',
	webp: 'image',
	mp4: 'video',
	mov: 'video',
	wav: 'audio',
	mp3: 'audio',
};

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;
const PRIVATE =
	/^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|0\.|\[f[cde])|\.(local|internal)$/;

/** @returns only an absolute http or https URL */
export function parseHttpUrl(text: unknown): URL | undefined {
	if (typeof text !== 'string') return undefined;
	try {
		const url = new URL(text);
		return ['http:', 'https:'].includes(url.protocol) ? url : undefined;
	} catch {
		return undefined;
	}
}

/** @returns undefined when the path does not tell */
export function mediaKind(url: URL): MediaKind | undefined {
	const extension = /\.([a-z0-9]+)$/i.exec(url.pathname)?.[1].toLowerCase() ?? '';
	return Object.hasOwn(MEDIA_KINDS, extension) ? MEDIA_KINDS[extension] : undefined;
}

/**
 * A callback URL has to be public HTTPS. Loopback is the one exception: this stand-in lives there,
 * so a receiver on loopback is to it what a public one is to the service.
 */
export function isCallbackUrl(text: unknown): boolean {
	const url = parseHttpUrl(text);
	if (!url) return false;
	if (LOOPBACK.test(url.hostname)) return true;
	const isPublicName = /[.:]/.test(url.hostname) && !PRIVATE.test(url.hostname);
	return url.protocol === 'https:' && isPublicName;
}
