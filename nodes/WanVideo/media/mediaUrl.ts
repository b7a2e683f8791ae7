import { isLocalHost, parseUrl } from '../../shared/urls';
import { isUnset, quote } from '../../shared/values';

/** What the service accepts, by kind of file. */
export const FORMATS = {
	image: { extensions: ['jpg', 'jpeg', 'png', 'bmp', 'webp'], label: 'JPEG, PNG, BMP or WEBP' },
	video: { extensions: ['mp4', 'mov'], label: 'MP4 or MOV' },
	audio: { extensions: ['wav', 'mp3'], label: 'WAV or MP3' },
} as const;

export type FileKind = keyof typeof FORMATS;

/** Stands below every field for a media URL. */
export const MEDIA_URL_HINT = 'A public URL that opens without login: APIXO fetches it';

/** File types that are surely not what a field asks for; others (`.php`, `.v2`) prove nothing. */
const OTHER_FILE_TYPES = new Set(
	(
		'gif svg heic heif avif tif tiff ico psd ai eps raw webm avi mkv flv wmv m4v mpg mpeg 3gp ogv ' +
		'm3u8 ogg oga opus flac aac m4a wma aiff mid pdf txt md csv json xml doc docx xls xlsx ppt pptx ' +
		'zip rar 7z gz tar exe'
	).split(' '),
);

const isFileKind = (name: string): name is FileKind => Object.hasOwn(FORMATS, name);

const KIND_BY_EXTENSION = new Map<string, FileKind>(
	Object.keys(FORMATS)
		.filter(isFileKind)
		.flatMap((kind) =>
			FORMATS[kind].extensions.map((extension): [string, FileKind] => [extension, kind]),
		),
);

/** The extension of a URL's last path segment, in lower case; empty if it has none. */
const extensionOf = ({ pathname }: URL): string =>
	/\.([a-z0-9]{2,5})$/i.exec(pathname)?.[1].toLowerCase() ?? '';

type MediaUrl =
	| {
			/** As it is sent: spaces, line breaks and letters that no URL has are encoded. */
			url: string;
			/** What the extension says about the file; undefined if it says nothing. */
			kind?: FileKind;
	  }
	| {
			/** What is wrong, as the rest of a sentence that starts with the field's name. */
			fault: string;
	  };

/**
 * Checks what can be known about a media URL without fetching it.
 *
 * @param accepted the kinds of files that the field takes
 * @param allowLocal true when the service itself runs on this machine
 */
export function readMediaUrl(value: unknown, accepted: FileKind[], allowLocal: boolean): MediaUrl {
	if (isUnset(value)) return { fault: 'is empty' };
	if (typeof value !== 'string') return { fault: `must be text, a URL, but is ${quote(value)}` };
	const text = value.trim();
	if (text === '') return { fault: 'is empty' };
	const url = parseUrl(text);
	if (url === undefined) return { fault: `is not a URL: ${quote(value)}` };
	if (url.protocol !== 'https:' && url.protocol !== 'http:') {
		return { fault: `must be a public URL that starts with https://, but is ${quote(value)}` };
	}
	if (!allowLocal && isLocalHost(url.hostname)) {
		const where = `points into a private network ("${url.hostname}")`;
		return { fault: `${where}, where APIXO cannot fetch it` };
	}
	const extension = extensionOf(url);
	const kind = KIND_BY_EXTENSION.get(extension);
	const isForeign = kind === undefined && OTHER_FILE_TYPES.has(extension);
	if (isForeign || (kind !== undefined && !accepted.includes(kind))) {
		const formats = accepted.map((one) => FORMATS[one].label).join(', or ');
		return { fault: `must be ${formats}, but ends in ".${extension}"` };
	}
	return { url: /^[\x21-\x7e]*$/.test(text) ? text : url.href, kind };
}

/** The URL of a field that takes one file, as the list that the service wants. */
export function readOneUrl(
	field: string,
	value: unknown,
	accepted: FileKind,
	allowLocal: boolean,
	faults: string[],
): string[] {
	const read = readMediaUrl(value, [accepted], allowLocal);
	if ('url' in read) return [read.url];
	faults.push(`${field} ${read.fault}`);
	return [];
}
