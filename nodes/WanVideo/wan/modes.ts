/**
 * The Wan 2.6 Video model as a table. Panels, validation, request building, price and the
 * polling schedule are all read off it: adding a mode is adding a row.
 *
 * Source: the service's own page on the model, https://apixo.ai/docs/models/wan-2-6-video
 */

export type Resolution = '720p' | '1080p';

export type ModeName =
	| 'text-to-video'
	| 'image-to-video-flash'
	| 'image-to-video'
	| 'reference-to-video-flash'
	| 'reference-to-video';

/** Millionths of a dollar per second of video: whole numbers, so that no float dust shows. */
interface SecondPrice {
	withSound: number;
	silent: number;
}

export interface Mode {
	/** Title shown in the Mode list. */
	title: string;
	description: string;
	/** What the mode is made from, beside the prompt. */
	media: 'none' | 'image' | 'references';
	/** Flash modes can switch the sound off, and cost less without it. */
	hasSoundSwitch: boolean;
	/** Whole seconds of video that the mode accepts. */
	durationSeconds: { min: number; max: number };
	defaultResolution: Resolution;
	price: Record<Resolution, SecondPrice>;
	/** The service's recommendation, in seconds after the task was created. */
	firstPollSeconds: number;
}

export const RESOLUTIONS: Resolution[] = ['720p', '1080p'];

export const LIMITS = {
	promptCharacters: 1500,
	negativePromptCharacters: 500,
	references: 5,
	referenceVideos: 3,
	maxSeed: 2147483647,
	defaultDurationSeconds: 5,
	pollIntervalSeconds: 10,
} as const;

/** Our own limit, far above what the model makes: only an endless or wrong file meets it. */
export const DEFAULT_MAX_FILE_MEGABYTES = 1000;

/**
 * Our own limits, a month and a day: timers of Node.js that are set for longer than 24 days fire at
 * once, and n8n cannot save a date that is too far off.
 */
export const LONGEST_TIMEOUT_MINUTES = 43_200;
export const LONGEST_PAUSE_SECONDS = 86_400;

/** What the service accepts, by kind of medium. */
export const FORMATS = {
	image: { extensions: ['jpg', 'jpeg', 'png', 'bmp', 'webp'], label: 'JPEG, PNG, BMP or WEBP' },
	video: { extensions: ['mp4', 'mov'], label: 'MP4 or MOV' },
	audio: { extensions: ['wav', 'mp3'], label: 'WAV or MP3' },
} as const;

const flat = (millionths: number): SecondPrice => ({ withSound: millionths, silent: millionths });

export const MODES: Record<ModeName, Mode> = {
	'text-to-video': {
		title: 'Text to Video',
		description: 'A video from a prompt alone',
		media: 'none',
		hasSoundSwitch: false,
		durationSeconds: { min: 2, max: 15 },
		defaultResolution: '720p',
		price: { '720p': flat(100_000), '1080p': flat(150_000) },
		firstPollSeconds: 30,
	},
	'image-to-video-flash': {
		title: 'Image to Video (Flash)',
		description: 'Brings one image to life, faster and cheaper, with or without sound',
		media: 'image',
		hasSoundSwitch: true,
		durationSeconds: { min: 2, max: 15 },
		defaultResolution: '720p',
		price: {
			'720p': { withSound: 50_000, silent: 25_000 },
			'1080p': { withSound: 75_000, silent: 37_500 },
		},
		firstPollSeconds: 30,
	},
	'image-to-video': {
		title: 'Image to Video',
		description: 'Brings one image to life',
		media: 'image',
		hasSoundSwitch: false,
		durationSeconds: { min: 2, max: 15 },
		defaultResolution: '720p',
		price: { '720p': flat(100_000), '1080p': flat(150_000) },
		firstPollSeconds: 30,
	},
	'reference-to-video-flash': {
		title: 'Reference to Video (Flash)',
		description:
			'Keeps the characters of up to 5 images or videos, faster and cheaper, with or without sound',
		media: 'references',
		hasSoundSwitch: true,
		durationSeconds: { min: 2, max: 10 },
		defaultResolution: '1080p',
		price: {
			'720p': { withSound: 100_000, silent: 50_000 },
			'1080p': { withSound: 160_000, silent: 80_000 },
		},
		firstPollSeconds: 45,
	},
	'reference-to-video': {
		title: 'Reference to Video',
		description: 'Keeps the characters of up to 5 images or videos',
		media: 'references',
		hasSoundSwitch: false,
		durationSeconds: { min: 2, max: 10 },
		defaultResolution: '1080p',
		price: { '720p': flat(200_000), '1080p': flat(300_000) },
		firstPollSeconds: 45,
	},
};

export const MODE_NAMES = Object.keys(MODES) as ModeName[];

export const isModeName = (value: unknown): value is ModeName =>
	typeof value === 'string' && Object.hasOwn(MODES, value);

/** The modes that satisfy a condition, for panels that depend on the mode. */
export const modesWhere = (condition: (mode: Mode) => boolean): ModeName[] =>
	MODE_NAMES.filter((name) => condition(MODES[name]));
