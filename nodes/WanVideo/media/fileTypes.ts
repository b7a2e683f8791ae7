/** What an address says about the type of its file. */

/** What the service accepts, by kind of file. */
export const FORMATS = {
	image: { extensions: ['jpg', 'jpeg', 'png', 'bmp', 'webp'], label: 'JPEG, PNG, BMP or WEBP' },
	video: { extensions: ['mp4', 'mov'], label: 'MP4 or MOV' },
	audio: { extensions: ['wav', 'mp3'], label: 'WAV or MP3' },
} as const;

export type FileKind = keyof typeof FORMATS;

/** The formats of these kinds, in words. */
export const formatsOf = (kinds: FileKind[]): string =>
	kinds.map((kind) => FORMATS[kind].label).join(', or ');

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

/**
 * Where image services are told the type that they are to deliver, whatever the ending of the
 * original: `?fm=jpg`, `/f_jpg/`, `/format:webp/`, `?auto=format`.
 */
const CONVERSION =
	/(?:[?&](?:fm|format|f|output|ext|auto|imformat)=|[/,]f_|[/,:]f(?:ormat)?[:=])([a-z0-9]+)/gi;

/** With these, the service chooses. */
const ANY_TYPE = new Set(['auto', 'format', 'compress', 'jpegmini']);

/** What a URL says about its file, for a field that takes some kinds. */
type FileType =
	| {
			/** Undefined if the URL says nothing. */
			kind?: FileKind;
	  }
	| {
			/** The ending that does not fit. */
			extension: string;
	  };

export function fileTypeIn(url: URL, accepted: FileKind[]): FileType {
	const extension = extensionOf(url);
	const kind = KIND_BY_EXTENSION.get(extension);
	if (kind === undefined && !OTHER_FILE_TYPES.has(extension)) return {};
	if (kind !== undefined && accepted.includes(kind)) return { kind };
	for (const [, type] of (url.pathname + url.search).matchAll(CONVERSION)) {
		const delivered = KIND_BY_EXTENSION.get(type.toLowerCase());
		if (delivered !== undefined && accepted.includes(delivered)) return { kind: delivered };
		if (ANY_TYPE.has(type.toLowerCase())) return {};
	}
	return { extension };
}
