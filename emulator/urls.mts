const MEDIA_EXTENSIONS = {
	image: ['jpeg', 'jpg', 'png', 'bmp', 'webp'],
	video: ['mp4', 'mov'],
	audio: ['wav', 'mp3'],
};

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;
const PRIVATE =
	/^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|0\.|\[f[cde])|\.(local|internal)$/;

/** @returns only an absolute http or https URL */
export function parseHttpUrl(text: unknown): URL | undefined {
	if (typeof text !== 'string' || !URL.canParse(text)) return undefined;
	const url = new URL(text);
	return ['http:', 'https:'].includes(url.protocol) ? url : undefined;
}

/** @returns undefined when the path does not tell */
export function mediaKind(url: URL): 'image' | 'video' | 'audio' | undefined {
	const extension = url.pathname.toLowerCase().match(/\.([a-z0-9]+)$/)?.[1];
	return Object.keys(MEDIA_EXTENSIONS).find((kind) => MEDIA_EXTENSIONS[kind].includes(extension));
}

/**
 * A callback URL has to be public HTTPS. Loopback is the one exception: this stand-in lives there,
 * so a receiver on loopback is to it what a public one is to the service.
 */
export function isCallbackUrl(text: unknown) {
	const url = parseHttpUrl(text);
	if (!url) return false;
	if (LOOPBACK.test(url.hostname)) return true;
	const publicName = /[.:]/.test(url.hostname) && !PRIVATE.test(url.hostname);
	return url.protocol === 'https:' && publicName;
}
