import { type OpenFile, type Reading, skip, take } from './reading';

const CHECKSUM_BYTES = 4;

/** Each color of a palette may have its own transparency, of which there are so many. */
const MAX_PALETTE = 256;

/** Kinds of color, by their number: those with an alpha channel, and the one with a palette. */
const WITH_ALPHA = [4, 6];
const PALETTE = 3;

export function* png({ facts }: OpenFile): Reading {
	yield* skip(8);
	let color: number | undefined;
	for (;;) {
		const header = yield* take(8);
		const length = header.readUInt32BE(0);
		const name = header.toString('latin1', 4, 8);
		let rest = length + CHECKSUM_BYTES;
		if (name === 'IDAT') {
			facts.hasTransparency ??= false;
			return;
		}
		if (name === 'IHDR' && length === 13) {
			const data = yield* take(13);
			rest -= 13;
			facts.width = data.readUInt32BE(0);
			facts.height = data.readUInt32BE(4);
			color = data[9];
			if (WITH_ALPHA.includes(color)) facts.hasTransparency = true;
		}
		if (name === 'tRNS' && length <= MAX_PALETTE) {
			const data = yield* take(length);
			rest -= length;
			if (color !== PALETTE || data.some((alpha) => alpha < 255)) facts.hasTransparency = true;
		}
		yield* skip(rest);
	}
}
