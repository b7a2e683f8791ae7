import fc from 'fast-check';
import type { MediaFacts } from '../../../../nodes/WanVideo/media/look/facts.ts';
import { MediaLook } from '../../../../nodes/WanVideo/media/look/mediaLook.ts';
import { MEDIA_FILES, TOLD, mediaFile } from '../../../support/media.mts';

function factsOf(file: Buffer, pieceBytes = file.length): MediaFacts {
	const look = new MediaLook();
	for (let at = 0; at < file.length; at += pieceBytes)
		look.push(file.subarray(at, at + pieceBytes));
	look.end();
	return look.facts;
}

/** @throws if a part is told another thing than the whole; of bytes and sound, less is there */
function expectPart(part: MediaFacts, whole: MediaFacts) {
	for (const [name, value] of Object.entries(part)) {
		const other: unknown = whole[name as keyof MediaFacts];
		const isLess = /^(sizeBytes|durationSeconds)$/.test(name) && Number(value) <= Number(other);
		if (value !== other && !isLess) throw new Error(`${name} is ${value}, not ${String(other)}`);
	}
}

const u32 = (...numbers: number[]) => {
	const bytes = Buffer.alloc(4 * numbers.length);
	for (const [index, number] of numbers.entries()) bytes.writeUInt32BE(number >>> 0, 4 * index);
	return bytes;
};

const latin1 = (text: string) => Buffer.from(text, 'latin1');

const box = (name: string, content: Buffer = Buffer.alloc(0)) =>
	Buffer.concat([u32(8 + content.length), latin1(name), content]);

const MP4 = box('ftyp', latin1('isom\0\0\0\0isom'));
const PNG = latin1('\x89PNG\r\n\x1a\n');

describe('a file that a real program made', () => {
	test('is in the table', () => expect(Object.keys(TOLD).sort()).toEqual([...MEDIA_FILES].sort()));

	test.each(Object.entries(TOLD))('%s is told', (name, told) => {
		const file = mediaFile(name);
		const { durationSeconds, sizeBytes, ...facts } = factsOf(file);
		const { durationSeconds: seconds, ...others } = told;
		expect(facts).toEqual(JSON.parse(JSON.stringify(others)));
		expect(sizeBytes).toBe(file.length);
		if (seconds === undefined) expect(durationSeconds).toBeUndefined();
		// Encoders of MP3 add silence.
		else expect(Math.abs((durationSeconds ?? 0) - seconds)).toBeLessThan(0.2);
	});

	test.each(MEDIA_FILES)('%s is told in pieces of any size', (name) => {
		const file = mediaFile(name);
		const whole = factsOf(file);
		for (const pieceBytes of [1, 7, 1000, 4096, 65_536]) {
			expect(factsOf(file, pieceBytes)).toEqual(whole);
		}
	});

	test.each(MEDIA_FILES)('%s that is cut anywhere is told no other thing', (name) => {
		const file = mediaFile(name);
		const whole = factsOf(file);
		const look = new MediaLook();
		for (let bytes = 0; bytes < file.length; bytes += 1) {
			look.push(file.subarray(bytes, bytes + 1));
			expectPart(look.facts, whole);
		}
		const step = Math.ceil(file.length / 400);
		for (let bytes = 16; bytes < file.length; bytes += bytes < 400 ? 1 : step) {
			expectPart(factsOf(file.subarray(0, bytes)), whole);
		}
	});
});

describe('a part of a file', () => {
	test('tells as much where what is not needed is left out', () => {
		const film = mediaFile('index-last.mp4');
		const moov = film.indexOf('moov') - 4;
		const file = Buffer.concat([
			film.subarray(0, moov),
			box('free', Buffer.alloc(1_000_000)),
			film.subarray(moov),
		]);
		const look = new MediaLook();
		look.push(file.subarray(0, 10_000));
		expect(look.next).toBe(moov + 1_000_008);
		look.skipAhead();
		look.push(file.subarray(look.next));
		look.stop(file.length);
		expect(look.facts).toEqual(factsOf(file));
		expect(look.facts).toMatchObject({ width: 320, durationSeconds: 2 });
	});

	test('of an MP3 with one bit rate tells how long all of it is', () => {
		const file = mediaFile('long.mp3');
		const look = new MediaLook();
		look.push(file.subarray(0, 16_384));
		look.stop(file.length);
		expect(look.facts.durationSeconds).toBeCloseTo(31.2, 1);
	});

	test('of an MP3 tells nothing where the rest may be otherwise', () => {
		const file = mediaFile('plain.mp3');
		const look = new MediaLook();
		look.push(file.subarray(0, 2_000));
		look.stop(1_000_000);
		expect(look.facts).toEqual({ format: 'MP3', kind: 'audio', sizeBytes: 1_000_000 });
	});
});

describe('what is no picture, film or sound', () => {
	test.each([
		['<!DOCTYPE html><html>', 'HTML'],
		['\ufeff\n  <html lang="en">', 'HTML'],
		['<!-- saved -->\n<!-- twice -->\n<html>', 'HTML'],
		['<?xml version="1.0"?><!DOCTYPE html><html xmlns="…">', 'HTML'],
		['<svg xmlns="http://www.w3.org/2000/svg">', 'SVG'],
		['<?xml version="1.0"?>\n<!-- Inkscape -->\n<svg>', 'SVG'],
		['{"error": "not found"}', 'JSON'],
		['[]', 'JSON'],
		['Not found', 'TEXT'],
		['#EXTM3U\n#EXTINF:10', 'M3U8'],
		['%PDF-1.7', 'PDF'],
		['PK\x03\x04', 'ZIP'],
	])('is told: %j', (text, format) => expect(factsOf(Buffer.from(text)).format).toBe(format));

	test.each([
		['nothing', Buffer.alloc(0)],
		['zeros', Buffer.alloc(10_000)],
		['bytes without meaning', Buffer.from('0102030405060708', 'hex')],
		['two letters of a bitmap', latin1('BM and so on, \x01\x02')],
	])('is not told where it is %s', (_name, file) => {
		expect(factsOf(file)).toEqual({ sizeBytes: file.length });
	});
});

/** Files that are made to harm: each begins, and then goes on without an end. */
const HOSTILE: Array<[name: string, start: Buffer, rest: Buffer]> = [
	['boxes without content', MP4, box('free')],
	['boxes in boxes', MP4, Buffer.concat([u32(0x7fffffff), latin1('moov')])],
	['tracks without end', Buffer.concat([MP4, u32(0x7fffffff), latin1('moov')]), box('trak')],
	['a box of 2⁶⁴ bytes', MP4, Buffer.concat([u32(1), latin1('mdat'), u32(-1, -1)])],
	['a box shorter than its header', MP4, Buffer.concat([u32(3), latin1('mdat')])],
	['chunks without content', PNG, Buffer.concat([u32(0), latin1('tEXt'), u32(0)])],
	['a chunk of 4 GB', PNG, Buffer.concat([u32(-1), latin1('tRNS')])],
	['segments without content', latin1('\xff\xd8'), latin1('\xff\xe0\0\x02')],
	['fill bytes', latin1('\xff\xd8'), latin1('\xff')],
	['a segment of no length', latin1('\xff\xd8'), latin1('\xff\xe0\0\0')],
	['tags without content', latin1('ID3\x04\0\0\0\0\0\0'), latin1('ID3\x04\0\0\0\0\0\0')],
	['tags of 256 MB', latin1('ID3\x04\0\0\x7f\x7f\x7f\x7f'), latin1('\xff')],
	['half a sync', latin1('ID3\x04\0\0\0\0\0\0'), latin1('\xff\xe0')],
	['frames', mediaFile('plain.mp3'), mediaFile('plain.mp3').subarray(0, 72)],
	['chunks of sound', latin1('RIFF\0\0\0\0WAVE'), latin1('LIST\0\0\0\0')],
	['the largest picture', latin1('RIFF\0\0\0\0WEBPVP8X\0\0\0\0\x10'), Buffer.alloc(64, 255)],
	['zeros', Buffer.alloc(0), Buffer.alloc(64)],
	['text', Buffer.alloc(0), Buffer.alloc(64, 'a')],
];

const ENDLESS_BYTES = 32 * 1024 * 1024;

describe('a hostile file', () => {
	test.each(HOSTILE)('with %s costs no memory, and comes to an end', (_name, start, rest) => {
		const piece = Buffer.alloc(rest.length * Math.ceil(65_536 / rest.length), rest);
		const look = new MediaLook();
		const before = process.memoryUsage().arrayBuffers;
		look.push(start);
		for (let bytes = 0; bytes < ENDLESS_BYTES; bytes += piece.length) look.push(piece);
		look.end();
		expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(ENDLESS_BYTES / 2);
		expect(look.isDone).toBe(true);
		expect(look.facts.sizeBytes).toBeGreaterThanOrEqual(ENDLESS_BYTES);
	});

	test('says nothing about a film whose boxes are more than anybody follows', () => {
		const film = mediaFile('clip.mp4').subarray(32);
		const after = (boxes: number) =>
			factsOf(Buffer.concat([MP4, Buffer.alloc(8 * boxes, box('free')), film]));
		expect(after(1_000)).toMatchObject({ format: 'MP4', width: 320 });
		expect(after(1_000_000)).toEqual({
			format: 'MP4',
			kind: 'video',
			sizeBytes: MP4.length + 8_000_000 + film.length,
		});
	});

	test('that was made from a good one, in whatever way, is told in numbers that may be', () => {
		const damage = fc.array(fc.tuple(fc.nat(2_000), fc.nat(255)), { minLength: 1, maxLength: 20 });
		fc.assert(
			fc.property(fc.constantFrom(...MEDIA_FILES), damage, fc.nat(5_000), (name, changes, cut) => {
				const file = Buffer.from(mediaFile(name));
				for (const [at, value] of changes) if (at < file.length) file[at] = value;
				const facts = factsOf(file.subarray(0, Math.max(16, file.length - cut)));
				for (const value of Object.values(facts)) {
					if (typeof value === 'number') expect(value >= 0 && Number.isFinite(value)).toBe(true);
				}
			}),
			{ numRuns: 1_000 },
		);
	});
});
