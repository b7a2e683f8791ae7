import type { Format, MediaFacts } from './facts';
import { type OpenFile, type Reading, skip, take } from './reading';

/** What a file says it is, in its first box, by the beginning of the name. */
const BRANDS: Array<[brand: RegExp, format: Format]> = [
	[/^qt/, 'MOV'],
	[/^avi[fs]/, 'AVIF'],
	[/^(?:hei|hev|mif1|msf1)/, 'HEIC'],
	[/^M4[AB]/, 'M4A'],
	[/^3g/, '3GP'],
	[/^crx/, 'TIFF'],
];

/** The first boxes of films that are older than that box. */
const OLD_BOXES = ['moov', 'mdat', 'wide', 'free', 'skip', 'pnot'];

/** The format of a file that begins with a box; undefined if it does not. */
export function boxedFormat(head: Buffer): Format | undefined {
	const box = head.toString('latin1', 4, 8);
	if (OLD_BOXES.includes(box)) return 'MOV';
	if (box !== 'ftyp' || head.readUInt32BE(0) > head.length) return undefined;
	// The name, its version, and the names that hold as well.
	const text = head.toString('latin1', 8, head.readUInt32BE(0));
	const brands = [text.slice(0, 4), ...(text.slice(8).match(/.{4}/gs) ?? [])];
	const format = BRANDS.find(([brand]) => brand.test(brands[0]))?.[1];
	if (format === 'HEIC' && brands.some((brand) => /^avi[fs]/.test(brand))) return 'AVIF';
	if (format === '3GP' && brands.some((brand) => /^mp4/.test(brand))) return 'MP4';
	return format ?? 'MP4';
}

/** The track that the reader is in. */
interface Track {
	isPicture?: boolean;
	width?: number;
	height?: number;
	seconds?: number;
}

interface Movie {
	facts: MediaFacts;
	track: Track;
}

/** Boxes that hold boxes: these are gone into. */
const CONTAINERS = ['moov', 'trak', 'mdia', 'minf', 'stbl'];

/** A time in a header of the two versions: how many units of which a second has so many. */
function secondsIn(data: Buffer): number | undefined {
	const isLong = data[0] === 1;
	const scale = data.readUInt32BE(isLong ? 20 : 12);
	const units = isLong ? Number(data.readBigUInt64BE(24)) : data.readUInt32BE(16);
	const isKnown = scale > 0 && units > 0 && units < (isLong ? 2 ** 63 : 0xffffffff);
	return isKnown ? units / scale : undefined;
}

/** A number with its fraction in the lower half. */
const fixedAt = (data: Buffer, at: number) => data.readInt32BE(at) / 65_536;

/** What is read of a box, and how many of its bytes that takes; zero where it has fewer. */
const BOXES: Record<string, { bytes: number; read(data: Buffer, movie: Movie): void }> = {
	mvhd: {
		bytes: 32,
		read(data, { facts }) {
			const seconds = secondsIn(data);
			if (seconds !== undefined) facts.durationSeconds = seconds;
		},
	},
	tkhd: {
		bytes: 96,
		read(data, { track }) {
			const matrix = data[0] === 1 ? 52 : 40;
			const size = [fixedAt(data, matrix + 36), fixedAt(data, matrix + 40)].map(Math.round);
			// The film is turned by a quarter where its x goes into y.
			const isTurned = data.readInt32BE(matrix) === 0 && data.readInt32BE(matrix + 4) !== 0;
			[track.width, track.height] = isTurned ? size.reverse() : size;
		},
	},
	mdhd: {
		bytes: 32,
		read(data, { track }) {
			track.seconds = secondsIn(data);
		},
	},
	hdlr: {
		bytes: 12,
		read(data, { track, facts }) {
			const type = data.toString('latin1', 8, 12);
			if (type !== 'vide' || facts.hasPicture) return;
			facts.hasPicture = true;
			track.isPicture = true;
			const { width = 0, height = 0 } = track;
			if (width > 0 && height > 0) Object.assign(facts, { width, height });
		},
	},
	stsz: {
		bytes: 12,
		read(data, { track, facts }) {
			const frames = data.readUInt32BE(8);
			if (!track.isPicture || track.seconds === undefined || frames === 0) return;
			facts.framesPerSecond = frames / track.seconds;
		},
	},
};

/** Goes through the boxes one by one, down into some, up to the end of what describes the film. */
export function* mp4(file: OpenFile): Reading {
	const { facts } = file;
	const movie: Movie = { facts, track: {} };
	let end = Infinity;
	while (file.position < end) {
		const header = yield* take(8);
		const name = header.toString('latin1', 4, 8);
		let rest = header.readUInt32BE(0) - 8;
		if (rest === 1 - 8) rest = Number((yield* take(8)).readBigUInt64BE(0)) - 16;
		// What goes on to the end of the file, or has no room for its own header.
		if (rest < 0) return;
		if (name === 'moov') end = file.position + rest;
		if (name === 'trak') movie.track = {};
		if (CONTAINERS.includes(name)) continue;
		if (Object.hasOwn(BOXES, name)) {
			const { bytes, read } = BOXES[name];
			const data = Buffer.alloc(bytes);
			const known = Math.min(bytes, rest);
			(yield* take(known)).copy(data);
			read(data, movie);
			rest -= known;
		}
		yield* skip(rest);
	}
	facts.hasPicture ??= false;
}
