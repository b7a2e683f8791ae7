import type { Format } from './facts';
import { isMp3 } from './mp3';
import { boxedFormat } from './mp4';

/** So many bytes tell the format; an SVG drawing may begin with a long comment. */
export const HEAD_BYTES = 4096;

/** Bytes in the notation of `latin1`, where they stand in the head. */
type Sign = [offset: number, bytes: string];

interface Signature {
	format: Format;
	signs: Sign[];
	/** What else stands near the beginning. */
	within?: string;
}

const NEAR_BYTES = 64;

/** A file of chunks: the name of the container, the length, and what is in it. */
const chunked = (format: Format, container: string, content: string): Signature => ({
	format,
	signs: [
		[0, container],
		[8, content],
	],
});

const first = (format: Format, bytes: string, within?: string): Signature => ({
	format,
	signs: [[0, bytes]],
	within,
});

/** What films and sounds on the web are made of; the name of which kind stands near. */
const EBML = '\x1a\x45\xdf\xa3';

const SIGNS: Signature[] = [
	first('JPEG', '\xff\xd8\xff'),
	first('PNG', '\x89PNG\r\n\x1a\n'),
	first('GIF', 'GIF8'),
	chunked('WEBP', 'RIFF', 'WEBP'),
	chunked('WAV', 'RIFF', 'WAVE'),
	chunked('AVI', 'RIFF', 'AVI '),
	chunked('AIFF', 'FORM', 'AIF'),
	first('WEBM', EBML, 'webm'),
	first('MKV', EBML, 'matroska'),
	first('PDF', '%PDF-'),
	first('TIFF', 'II*\0'),
	first('TIFF', 'MM\0*'),
	first('PSD', '8BPS'),
	first('ICO', '\0\0\x01\0'),
	first('JXL', '\xff\x0a'),
	{ format: 'JXL', signs: [[4, 'JXL \r\n\x87\n']] },
	{ format: 'JP2', signs: [[4, 'jP  \r\n\x87\n']] },
	first('OGG', 'OggS'),
	first('FLAC', 'fLaC'),
	first('AMR', '#!AMR'),
	first('MIDI', 'MThd'),
	first('FLV', 'FLV\x01'),
	first('WMV', '\x30\x26\xb2\x75\x8e\x66\xcf\x11'),
	first('MPEG', '\0\0\x01\xba'),
	first('MPEG', '\0\0\x01\xb3'),
	{
		format: 'MPEG',
		signs: [
			[0, 'G'],
			[188, 'G'],
			[376, 'G'],
		],
	},
	first('ZIP', 'PK\x03\x04'),
	first('GZIP', '\x1f\x8b\x08'),
	first('RAR', 'Rar!\x1a\x07'),
	first('7Z', '7z\xbc\xaf\x27\x1c'),
];

/** Text by what it begins with, in lower case and without what may stand before. */
const TEXTS: Array<{ format: Format; pattern: RegExp }> = [
	{ format: 'M3U8', pattern: /^#extm3u/ },
	{
		format: 'HTML',
		pattern: /^(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|script|title|meta)\b/s,
	},
	{ format: 'SVG', pattern: /^<(?:svg\b|(?:\?xml|!--|!doctype svg).*<svg\b)/s },
	{ format: 'HTML', pattern: /^<\?xml.*<html\b/s },
	{ format: 'JSON', pattern: /^[{[]/ },
];

const has = (head: Buffer, [offset, bytes]: Sign): boolean =>
	head.toString('latin1', offset, offset + bytes.length) === bytes;

/** Whether these are the bytes of text, in UTF-8 or one of the encodings with a byte for a letter. */
const isText = (head: Buffer): boolean =>
	head.length > 0 && head.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13));

function textFormat(head: Buffer): Format {
	const text = head
		.toString('utf8')
		.replace(/^\ufeff/, '')
		.trimStart()
		.toLowerCase();
	return TEXTS.find(({ pattern }) => pattern.test(text))?.format ?? 'TEXT';
}

/** A Windows bitmap, by the length of its second header: its first two letters alone are "BM". */
function isBmp(head: Buffer): boolean {
	return (
		head.length >= 18 &&
		has(head, [0, 'BM']) &&
		[12, 16, 40, 52, 56, 64, 108, 124].includes(head.readUInt32LE(14))
	);
}

/** The header of a frame of AAC, whose layer is none of those of MP3. */
const isAac = (head: Buffer): boolean => head[0] === 0xff && (head[1] & 0xf6) === 0xf0;

/** The format of the file that begins with these bytes; undefined if they are nothing known. */
export function formatOf(head: Buffer): Format | undefined {
	const near = head.toString('latin1', 0, NEAR_BYTES);
	const found = SIGNS.find(
		({ signs, within = '' }) => signs.every((sign) => has(head, sign)) && near.includes(within),
	);
	if (found !== undefined) return found.format;
	const boxed = boxedFormat(head);
	if (boxed !== undefined) return boxed;
	if (isBmp(head)) return 'BMP';
	if (isAac(head)) return 'AAC';
	if (isMp3(head)) return 'MP3';
	return isText(head) ? textFormat(head) : undefined;
}
