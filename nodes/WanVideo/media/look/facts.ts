import type { FileKind } from '../fileTypes';

/** What a file is, by its first bytes. */
interface FormatRow {
	/** In messages, behind "is". */
	what: string;
	kind?: FileKind;
	/** Whether the model takes it where it takes this kind. */
	isTaken?: true;
}

/** The formats that the model takes, and those that people try: these are named in the message. */
export const FORMAT_TABLE = {
	JPEG: { what: 'a JPEG image', kind: 'image', isTaken: true },
	PNG: { what: 'a PNG image', kind: 'image', isTaken: true },
	BMP: { what: 'a BMP image', kind: 'image', isTaken: true },
	WEBP: { what: 'a WEBP image', kind: 'image', isTaken: true },
	MP4: { what: 'an MP4 video', kind: 'video', isTaken: true },
	MOV: { what: 'a MOV video', kind: 'video', isTaken: true },
	MP3: { what: 'an MP3 file', kind: 'audio', isTaken: true },
	WAV: { what: 'a WAV file', kind: 'audio', isTaken: true },
	GIF: { what: 'a GIF image', kind: 'image' },
	HEIC: { what: 'a HEIC image', kind: 'image' },
	AVIF: { what: 'an AVIF image', kind: 'image' },
	JXL: { what: 'a JPEG XL image', kind: 'image' },
	JP2: { what: 'a JPEG 2000 image', kind: 'image' },
	TIFF: { what: 'a TIFF image, or the raw image of a camera', kind: 'image' },
	ICO: { what: 'an icon (ICO)', kind: 'image' },
	PSD: { what: 'a Photoshop file', kind: 'image' },
	SVG: { what: 'an SVG drawing', kind: 'image' },
	WEBM: { what: 'a WEBM video', kind: 'video' },
	MKV: { what: 'an MKV video', kind: 'video' },
	AVI: { what: 'an AVI video', kind: 'video' },
	WMV: { what: 'a Windows Media file (WMV or WMA)', kind: 'video' },
	FLV: { what: 'an FLV video', kind: 'video' },
	MPEG: { what: 'an MPEG video', kind: 'video' },
	'3GP': { what: 'a 3GP video', kind: 'video' },
	M3U8: { what: 'a playlist (M3U8), not a file', kind: 'video' },
	M4A: { what: 'an M4A file', kind: 'audio' },
	AAC: { what: 'an AAC file', kind: 'audio' },
	OGG: { what: 'an OGG file (Vorbis or Opus)', kind: 'audio' },
	FLAC: { what: 'a FLAC file', kind: 'audio' },
	AIFF: { what: 'an AIFF file', kind: 'audio' },
	AMR: { what: 'an AMR file', kind: 'audio' },
	MIDI: { what: 'a MIDI file', kind: 'audio' },
	HTML: { what: 'a web page' },
	JSON: { what: 'text (JSON), not a file' },
	TEXT: { what: 'text' },
	PDF: { what: 'a PDF document' },
	ZIP: { what: 'a ZIP archive or an Office document' },
	GZIP: { what: 'a GZIP archive' },
	RAR: { what: 'a RAR archive' },
	'7Z': { what: 'a 7Z archive' },
} satisfies Record<string, FormatRow>;

export type Format = keyof typeof FORMAT_TABLE;

export const formatRow = (format: Format): FormatRow => FORMAT_TABLE[format];

/** What the bytes of a file tell. What they do not tell is absent; nothing here is a guess. */
export interface MediaFacts {
	/** Absent also for bytes that are nothing known. */
	format?: Format;
	kind?: FileKind;
	/** As it is shown: a picture that is stored on its side is turned. */
	width?: number;
	height?: number;
	/** Of images: whether parts may be seen through. */
	hasTransparency?: boolean;
	/** Of films: whether there is one, and not only its sound. */
	hasPicture?: boolean;
	durationSeconds?: number;
	framesPerSecond?: number;
	/** Of the whole file, also where only a part was looked at. */
	sizeBytes?: number;
}
