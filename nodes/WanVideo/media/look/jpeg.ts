import { type OpenFile, type Reading, skip, take } from './reading';

const FILLER = 0xff;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
const EXIF = 0xe1;

/** Markers that no length follows. */
const isAlone = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);

/** Markers of a frame, whose header tells the size; three of the numbers mean other things. */
const isFrame = (marker: number) =>
	marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

const ORIENTATION = 0x0112;
const FIRST_TURNED = 5;
const LAST_TURNED = 8;

/** Whether a camera says that the picture is stored on its side. */
function isOnItsSide(exif: Buffer): boolean {
	const tiff = exif.subarray(6);
	if (exif.toString('latin1', 0, 4) !== 'Exif' || tiff.length < 8) return false;
	const isLittle = tiff.toString('latin1', 0, 2) === 'II';
	const short = (at: number) => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
	const start = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
	if (start + 2 > tiff.length) return false;
	for (let index = 0; index < short(start); index += 1) {
		const entry = start + 2 + 12 * index;
		if (entry + 12 > tiff.length) return false;
		if (short(entry) !== ORIENTATION) continue;
		return short(entry + 8) >= FIRST_TURNED && short(entry + 8) <= LAST_TURNED;
	}
	return false;
}

export function* jpeg({ facts }: OpenFile): Reading {
	yield* skip(2);
	let isTurned = false;
	for (;;) {
		if ((yield* take(1))[0] !== FILLER) return;
		let marker = FILLER;
		while (marker === FILLER) [marker] = yield* take(1);
		if (isAlone(marker)) continue;
		if (marker === END_OF_IMAGE || marker === START_OF_SCAN) return;
		const length = (yield* take(2)).readUInt16BE(0) - 2;
		if (isFrame(marker)) {
			const size = yield* take(5);
			const [height, width] = [size.readUInt16BE(1), size.readUInt16BE(3)];
			// A height of zero is told behind the picture.
			if (height === 0 || width === 0) return;
			facts.width = isTurned ? height : width;
			facts.height = isTurned ? width : height;
			return;
		}
		if (marker === EXIF) isTurned ||= isOnItsSide(yield* take(length));
		else yield* skip(length);
	}
}
