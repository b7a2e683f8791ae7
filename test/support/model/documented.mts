/**
 * The tables of the service's documentation, written down once more, for comparison.
 *
 * Source: https://apixo.ai/docs/models/wan-2-6-video, and the pages on errors and limits it links to
 */

import type { INodeParameters } from 'n8n-workflow';

export type ModeName =
	| 'text-to-video'
	| 'image-to-video-flash'
	| 'image-to-video'
	| 'reference-to-video-flash'
	| 'reference-to-video';

export interface DocumentedMode {
	/** the field of the request with its media, if it takes any */
	needs: 'image_urls' | 'reference_urls' | undefined;
	isFlash: boolean;
	/** duration of the video */
	seconds: [min: number, max: number];
	defaultResolution: string;
	firstPollSeconds: number;
}

export const MODES: Record<ModeName, DocumentedMode> = {
	'text-to-video': {
		needs: undefined,
		isFlash: false,
		seconds: [2, 15],
		defaultResolution: '720p',
		firstPollSeconds: 30,
	},
	'image-to-video-flash': {
		needs: 'image_urls',
		isFlash: true,
		seconds: [2, 15],
		defaultResolution: '720p',
		firstPollSeconds: 30,
	},
	'image-to-video': {
		needs: 'image_urls',
		isFlash: false,
		seconds: [2, 15],
		defaultResolution: '720p',
		firstPollSeconds: 30,
	},
	'reference-to-video-flash': {
		needs: 'reference_urls',
		isFlash: true,
		seconds: [2, 10],
		defaultResolution: '1080p',
		firstPollSeconds: 45,
	},
	'reference-to-video': {
		needs: 'reference_urls',
		isFlash: false,
		seconds: [2, 10],
		defaultResolution: '1080p',
		firstPollSeconds: 45,
	},
};

export const RESOLUTIONS = ['720p', '1080p'];

export const LIMITS = {
	promptCharacters: 1500,
	negativePromptCharacters: 500,
	references: 5,
	referenceVideos: 3,
	maxSeed: 2147483647,
	defaultDurationSeconds: 5,
	pollIntervalSeconds: 10,
};

export const IMAGE_TYPES = ['jpeg', 'jpg', 'png', 'bmp', 'webp'];
export const VIDEO_TYPES = ['mp4', 'mov'];
export const AUDIO_TYPES = ['wav', 'mp3'];

export type PriceRow = [
	mode: ModeName,
	resolution: string,
	/** only flash modes know it */
	sound: boolean | undefined,
	usdPerSecond: string,
];

export const PRICES: PriceRow[] = [
	['text-to-video', '720p', undefined, '0.10'],
	['text-to-video', '1080p', undefined, '0.15'],
	['image-to-video', '720p', undefined, '0.10'],
	['image-to-video', '1080p', undefined, '0.15'],
	['reference-to-video', '720p', undefined, '0.20'],
	['reference-to-video', '1080p', undefined, '0.30'],
	['image-to-video-flash', '720p', false, '0.025'],
	['image-to-video-flash', '720p', true, '0.05'],
	['image-to-video-flash', '1080p', false, '0.0375'],
	['image-to-video-flash', '1080p', true, '0.075'],
	['reference-to-video-flash', '720p', false, '0.05'],
	['reference-to-video-flash', '720p', true, '0.10'],
	['reference-to-video-flash', '1080p', false, '0.08'],
	['reference-to-video-flash', '1080p', true, '0.16'],
];

/**
 * Whether a request may be repeated. `unknown`: the submission may have been accepted, so it must not
 * be repeated, and the user must learn of it.
 */
export type Repetition = 'stop' | 'repeat' | 'unknown';

/** How APIXO refuses. */
export const ANSWERS: Array<[code: number, submission: Repetition, poll: Repetition]> = [
	[400, 'stop', 'stop'],
	[401, 'stop', 'stop'],
	[402, 'stop', 'stop'],
	[403, 'stop', 'stop'],
	[404, 'stop', 'stop'],
	[429, 'repeat', 'repeat'],
	[500, 'repeat', 'repeat'],
	[502, 'repeat', 'repeat'],
	[503, 'repeat', 'repeat'],
	[504, 'unknown', 'repeat'],
];

/** What the advice must speak of, and the codes it is for. */
const ADVICE: Array<[advice: RegExp, codes: string]> = [
	[/rewrite|shorten/i, 'PromptInvalid INVALID_PROMPT PromptLengthExceeded PROMPT_TOO_LONG'],
	[/fields/i, 'MissingParameter BadRequest'],
	[
		/change the prompt or the media/i,
		'SensitiveContent SensitiveContentDetected InputImageSensitiveContentDetected ' +
			'InputOutputSensitiveContentDetected NSFW NSFW_DETECTED ProhibitedContentDetected ' +
			'CONTENT_VIOLATION',
	],
	[/public URL/i, 'INVALID_IMAGE_URL IMAGE_DOWNLOAD_FAILED IMAGE_TOO_LARGE UNSUPPORTED_FORMAT'],
	[/later/i, 'RateLimitExceeded'],
	[/too long/i, 'Timeout PROCESSING_TIMEOUT'],
	[/add balance/i, 'INSUFFICIENT_CREDITS'],
	[/later/i, 'MODEL_UNAVAILABLE GENERATION_FAILED'],
];

export const FAIL_CODES: Array<[code: string, advice: RegExp]> = [
	...ADVICE.flatMap(([advice, codes]) =>
		codes.split(' ').map((code): [string, RegExp] => [code, advice]),
	),
	['Task TimeOut', /too long/i],
];

/** The panel's values, and the `input` that the documentation shows for them. */
export const REQUESTS: Array<
	[name: string, panel: INodeParameters, input: Record<string, unknown>]
> = [
	[
		'the quickstart',
		{
			mode: 'text-to-video',
			prompt: 'a cinematic fox walking through neon rain',
			resolution: '720p',
			duration: 5,
			additionalFields: { promptExtend: true },
		},
		{
			mode: 'text-to-video',
			prompt: 'a cinematic fox walking through neon rain',
			resolution: '720p',
			duration: 5,
			prompt_extend: true,
		},
	],
	[
		'text-to-video with everything',
		{
			mode: 'text-to-video',
			prompt: 'a cinematic fox walking through neon rain',
			resolution: '1080p',
			duration: 8,
			additionalFields: {
				audioUrl: 'https://files.example/background.mp3',
				negativePrompt: 'blurry, low quality',
				promptExtend: true,
				shotType: 'multi',
				seed: 42,
				watermark: false,
			},
		},
		{
			mode: 'text-to-video',
			prompt: 'a cinematic fox walking through neon rain',
			audio_urls: ['https://files.example/background.mp3'],
			negative_prompt: 'blurry, low quality',
			resolution: '1080p',
			duration: 8,
			prompt_extend: true,
			shot_type: 'multi',
			seed: 42,
			watermark: false,
		},
	],
	[
		'image-to-video-flash',
		{
			mode: 'image-to-video-flash',
			prompt: 'make the character speak with subtle camera motion',
			imageUrl: 'https://files.example/hero.png',
			resolution: '1080p',
			duration: 5,
			sound: true,
			additionalFields: { audioUrl: 'https://files.example/voice.mp3' },
		},
		{
			mode: 'image-to-video-flash',
			prompt: 'make the character speak with subtle camera motion',
			image_urls: ['https://files.example/hero.png'],
			audio_urls: ['https://files.example/voice.mp3'],
			resolution: '1080p',
			duration: 5,
			sound: true,
		},
	],
	[
		'image-to-video-flash without sound',
		{
			mode: 'image-to-video-flash',
			prompt: 'make the character speak with subtle camera motion',
			imageUrl: 'https://files.example/hero.png',
			resolution: '720p',
			duration: 5,
			sound: false,
			additionalFields: {},
		},
		{
			mode: 'image-to-video-flash',
			prompt: 'make the character speak with subtle camera motion',
			image_urls: ['https://files.example/hero.png'],
			resolution: '720p',
			duration: 5,
			sound: false,
		},
	],
	[
		'reference-to-video',
		{
			mode: 'reference-to-video',
			prompt: 'character1 is reading a book in a cafe',
			referenceSource: 'fields',
			references: {
				reference: [
					{ url: 'https://files.example/character1.png', kind: 'auto' },
					{ url: 'https://files.example/scene.mp4', kind: 'auto' },
				],
			},
			resolution: '720p',
			duration: 6,
			additionalFields: {},
		},
		{
			mode: 'reference-to-video',
			prompt: 'character1 is reading a book in a cafe',
			reference_urls: ['https://files.example/character1.png', 'https://files.example/scene.mp4'],
			resolution: '720p',
			duration: 6,
		},
	],
];
