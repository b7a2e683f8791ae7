import * as documented from '../../support/model/documented.mts';
import { FORMATS } from '../../../nodes/WanVideo/media/fileTypes.ts';
import { IMAGE } from '../../../nodes/WanVideo/media/image.ts';
import { NO_MEDIUM } from '../../../nodes/WanVideo/media/medium.ts';
import { REFERENCES } from '../../../nodes/WanVideo/media/references.ts';
import {
	MAX_NEGATIVE_PROMPT_CHARACTERS,
	MAX_PROMPT_CHARACTERS,
	MAX_SEED,
	MODES,
	type Mode,
	POLL_INTERVAL_SECONDS,
	defaultDurationOf,
	isModeName,
	modeGroups,
	modeNames,
	modeOf,
	perMode,
	resolutionsOf,
} from '../../../nodes/WanVideo/model/modes.ts';

/** The field of a request that a medium fills. */
const MEDIA = new Map([
	[NO_MEDIUM, undefined],
	[IMAGE, 'image_urls'],
	[REFERENCES, 'reference_urls'],
]);

const allModes = (): Mode[] => modeNames().map(modeOf);

test('the modes are those of the documentation', () => {
	expect(modeNames().sort()).toEqual(Object.keys(documented.MODES).sort());
});

test.each(Object.entries(documented.MODES))('the row of %s is as documented', (name, row) => {
	const table: Record<string, Mode> = MODES;
	const { medium, hasSoundSwitch, durationSeconds, ...mode } = table[name];
	expect(MEDIA.has(medium)).toBe(true);
	expect(MEDIA.get(medium)).toBe(row.needs);
	expect(hasSoundSwitch).toBe(row.isFlash);
	expect([durationSeconds.min, durationSeconds.max]).toEqual(row.seconds);
	expect(mode.defaultResolution).toBe(row.defaultResolution);
	expect(mode.firstPollSeconds).toBe(row.firstPollSeconds);
});

test('limits, resolutions and formats are as documented', () => {
	// How many references there may be is tested with the requests.
	const { references, referenceVideos, defaultDurationSeconds, ...limits } = documented.LIMITS;
	expect([references, referenceVideos]).toEqual([5, 3]);
	expect({
		promptCharacters: MAX_PROMPT_CHARACTERS,
		negativePromptCharacters: MAX_NEGATIVE_PROMPT_CHARACTERS,
		maxSeed: MAX_SEED,
		pollIntervalSeconds: POLL_INTERVAL_SECONDS,
	}).toEqual(limits);
	for (const mode of allModes()) {
		expect(defaultDurationOf(mode)).toBe(defaultDurationSeconds);
		expect(resolutionsOf(mode)).toEqual(documented.RESOLUTIONS);
	}
	expect([...FORMATS.image.extensions].sort()).toEqual([...documented.IMAGE_TYPES].sort());
	expect([...FORMATS.video.extensions].sort()).toEqual([...documented.VIDEO_TYPES].sort());
	expect([...FORMATS.audio.extensions].sort()).toEqual([...documented.AUDIO_TYPES].sort());
});

test.each(['toString', '__proto__', 'Text-to-video', '', 5, null, undefined, ['text-to-video']])(
	'%j is no mode',
	(value) => expect(isModeName(value)).toBe(false),
);

test('modes are grouped by what they have, the largest group first', () => {
	expect(modeGroups(({ hasSoundSwitch }) => hasSoundSwitch)).toEqual([
		{ value: false, modes: ['text-to-video', 'image-to-video', 'reference-to-video'] },
		{ value: true, modes: ['image-to-video-flash', 'reference-to-video-flash'] },
	]);
});

test('what differs between modes is put into one sentence', () => {
	expect(perMode('seconds', ({ firstPollSeconds }) => firstPollSeconds)).toBe(
		'30 seconds (45 in Reference to Video (Flash) and Reference to Video)',
	);
});
