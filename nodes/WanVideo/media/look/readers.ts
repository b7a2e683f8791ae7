import { bmp } from './bmp';
import { type Format, formatRow } from './facts';
import { jpeg } from './jpeg';
import { mp3 } from './mp3';
import { mp4 } from './mp4';
import { png } from './png';
import type { OpenFile, Reader, Reading } from './reading';
import { formatOf } from './sniff';
import { wav } from './wav';
import { webp } from './webp';

/** Those of which more is told than that they are there. */
const READERS: { [name in Format]?: Reader } = {
	BMP: bmp,
	JPEG: jpeg,
	MOV: mp4,
	MP3: mp3,
	MP4: mp4,
	PNG: png,
	WAV: wav,
	WEBP: webp,
};

/** The reader for the file that begins with these bytes. */
export function* readerOf(file: OpenFile, head: Buffer): Reading {
	const format = formatOf(head);
	if (format === undefined) return;
	file.facts.format = format;
	file.facts.kind = formatRow(format).kind;
	yield* READERS[format]?.(file) ?? [];
}
