import { bmp } from './bmp';
import { type Format, formatRow } from './facts';
import { jpeg } from './jpeg';
import { png } from './png';
import type { OpenFile, Reader, Reading } from './reading';
import { formatOf } from './sniff';
import { webp } from './webp';

/** Those of which more is told than that they are there. */
const READERS: { [name in Format]?: Reader } = { BMP: bmp, JPEG: jpeg, PNG: png, WEBP: webp };

/** The reader for the file that begins with these bytes. */
export function* readerOf(file: OpenFile, head: Buffer): Reading {
	const format = formatOf(head);
	if (format === undefined) return;
	file.facts.format = format;
	file.facts.kind = formatRow(format).kind;
	yield* READERS[format]?.(file) ?? [];
}
