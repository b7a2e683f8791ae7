/** What the documentation of the model names: its modes, and the body of a submit. */
export const MODEL = 'wan-2-6-video';

export const MODES = [
	'text-to-video',
	'image-to-video-flash',
	'image-to-video',
	'reference-to-video-flash',
	'reference-to-video',
] as const;
export type Mode = (typeof MODES)[number];
export type FlashMode = Extract<Mode, `${string}-flash`>;

export const RESOLUTIONS = ['720p', '1080p'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

export const SHOT_TYPES = ['single', 'multi'] as const;
export const REQUEST_TYPES = ['async', 'callback'] as const;
export type RequestType = (typeof REQUEST_TYPES)[number];

export interface SubmitInput {
	mode: Mode;
	prompt: string;
	negative_prompt?: string;
	image_urls?: string[];
	reference_urls?: string[];
	audio_urls?: string[];
	resolution?: Resolution;
	/** seconds */
	duration?: number | string;
	prompt_extend?: boolean;
	shot_type?: (typeof SHOT_TYPES)[number];
	seed?: number;
	watermark?: boolean;
	sound?: boolean;
}

export interface SubmitBody {
	request_type: RequestType;
	callback_url?: string;
	input: SubmitInput;
}

export const isFlash = (mode: Mode): mode is FlashMode => mode.endsWith('-flash');
export const usesImage = (mode: Mode) => mode.startsWith('image-');
export const usesReferences = (mode: Mode) => mode.startsWith('reference-');
