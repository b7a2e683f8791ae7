import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { LIMITS, MODES, MODE_NAMES, RESOLUTIONS, modesWhere } from '../wan/modes';
import { isNot, onlyIn, variantIn } from './visibility';

const MEDIA_HINT = 'A public URL that opens without login: APIXO fetches it';

const imageModes = modesWhere(({ media }) => media === 'image');
const referenceModes = modesWhere(({ media }) => media === 'references');
const flashModes = modesWhere(({ hasSoundSwitch }) => hasSoundSwitch);
const { durationSeconds: commonDuration, defaultResolution } = MODES['text-to-video'];
const { defaultDurationSeconds } = LIMITS;
const { durationSeconds: referenceDuration } = MODES['reference-to-video'];

const modeOptions: INodePropertyOptions[] = MODE_NAMES.map((value) => ({
	name: MODES[value].title,
	value,
	description: MODES[value].description,
}));

const mode: INodeProperties = {
	displayName: 'Mode',
	name: 'mode',
	type: 'options',
	options: modeOptions,
	default: 'text-to-video',
	description:
		'What the video is made from. <a href="https://apixo.ai/docs/models/wan-2-6-video" target="_blank">More about the modes and their prices</a>.',
};

const prompt: INodeProperties = {
	displayName: 'Prompt',
	name: 'prompt',
	type: 'string',
	typeOptions: { rows: 4 },
	required: true,
	default: '',
	placeholder: 'e.g. A cinematic fox walking through neon rain',
	description: `What happens in the video, in English or Chinese, up to ${LIMITS.promptCharacters} characters (APIXO cuts what is longer)`,
};

const imageUrl: INodeProperties = {
	displayName: 'Image URL',
	name: 'imageUrl',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. https://example.com/hero.png',
	description:
		'The image to bring to life: JPEG, PNG without transparency, BMP or WEBP, 240 to 8000 pixels wide and high, up to 20 MB',
	hint: MEDIA_HINT,
};

const referenceSource: INodeProperties = {
	displayName: 'References From',
	name: 'referenceSource',
	type: 'options',
	options: [
		{ name: 'Fields Below', value: 'fields', description: 'Enter the URLs one by one' },
		{ name: 'JSON', value: 'json', description: 'Use an array of URLs, also from an expression' },
	],
	default: 'fields',
	description: 'How the reference images and videos are given',
};

const references: INodeProperties = {
	displayName: 'References',
	name: 'references',
	type: 'fixedCollection',
	typeOptions: {
		multipleValues: true,
		sortable: true,
		minRequiredFields: 1,
		maxAllowedFields: LIMITS.references,
	},
	required: true,
	default: {},
	placeholder: 'Add Reference',
	description: `1 to ${LIMITS.references} images or videos, at most ${LIMITS.referenceVideos} of them videos. Their order gives the names for the prompt: character1, character2 and so on.`,
	displayOptions: { show: { referenceSource: ['fields'] } },
	options: [
		{
			displayName: 'Reference',
			name: 'reference',
			values: [
				{
					displayName: 'URL',
					name: 'url',
					type: 'string',
					default: '',
					placeholder: 'e.g. https://example.com/character1.png',
					description:
						'Images: JPEG, PNG without transparency, BMP or WEBP, 240 to 8000 pixels, up to 20 MB. Videos: MP4 or MOV, 1 to 30 seconds, up to 100 MB.',
					hint: MEDIA_HINT,
				},
				{
					displayName: 'Kind',
					name: 'kind',
					type: 'options',
					options: [
						{ name: 'Auto', value: 'auto', description: 'Tell by the ending of the URL' },
						{ name: 'Image', value: 'image' },
						{ name: 'Video', value: 'video' },
					],
					default: 'auto',
					description: 'Only used to check the limits before anything is paid for',
				},
			],
		},
	],
};

const referencesJson: INodeProperties = {
	displayName: 'References (JSON)',
	name: 'referencesJson',
	type: 'json',
	required: true,
	default: '[]',
	description: `An array of 1 to ${LIMITS.references} addresses, or of objects that give an address and whether it is an image or a video. Their order gives the names for the prompt: character1, character2 and so on.`,
	hint: 'e.g. ["https://example.com/character1.png", "https://example.com/scene.mp4"]',
	displayOptions: { show: { referenceSource: ['json'] } },
};

const resolution: INodeProperties = {
	displayName: 'Resolution',
	name: 'resolution',
	type: 'options',
	options: RESOLUTIONS.map((value) => ({ name: value, value })),
	default: defaultResolution,
	description: 'Height of the video in lines. 1080p costs more.',
};

const duration: INodeProperties = {
	displayName: 'Duration (Seconds)',
	name: 'duration',
	type: 'number',
	typeOptions: { minValue: commonDuration.min, maxValue: commonDuration.max },
	default: defaultDurationSeconds,
	description: `Length of the video, ${commonDuration.min} to ${commonDuration.max} whole seconds, in the reference modes up to ${referenceDuration.max}. The price is per second.`,
};

const sound: INodeProperties = {
	displayName: 'Sound',
	name: 'sound',
	type: 'boolean',
	default: true,
	description: 'Whether the video has sound. Silent videos cost half.',
};

const audioUrl: INodeProperties = {
	displayName: 'Audio URL',
	name: 'audioUrl',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://example.com/voice.mp3',
	description:
		'Voice or music for the video: a public WAV or MP3 of 3 to 30 seconds, up to 15 MB. What is longer than the video is cut, what is shorter ends in silence.',
};

const additionalFields: INodeProperties = {
	displayName: 'Additional Fields',
	name: 'additionalFields',
	type: 'collection',
	placeholder: 'Add Field',
	default: {},
	options: [
		{ ...audioUrl, displayOptions: { hide: { '/mode': flashModes } } },
		...flashModes.map((flashMode) => ({
			...audioUrl,
			displayOptions: { hide: { '/mode': [isNot(flashMode)], '/sound': [false] } },
		})),
		{
			displayName: 'Negative Prompt',
			name: 'negativePrompt',
			type: 'string',
			typeOptions: { rows: 2 },
			default: '',
			placeholder: 'e.g. blurry, low quality',
			description: `What should not be in the video, up to ${LIMITS.negativePromptCharacters} characters`,
		},
		{
			displayName: 'Prompt Extend',
			name: 'promptExtend',
			type: 'boolean',
			default: true,
			description:
				'Whether APIXO may rewrite the prompt first: helps short prompts, but may take longer',
		},
		{
			displayName: 'Seed',
			name: 'seed',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: LIMITS.maxSeed, numberPrecision: 0 },
			default: 0,
			description:
				'A number that makes results more alike when the rest is the same; there is no guarantee of identical videos',
		},
		{
			displayName: 'Shot Type',
			name: 'shotType',
			type: 'options',
			options: [
				{ name: 'Multiple Shots', value: 'multi' },
				{ name: 'Single Shot', value: 'single' },
			],
			default: 'single',
			description: 'Whether the camera cuts. Takes priority over shot instructions in the prompt.',
		},
		{
			displayName: 'Watermark',
			name: 'watermark',
			type: 'boolean',
			default: false,
			description: 'Whether to put the text "AI 生成" into the bottom right corner',
		},
	],
};

/** The fields that the price depends on. */
const priced: INodeProperties[] = [
	...variantIn(
		referenceModes,
		{ default: MODES['reference-to-video'].defaultResolution },
		resolution,
	),
	...variantIn(
		referenceModes,
		{
			typeOptions: { minValue: referenceDuration.min, maxValue: referenceDuration.max },
			description: `Length of the video, ${referenceDuration.min} to ${referenceDuration.max} whole seconds. The price is per second.`,
		},
		duration,
	),
	...onlyIn(flashModes, sound),
];

export const pricePanel: INodeProperties[] = [mode, ...priced];

export const requestPanel: INodeProperties[] = [
	mode,
	...variantIn(
		referenceModes,
		{
			placeholder: 'e.g. character1 waves to character2 on a beach',
			hint: 'Call the references character1, character2 …, in their order',
		},
		prompt,
	),
	...onlyIn(imageModes, imageUrl),
	...onlyIn(referenceModes, referenceSource),
	...onlyIn(referenceModes, references),
	...onlyIn(referenceModes, referencesJson),
	...priced,
	additionalFields,
];
