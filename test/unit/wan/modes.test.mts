import * as documented from '../../support/model/documented.mts';
import {
	FORMATS,
	LIMITS,
	MODES,
	MODE_NAMES,
	RESOLUTIONS,
	isModeName,
	modesWhere,
} from '../../../nodes/WanVideo/wan/modes.ts';

const MEDIA = { none: undefined, image: 'image_urls', references: 'reference_urls' };

test('the modes are those of the documentation', () => {
	expect([...MODE_NAMES].sort()).toEqual(Object.keys(documented.MODES).sort());
});

test.each(Object.entries(documented.MODES))('the row of %s is as documented', (name, row) => {
	const { media, hasSoundSwitch, durationSeconds, ...mode } = MODES[name];
	expect(MEDIA[media]).toBe(row.needs);
	expect(hasSoundSwitch).toBe(row.isFlash);
	expect([durationSeconds.min, durationSeconds.max]).toEqual(row.seconds);
	expect(mode.defaultResolution).toBe(row.defaultResolution);
	expect(mode.firstPollSeconds).toBe(row.firstPollSeconds);
});

test('limits, resolutions and formats are as documented', () => {
	expect(LIMITS).toEqual(documented.LIMITS);
	expect(RESOLUTIONS).toEqual(documented.RESOLUTIONS);
	expect([...FORMATS.image.extensions].sort()).toEqual([...documented.IMAGE_TYPES].sort());
	expect([...FORMATS.video.extensions].sort()).toEqual([...documented.VIDEO_TYPES].sort());
	expect([...FORMATS.audio.extensions].sort()).toEqual([...documented.AUDIO_TYPES].sort());
});

test.each(['toString', '__proto__', 'Text-to-video', '', 5, null, undefined, ['text-to-video']])(
	'%j is no mode',
	(value) => expect(isModeName(value)).toBe(false),
);

test('modes can be picked by what they have', () => {
	const flash = modesWhere(({ hasSoundSwitch }) => hasSoundSwitch);
	expect(flash).toEqual(['image-to-video-flash', 'reference-to-video-flash']);
});
