import type { Format } from './facts';

/** So many bytes tell the format; an SVG drawing may begin with a long comment. */
export const HEAD_BYTES = 4096;

/** Bytes in the notation of `latin1`, where they stand in the head. */
type Sign = [offset: number, bytes: string];

const SIGNS: Array<{ format: Format; signs: Sign[] }> = [
	{ format: 'JPEG', signs: [[0, '\xff\xd8\xff']] },
	{ format: 'PNG', signs: [[0, '\x89PNG\r\n\x1a\n']] },
	{ format: 'GIF', signs: [[0, 'GIF8']] },
	{
		format: 'WEBP',
		signs: [
			[0, 'RIFF'],
			[8, 'WEBP'],
		],
	},
	{
		format: 'WAV',
		signs: [
			[0, 'RIFF'],
			[8, 'WAVE'],
		],
	},
	{
		format: 'AVI',
		signs: [
			[0, 'RIFF'],
			[8, 'AVI '],
		],
	},
	{ format: 'PDF', signs: [[0, '%PDF-']] },
	{ format: 'TIFF', signs: [[0, 'II*\0']] },
	{ format: 'TIFF', signs: [[0, 'MM\0*']] },
	{ format: 'PSD', signs: [[0, '8BPS']] },
	{ format: 'ICO', signs: [[0, '\0\0\x01\0']] },
	{ format: 'JXL', signs: [[0, '\xff\x0a']] },
	{ format: 'JXL', signs: [[4, 'JXL \r\n\x87\n']] },
	{ format: 'JP2', signs: [[4, 'jP  \r\n\x87\n']] },
	{ format: 'OGG', signs: [[0, 'OggS']] },
	{ format: 'FLAC', signs: [[0, 'fLaC']] },
	{ format: 'AMR', signs: [[0, '#!AMR']] },
	{ format: 'MIDI', signs: [[0, 'MThd']] },
	{
		format: 'AIFF',
		signs: [
			[0, 'FORM'],
			[8, 'AIF'],
		],
	},
	{ format: 'FLV', signs: [[0, 'FLV\x01']] },
	{ format: 'WMV', signs: [[0, '\x30\x26\xb2\x75\x8e\x66\xcf\x11']] },
	{ format: 'MPEG', signs: [[0, '\0\0\x01\xba']] },
	{ format: 'MPEG', signs: [[0, '\0\0\x01\xb3']] },
	{
		format: 'MPEG',
		signs: [
			[0, '\x47'],
			[188, '\x47'],
			[376, '\x47'],
		],
	},
	{ format: 'ZIP', signs: [[0, 'PK\x03\x04']] },
	{ format: 'GZIP', signs: [[0, '\x1f\x8b\x08']] },
	{ format: 'RAR', signs: [[0, 'Rar!\x1a\x07']] },
	{ format: '7Z', signs: [[0, '7z\xbc\xaf\x27\x1c']] },
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

/** The format of the file that begins with these bytes; undefined if they are nothing known. */
export function formatOf(head: Buffer): Format | undefined {
	const found = SIGNS.find(({ signs }) => signs.every((sign) => has(head, sign)));
	if (found !== undefined) return found.format;
	if (isBmp(head)) return 'BMP';
	return isText(head) ? textFormat(head) : undefined;
}
