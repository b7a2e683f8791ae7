import { type OpenFile, type Reading, skip, take } from './reading';

/** What programs write for the length of sound that they do not know yet. */
const UNKNOWN_LENGTHS = [0, 0xffffffff];

/** Waits for the end of the file, which may come before that of the sound. */
function* sound(file: OpenFile, length: number, bytesPerSecond: number): Reading {
	const start = file.position;
	const isKnown = !UNKNOWN_LENGTHS.includes(length);
	if (bytesPerSecond === 0) return;
	if (isKnown) file.facts.durationSeconds = length / bytesPerSecond;
	try {
		yield* skip(Number.MAX_SAFE_INTEGER);
	} finally {
		if (file.size !== undefined) {
			const there = file.size - start;
			file.facts.durationSeconds = (isKnown ? Math.min(length, there) : there) / bytesPerSecond;
		}
	}
}

export function* wav(file: OpenFile): Reading {
	yield* skip(12);
	let bytesPerSecond = 0;
	for (;;) {
		const header = yield* take(8);
		const name = header.toString('latin1', 0, 4);
		const length = header.readUInt32LE(4);
		if (name === 'data') return yield* sound(file, length, bytesPerSecond);
		let rest = length + (length % 2);
		if (name === 'fmt ' && length >= 16) {
			bytesPerSecond = (yield* take(16)).readUInt32LE(8);
			rest -= 16;
		}
		yield* skip(rest);
	}
}
