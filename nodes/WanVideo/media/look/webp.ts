import { type OpenFile, type Reading, skip, take } from './reading';

/** What the first chunk says, by its name. */
const CHUNKS: Record<string, (file: OpenFile) => Reading> = {
	*'VP8 '({ facts }) {
		yield* skip(6);
		const size = yield* take(4);
		facts.width = size.readUInt16LE(0) & 0x3fff;
		facts.height = size.readUInt16LE(2) & 0x3fff;
		facts.hasTransparency = false;
	},
	*VP8L({ facts }) {
		yield* skip(1);
		const bits = (yield* take(4)).readUInt32LE(0);
		facts.width = (bits & 0x3fff) + 1;
		facts.height = ((bits >>> 14) & 0x3fff) + 1;
		facts.hasTransparency = ((bits >>> 28) & 1) === 1;
	},
	*VP8X({ facts }) {
		const data = yield* take(10);
		facts.width = data.readUIntLE(4, 3) + 1;
		facts.height = data.readUIntLE(7, 3) + 1;
		facts.hasTransparency = (data[0] & 0x10) !== 0;
	},
};

export function* webp(file: OpenFile): Reading {
	yield* skip(12);
	const name = (yield* take(8)).toString('latin1', 0, 4);
	if (Object.hasOwn(CHUNKS, name)) yield* CHUNKS[name](file);
}
