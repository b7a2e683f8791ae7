'use strict';

const MEDIA_EXTENSIONS = {
	image: ['jpeg', 'jpg', 'png', 'bmp', 'webp'],
	video: ['mp4', 'mov'],
	audio: ['wav', 'mp3'],
};

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;
const PRIVATE =
	/^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|0\.|\[f[cde])|\.(local|internal)$/;

/** @param {unknown} text @returns {URL | undefined} only an absolute http or https URL */
function parseHttpUrl(text) {
	if (typeof text !== 'string' || !URL.canParse(text)) return undefined;
	const url = new URL(text);
	return ['http:', 'https:'].includes(url.protocol) ? url : undefined;
}

/** @param {URL} url @returns {'image' | 'video' | 'audio' | undefined} undefined when the path does not tell */
function mediaKind(url) {
	const extension = url.pathname.toLowerCase().match(/\.([a-z0-9]+)$/)?.[1];
	return Object.keys(MEDIA_EXTENSIONS).find((kind) => MEDIA_EXTENSIONS[kind].includes(extension));
}

/**
 * A callback URL has to be public HTTPS. Loopback is the one exception: this stand-in lives there,
 * so a receiver on loopback is to it what a public one is to the service.
 *
 * @param {unknown} text
 */
function isCallbackUrl(text) {
	const url = parseHttpUrl(text);
	if (!url) return false;
	if (LOOPBACK.test(url.hostname)) return true;
	const publicName = /[.:]/.test(url.hostname) && !PRIVATE.test(url.hostname);
	return url.protocol === 'https:' && publicName;
}

module.exports = { parseHttpUrl, mediaKind, isCallbackUrl };
