import { type OpenFile, type Reading, skip, take } from './reading';

/** kbit/s by the number in a frame's header; the first and the last are not used. */
const BIT_RATES = {
	1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
	2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};

const SAMPLE_RATES = [44_100, 48_000, 32_000];

interface Frame {
	bytes: number;
	seconds: number;
	bytesPerSecond: number;
	/** Where the note of the encoder stands, behind what the decoder needs. */
	noteAt: number;
}

/** The header of a frame of MPEG audio, layer III; undefined if these four bytes are none. */
function frameIn(header: Buffer): Frame | undefined {
	if (header.length < 4) return undefined;
	const bits = header.readUInt32BE(0);
	const version = (bits >>> 19) & 3;
	const isLayer3 = bits >>> 21 === 0x7ff && ((bits >>> 17) & 3) === 1;
	// 3 is MPEG-1, 2 is MPEG-2, 0 is 2.5, with half of the half rates.
	const isFirst = version === 3;
	const kilobits = BIT_RATES[isFirst ? 1 : 2][(bits >>> 12) & 15];
	const rate = SAMPLE_RATES[(bits >>> 10) & 3] / [4, NaN, 2, 1][version];
	if (!isLayer3 || !(rate > 0) || !(kilobits > 0)) return undefined;
	const samples = isFirst ? 1152 : 576;
	const padding = (bits >>> 9) & 1;
	const isMono = ((bits >>> 6) & 3) === 3;
	const [forMono, forStereo] = isFirst ? [17, 32] : [9, 17];
	return {
		bytes: Math.floor((samples * kilobits * 125) / rate) + padding,
		seconds: samples / rate,
		bytesPerSecond: kilobits * 125,
		noteAt: 4 + (isMono ? forMono : forStereo),
	};
}

/** How many frames the file has, as its encoder has noted in the first one. */
function notedFrames(first: Buffer, { noteAt }: Frame): number | undefined {
	const name = (at: number) => first.toString('latin1', at, at + 4);
	const read = (at: number) => (at + 4 <= first.length ? first.readUInt32BE(at) : 0);
	const isNoted = ['Xing', 'Info'].includes(name(noteAt)) && (read(noteAt + 4) & 1) === 1;
	const frames = isNoted ? read(noteAt + 8) : name(36) === 'VBRI' ? read(36 + 14) : 0;
	return frames > 0 ? frames : undefined;
}

/** So many frames alike are no chance: the bit rate is the same throughout. */
const MANY_FRAMES = 100;

/** Counts the frames behind the first one, up to the end. What is no frame is passed over. */
function* countFrames(file: OpenFile, first: Frame): Reading {
	const start = file.position - first.bytes;
	let frames = 1;
	let isConstant = true;
	try {
		let header = yield* take(4);
		for (;;) {
			const frame = frameIn(header);
			if (frame !== undefined && frame.seconds === first.seconds) {
				frames += 1;
				isConstant &&= frame.bytesPerSecond === first.bytesPerSecond;
				yield* skip(frame.bytes - 4);
				header = yield* take(4);
			} else {
				header = Buffer.concat([header.subarray(1), yield* take(1)]);
			}
		}
	} finally {
		const isAlike = isConstant && frames >= MANY_FRAMES;
		if (file.isWhole) file.facts.durationSeconds = frames * first.seconds;
		else if (file.size !== undefined && isAlike) {
			file.facts.durationSeconds = (file.size - start) / first.bytesPerSecond;
		}
	}
}

/** A tag with the title, the picture of an album and the like. */
const TAG = 'ID3';
const TAG_HEADER_BYTES = 10;

/** The length of a tag behind its header: seven bits in a byte, and perhaps a footer. */
function tagBytes(header: Buffer): number {
	const length = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + (header[at] & 127), 0);
	return length + ((header[5] & 0x10) === 0 ? 0 : TAG_HEADER_BYTES);
}

/** Whether a file may begin with these bytes. */
export function isMp3(head: Buffer): boolean {
	if (head.toString('latin1', 0, 3) === TAG) return true;
	const frame = frameIn(head);
	if (frame === undefined) return false;
	return head.length < frame.bytes + 4 || frameIn(head.subarray(frame.bytes)) !== undefined;
}

export function* mp3(file: OpenFile): Reading {
	let header = yield* take(4);
	while (header.toString('latin1', 0, 3) === TAG) {
		const rest = yield* take(TAG_HEADER_BYTES - 4);
		yield* skip(tagBytes(Buffer.concat([header, rest])));
		header = yield* take(4);
	}
	let first = frameIn(header);
	while (first === undefined) {
		header = Buffer.concat([header.subarray(1), yield* take(1)]);
		first = frameIn(header);
	}
	const frame = Buffer.concat([header, yield* take(first.bytes - 4)]);
	const frames = notedFrames(frame, first);
	if (frames === undefined) yield* countFrames(file, first);
	else file.facts.durationSeconds = frames * first.seconds;
}
