import { FORMATS, type FileKind } from '../../../../nodes/WanVideo/media/fileTypes.ts';
import type { MediaFacts } from '../../../../nodes/WanVideo/media/look/facts.ts';
import { mediaFault } from '../../../../nodes/WanVideo/media/look/fault.ts';

const PNG: MediaFacts = { format: 'PNG', kind: 'image', width: 1000, height: 1000 };
const MP3: MediaFacts = { format: 'MP3', kind: 'audio', durationSeconds: 10 };
const MP4: MediaFacts = {
	format: 'MP4',
	kind: 'video',
	durationSeconds: 10,
	width: 100,
	height: 50,
};
const MEGABYTE = 1024 * 1024;

const GOOD: Array<[string, MediaFacts]> = [
	['of the smallest size', { ...PNG, width: 240, height: 240 }],
	['of the largest size', { ...PNG, width: 8000, height: 8000 }],
	['of 20 MB', { ...PNG, sizeBytes: 20 * MEGABYTE }],
	['that hides nothing', { ...PNG, hasTransparency: false }],
	['of which only the format is known', { format: 'JPEG', kind: 'image' }],
	['of 3 seconds', { ...MP3, durationSeconds: 3 }],
	['of 30 seconds, and the silence of its encoder', { ...MP3, durationSeconds: 30.15 }],
	['of 15 MB', { ...MP3, sizeBytes: 15 * MEGABYTE }],
	['of 1 second', { ...MP4, durationSeconds: 1 }],
	['of 100 MB', { ...MP4, sizeBytes: 100 * MEGABYTE }],
	['of a small picture, for which videos have no limit', MP4],
];

test.each(GOOD)('a file %s is taken', (_name, facts) => {
	expect(mediaFault(facts, ['image', 'video', 'audio'])).toBeUndefined();
});

const BAD: Array<[MediaFacts, FileKind, string]> = [
	[{ ...PNG, width: 239 }, 'image', 'is 239 × 1000 pixels, but must be 240 to 8000 wide and high'],
	[
		{ ...PNG, height: 8001 },
		'image',
		'is 1000 × 8001 pixels, but must be 240 to 8000 wide and high',
	],
	[{ ...PNG, sizeBytes: 20 * MEGABYTE + 1 }, 'image', 'has 21 MB, but may have 20 at most'],
	[
		{ ...PNG, kind: 'image', format: 'GIF' },
		'image',
		'must be JPEG, PNG, BMP or WEBP, but is a GIF image',
	],
	[PNG, 'audio', 'must be WAV or MP3, but is a PNG image'],
	[{ ...MP3, durationSeconds: 2.7 }, 'audio', 'lasts 2.7 seconds, but must last 3 to 30'],
	[{ ...MP3, durationSeconds: 30.3 }, 'audio', 'lasts 30.3 seconds, but must last 3 to 30'],
	[{ ...MP4, durationSeconds: 0.5 }, 'video', 'lasts 0.5 seconds, but must last 1 to 30'],
	[{ ...MP4, hasPicture: false }, 'video', 'holds sound, but no picture'],
	[{ format: 'HTML' }, 'image', 'must be JPEG, PNG, BMP or WEBP, but is a web page'],
	[{}, 'video', 'must be MP4 or MOV, but is of no type that is known'],
	[{ sizeBytes: 0 }, 'video', 'is an empty file'],
];

test.each(BAD)('%j for %s is refused: it %s', (facts, kind, fault) => {
	expect(mediaFault(facts, [kind])).toBe(fault);
});

test('all that is wrong is told at once', () => {
	const facts: MediaFacts = { ...PNG, width: 10, hasTransparency: true };
	expect(mediaFault(facts, ['image'])).toMatch(/transparency.*, and is 10 × 1000 pixels/);
});

test.each(Object.keys(FORMATS) as FileKind[])('each format of %s has its own name', (kind) => {
	expect(mediaFault({ format: 'TEXT' }, [kind])).toBe(
		`must be ${FORMATS[kind].label}, but is text`,
	);
});
