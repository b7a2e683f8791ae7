import { type OpenFile, type Reading, skip, take } from './reading';

/** The first header of the format's first version, which has short numbers. */
const OLD_HEADER_BYTES = 12;

export function* bmp({ facts }: OpenFile): Reading {
	yield* skip(14);
	const isOld = (yield* take(4)).readUInt32LE(0) === OLD_HEADER_BYTES;
	const size = yield* take(isOld ? 4 : 8);
	facts.width = isOld ? size.readUInt16LE(0) : Math.abs(size.readInt32LE(0));
	// Below zero where the rows are stored from top to bottom.
	facts.height = isOld ? size.readUInt16LE(2) : Math.abs(size.readInt32LE(4));
}
