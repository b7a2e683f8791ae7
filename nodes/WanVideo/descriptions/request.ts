import type { INodeProperties } from 'n8n-workflow';
import {
	DEFAULT_MODE,
	type Mode,
	defaultDurationOf,
	modeNames,
	modeOf,
	perMode,
	resolutionsOf,
} from '../model/modes';
import { secondPriceInWords, secondPricesInWords } from '../model/price';
import { additionalFields } from './additionalFields';
import { exceptForStoryboards, promptFields } from './prompt';
import { onlyIn, variedByMode } from './visibility';

const modeField: INodeProperties = {
	displayName: 'Mode',
	name: 'mode',
	type: 'options',
	options: modeNames().map((value) => {
		const { title, description } = modeOf(value);
		return { name: title, value, description };
	}),
	default: DEFAULT_MODE,
	description:
		'What the video is made from. <a href="https://apixo.ai/docs/models/wan-2-6-video" target="_blank">More about the modes and their prices</a>.',
};

/** The fields of each medium, for the modes that use it. */
const media: INodeProperties[] = [
	...new Set(modeNames().map((name) => modeOf(name).medium)),
].flatMap((medium) =>
	medium.fields.flatMap((field) => onlyIn((one) => one.medium === medium, field)),
);

const resolution: INodeProperties = {
	displayName: 'Resolution',
	name: 'resolution',
	type: 'options',
	default: '',
	description:
		'Height of the video in lines. The list tells the price of each choice; the bill may be lower.',
};

const usual = modeOf(DEFAULT_MODE);

/** Said where it happens: to change the mode also changes what was left alone, and the price with it. */
const resolutionHintIn = ({ defaultResolution }: Mode) =>
	defaultResolution === usual.defaultResolution
		? undefined
		: `This mode begins at ${defaultResolution}, which costs more than ${usual.defaultResolution}`;

/** n8n marks no number that is too large for another mode. */
const durationHintIn = ({ durationSeconds: { max } }: Mode) =>
	max === usual.durationSeconds.max ? undefined : `At most ${max} seconds in this mode`;

const rangeIn = ({ durationSeconds: { min, max } }: Mode) => `${min} to ${max}`;

const durationDescription = (range: string) =>
	`Length of the video, ${range}. The price is per second.`;

const duration: INodeProperties = {
	displayName: 'Duration (Seconds)',
	name: 'duration',
	type: 'number',
	default: 0,
};

const sound: INodeProperties = {
	displayName: 'Sound',
	name: 'sound',
	type: 'boolean',
	default: true,
	description: 'Whether the video has sound. Silent videos cost less.',
};

/** The choices of Resolution, each with its price. */
const choicesOf = (resolutions: string[], priceOf: (resolution: string) => string) =>
	[...new Set(resolutions)].map((value) => ({ name: value, value, description: priceOf(value) }));

const pricedChoicesIn = (mode: Mode) =>
	choicesOf(resolutionsOf(mode), (resolution) => secondPriceInWords(mode, resolution));

const modes = modeNames().map(modeOf);

const secondsOfAnyMode = modes.flatMap(({ durationSeconds: { min, max } }) => [min, max]);

const resolutions = variedByMode(
	resolution,
	(mode) => ({
		options: pricedChoicesIn(mode),
		default: mode.defaultResolution,
		hint: resolutionHintIn(mode),
	}),
	{
		options: choicesOf(modes.flatMap(resolutionsOf), (name) => secondPricesInWords(modes, name)),
	},
);

const durations = variedByMode(
	duration,
	(mode) => ({
		default: defaultDurationOf(mode),
		typeOptions: {
			minValue: mode.durationSeconds.min,
			maxValue: mode.durationSeconds.max,
		},
		description: durationDescription(`${rangeIn(mode)} whole seconds`),
		hint: durationHintIn(mode),
	}),
	{
		typeOptions: {
			minValue: Math.min(...secondsOfAnyMode),
			maxValue: Math.max(...secondsOfAnyMode),
		},
		description: durationDescription(perMode('whole seconds', rangeIn)),
	},
);

const sounds = onlyIn(({ hasSoundSwitch }) => hasSoundSwitch, sound);

/** The fields that the price depends on. */
export const priceFields: INodeProperties[] = [modeField, ...resolutions, ...durations, ...sounds];

export const requestFields: INodeProperties[] = [
	modeField,
	...promptFields,
	...media,
	...resolutions,
	// A storyboard is as long as its shots.
	...exceptForStoryboards(durations),
	...sounds,
	additionalFields,
];
