/** Addresses in texts as people copy them out of sheets, mails, pages and programs. */
import { withoutInvisible } from '../../shared/values';

/**
 * Where an address begins: not behind a sign that may stand within one, such as "=" or "/". The
 * colon may be that of a Chinese keyboard.
 */
const START = /(?<![^\s"'`“‘<([{,;|，、；])https?\s?[:：]/gi;

/** By the sign in front of an address, where it ends. */
const WRAPPED: Record<string, RegExp> = {
	'(': /^(?:[^()]|\([^()]*\))*/,
	'<': /^[^>]*/,
	'[': /^[^\]]*/,
	'"': /^[^"]*/,
	"'": /^[^']*/,
	'`': /^[^`]*/,
	'“': /^[^”]*/,
	'‘': /^[^’]*/,
};

/** Another kind of address, which may hold one of the web. */
const OTHER_SCHEME = /^(?!https?:)[a-z][a-z0-9+.-]*:\S/i;

/** What stands between addresses, and is left at their end. */
const TRAILING = /[\s,;|，、；。."'>]/;

/** Not by one pattern, which would take long over a text that has much of this within. */
function withoutTrailing(text: string): string {
	let end = text.length;
	while (end > 0 && TRAILING.test(text[end - 1])) end -= 1;
	return text.slice(0, end);
}

/** The characters that an address may have. */
const ADDRESS_ALONE = /^https?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+$/i;

const BROKEN_ESCAPE = /%(?![0-9a-f]{2})/gi;

/** An address with the slashes that it lost or had turned; one without a scheme gets one. */
const mended = (address: string): string =>
	withoutTrailing(address)
		.replace(/^(?:https?:\/+)+(?=https?:)/i, '')
		.replace(/^(https?)\s?[:：]\s*[\\/／]*/i, '$1://')
		.replace(/^(?:\/\/|(?=www\.))(?=[^\s/])/i, 'https://');

/** Text without what pages, JSON and spreadsheets add to an address. */
const unescaped = (text: string): string =>
	withoutInvisible(text)
		.replaceAll('\\/', '/')
		.replace(/&amp;/gi, '&')
		.trim()
		.replace(/^=+(?=https?:)/i, '');

/**
 * The addresses that a text names, each once. Text that names none is given back as it is, for the
 * message about it.
 */
export function addressesIn(given: string): string[] {
	const text = unescaped(given);
	if (text === '') return [];
	const starts = OTHER_SCHEME.test(text) ? [] : [...text.matchAll(START)];
	if (starts.length === 0) return [mended(text)];
	// A line break may be within an address, but not where there are several: then it ends one.
	const found = starts.map(({ index }, n) => {
		const part = text.slice(index, starts[n + 1]?.index);
		const rest = starts.length === 1 ? part : part.split(/[\r\n]/, 1)[0];
		const [address] = WRAPPED[text[index - 1]]?.exec(rest) ?? [rest];
		return mended(address);
	});
	return [...new Set(found)];
}

/** A URL as it is sent: as it was written, unless something in it is not allowed there. */
export const sendableUrl = (text: string, url: URL): string =>
	(ADDRESS_ALONE.test(text) ? text : url.href.replace(/[|^`{}"<>\\]/g, encodeURIComponent)).replace(
		BROKEN_ESCAPE,
		'%25',
	);
