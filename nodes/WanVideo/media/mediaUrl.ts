import { placeholderIn, variableIn, type TypedTexts } from '../../shared/templates';
import { isLocalHost, parseUrl } from '../../shared/urls';
import { quote } from '../../shared/values';
import { addressOf } from './addressOf';
import { addressesIn, sendableUrl } from './addresses';
import { type FileKind, fileTypeIn, formatsOf } from './fileTypes';
import { pageLink } from './pages';
import { secretIn } from './secrets';

/** Stands below every field for a media URL. */
export const MEDIA_URL_HINT = 'A public URL that opens without login: APIXO fetches it';

export type MediaUrl =
	| {
			/**
			 * As it is sent: spaces, line breaks and letters that no URL has are encoded. Or what stands
			 * for a file of the item.
			 */
			url: string;
			/** What the URL, or n8n, says about the file; undefined if they say nothing. */
			kind?: FileKind;
			/** What is wrong with its ending, as the rest of a sentence that starts with the field's name. */
			endingFault?: string;
			/** What the user should know, as the rest of a sentence that starts with the field's name. */
			hints: string[];
	  }
	| {
			/** What is wrong, as the rest of a sentence that starts with the field's name. */
			fault: string;
	  };

/**
 * A part of a path that an expression was to give: nothing but an ending, or the word for a value
 * that is not there.
 */
const NOTHING_FOUND =
	/\/(?:(?:undefined|null|NaN|%5Bobject(?:%20| )Object%5D|\[object(?:%20| )Object\])(?:\.\w{2,5})?|\.(?:jpe?g|png|bmp|webp|mp4|mov|wav|mp3))(?=\/|$)/;

/** `C:` of a path such as `C:\pictures\fox.png`, and `file:`. */
const OF_A_COMPUTER = /^(?:[a-z]|file):$/;

/** What is wrong with a URL, whatever file is behind it. */
function faultOf(url: URL, text: string, allowLocal: boolean): string | undefined {
	if (OF_A_COMPUTER.test(url.protocol)) {
		return `is on a computer (${quote(text)}), where APIXO cannot fetch it: take the file in with an n8n Form and choose File in place of URL, or upload it to public storage`;
	}
	if (url.protocol !== 'https:' && url.protocol !== 'http:') {
		return `must be a public URL that starts with https://, but is ${quote(text)}`;
	}
	if (!allowLocal && isLocalHost(url.hostname)) {
		return `points into a private network ("${url.hostname}"), where APIXO cannot fetch it`;
	}
	return NOTHING_FOUND.test(url.pathname)
		? `is ${quote(text)}: its expression found no value`
		: undefined;
}

interface FileUrl {
	text: string;
	url: URL;
	hints: string[];
}

/** An address as that of a file, where it is one or leads to one; or what is wrong with it. */
function fileUrl(text: string, allowLocal: boolean): FileUrl | string {
	const url = parseUrl(text);
	if (url === undefined) return `is not a URL: ${quote(text)}`;
	const fault = faultOf(url, text, allowLocal);
	if (fault !== undefined) return fault;
	const page = pageLink(url);
	if (page === undefined) return { text, url, hints: [] };
	if (page.direct === undefined) {
		return `is a link to a page of ${page.service}, not to a file: ${page.advice}`;
	}
	const hint = `is a link to a page of ${page.service}: its file is sent, which must be open to anyone who has the link`;
	return { text: page.direct, url: new URL(page.direct), hints: [hint] };
}

/** The one address in a text, cleaned; or what is wrong, as for `MediaUrl`. */
export function soleAddress(
	text: string,
	typed: TypedTexts | undefined,
): { address: string } | string {
	const variable = variableIn(text) ?? placeholderIn(text);
	if (variable !== undefined) {
		const advice = typed?.adviceFor(text) ?? 'switch the field from Fixed to Expression';
		return `holds ${variable} in place of its value: ${advice}`;
	}
	const [address, ...others] = addressesIn(text);
	if (address === undefined) return 'is empty';
	if (others.length === 0) return { address };
	return `holds ${others.length + 1} addresses, but takes one: ${quote(text)}`;
}

/**
 * Checks what can be known about a media URL without fetching it.
 *
 * @param accepted the kinds of files that the field takes
 * @param allowLocal true when the service itself runs on this machine
 * @param typed the panel as it was typed
 * @param fileAdvice what to do where the value is a file of n8n
 */
export function readMediaUrl(
	value: unknown,
	accepted: FileKind[],
	allowLocal: boolean,
	typed?: TypedTexts,
	fileAdvice = 'name its field instead',
): MediaUrl {
	const given = addressOf(value);
	if ('isFile' in given) {
		return { fault: `is a file, but must be an address: ${fileAdvice}` };
	}
	if ('fault' in given) return given;
	const sole = soleAddress(given.text, typed);
	if (typeof sole === 'string') return { fault: sole };
	const file = fileUrl(sole.address, allowLocal);
	if (typeof file === 'string') return { fault: file };
	const { text, url, hints } = file;
	const type = fileTypeIn(url, accepted);
	const secret = secretIn(url);
	if (secret !== undefined) {
		hints.push(`holds ${secret}, which APIXO learns: put the file into public storage instead`);
	}
	const read = { url: sendableUrl(text, url), hints };
	if (!('extension' in type)) return { ...read, kind: type.kind };
	return {
		...read,
		endingFault: `must be ${formatsOf(accepted)}, but ends in ".${type.extension}"`,
	};
}
