/**
 * The Wan 2.6 Video model as a table. Panels, validation, request building, price and the poll
 * schedule are all read off it: adding a mode is adding a row.
 *
 * Source: the service's own page on the model, https://apixo.ai/docs/models/wan-2-6-video
 */
import { IMAGE } from '../media/image';
import { type Medium, NO_MEDIUM } from '../media/medium';
import { MAX_REFERENCES, REFERENCES } from '../media/references';

/** The model's name in the service's URLs. */
export const MODEL = 'wan-2-6-video';

export const MAX_PROMPT_CHARACTERS = 1500;
export const MAX_NEGATIVE_PROMPT_CHARACTERS = 500;
export const MAX_SEED = 2147483647;
const DEFAULT_DURATION_SECONDS = 5;
/** The service's recommendation for all modes. */
export const POLL_INTERVAL_SECONDS = 10;

/** Millionths of a dollar per second of video: whole numbers, so that no float dust shows. */
interface SecondPrice {
	withSound: number;
	silent: number;
}

export interface Mode {
	/** Title shown in the Mode list. */
	title: string;
	description: string;
	/** What the video is made from, beside the prompt. */
	medium: Medium;
	/** Flash modes can switch the sound off, and cost less without it. */
	hasSoundSwitch: boolean;
	/** Whole seconds of video that the mode accepts. */
	durationSeconds: { min: number; max: number };
	defaultResolution: string;
	/** By resolution; the mode has those that are named here. */
	price: Record<string, SecondPrice>;
	/** The service's recommendation, in seconds after the task was created. */
	firstPollSeconds: number;
}

const flat = (millionths: number): SecondPrice => ({ withSound: millionths, silent: millionths });

export const MODES = {
	'text-to-video': {
		title: 'Text to Video',
		description: 'A video from a prompt alone',
		medium: NO_MEDIUM,
		hasSoundSwitch: false,
		durationSeconds: { min: 2, max: 15 },
		defaultResolution: '720p',
		price: { '720p': flat(100_000), '1080p': flat(150_000) },
		firstPollSeconds: 30,
	},
	'image-to-video-flash': {
		title: 'Image to Video (Flash)',
		description: 'Brings one image to life, faster and cheaper, with or without sound',
		medium: IMAGE,
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
		medium: IMAGE,
		hasSoundSwitch: false,
		durationSeconds: { min: 2, max: 15 },
		defaultResolution: '720p',
		price: { '720p': flat(100_000), '1080p': flat(150_000) },
		firstPollSeconds: 30,
	},
	'reference-to-video-flash': {
		title: 'Reference to Video (Flash)',
		description: `Keeps the characters of up to ${MAX_REFERENCES} images or videos, faster and cheaper, with or without sound`,
		medium: REFERENCES,
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
		description: `Keeps the characters of up to ${MAX_REFERENCES} images or videos`,
		medium: REFERENCES,
		hasSoundSwitch: false,
		durationSeconds: { min: 2, max: 10 },
		defaultResolution: '1080p',
		price: { '720p': flat(200_000), '1080p': flat(300_000) },
		firstPollSeconds: 45,
	},
} satisfies Record<string, Mode>;

export type ModeName = keyof typeof MODES;

export const DEFAULT_MODE: ModeName = 'text-to-video';

export const isModeName = (value: unknown): value is ModeName =>
	typeof value === 'string' && Object.hasOwn(MODES, value);

export const modeNames = (): ModeName[] => Object.keys(MODES).filter(isModeName);

export const modeOf = (name: ModeName): Mode => MODES[name];

/** The modes that satisfy a condition, in the order of the table. */
export const modesWhere = (condition: (mode: Mode) => boolean): ModeName[] =>
	modeNames().filter((name) => condition(modeOf(name)));

export const resolutionsOf = ({ price }: Mode): string[] => Object.keys(price);

/** The service's default, or what comes closest to it in this mode; whole seconds. */
export const defaultDurationOf = ({ durationSeconds: { min, max } }: Mode): number =>
	Math.min(Math.max(DEFAULT_DURATION_SECONDS, min), max);

/**
 * The modes in groups that are alike in something, the largest group first: that is what a panel
 * shows in common, with the others as its variants.
 */
export function modeGroups<T>(valueOf: (mode: Mode) => T): Array<{ value: T; modes: ModeName[] }> {
	const groups = new Map<string, { value: T; modes: ModeName[] }>();
	for (const name of modeNames()) {
		const value = valueOf(modeOf(name));
		const key = JSON.stringify(value);
		const group = groups.get(key) ?? { value, modes: [] };
		group.modes.push(name);
		groups.set(key, group);
	}
	return [...groups.values()].sort((a, b) => b.modes.length - a.modes.length);
}

const list = (words: string[]): string =>
	words.length < 3 ? words.join(' and ') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** A fact about the modes in words, such as "30 seconds (45 in A and B; 60 in C)". */
export function perMode(unit: string, factOf: (mode: Mode) => string | number): string {
	const [common, ...others] = modeGroups(factOf);
	const exceptions = others.map(
		({ value, modes }) => `${value} in ${list(modes.map((name) => modeOf(name).title))}`,
	);
	const text = `${common.value} ${unit}`;
	return exceptions.length === 0 ? text : `${text} (${exceptions.join('; ')})`;
}
