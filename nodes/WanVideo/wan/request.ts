import {
	LIMITS,
	MODES,
	MODE_NAMES,
	RESOLUTIONS,
	isModeName,
	type ModeName,
	type Resolution,
} from './modes';
import type { PricedRequest } from './price';
import { readReferences } from './references';
import { mediaUrl, mediaUrlFault } from './urls';
import { isRecord, isUnset, shown, truthValue, wholeNumber } from './values';

/** What the panel holds for one item, before anything about it is certain. */
export interface RawRequest {
	mode: unknown;
	resolution?: unknown;
	duration?: unknown;
	sound?: unknown;
	prompt?: unknown;
	imageUrl?: unknown;
	referenceSource?: unknown;
	references?: unknown;
	referencesJson?: unknown;
	additionalFields?: unknown;
}

/** The `input` of a submission, in the service's own names. */
export interface WanRequest extends PricedRequest {
	prompt: string;
	image_urls?: string[];
	reference_urls?: string[];
	audio_urls?: string[];
	negative_prompt?: string;
	resolution: Resolution;
	prompt_extend?: boolean;
	shot_type?: string;
	seed?: number;
	watermark?: boolean;
}

export interface Checked<T> {
	/** Present only if there are no faults. */
	request?: T;
	/** Everything that is wrong, one sentence part each, with the parameter's display name. */
	faults: string[];
	/** What the user should know although the request can be sent. */
	hints: string[];
}

function checkMode(value: unknown, faults: string[]): ModeName | undefined {
	if (isModeName(value)) return value;
	faults.push(`Mode must be one of ${MODE_NAMES.join(', ')}, but is ${shown(value)}`);
	return undefined;
}

function checkResolution(value: unknown, mode: ModeName, faults: string[]): Resolution {
	const resolution = isUnset(value) ? MODES[mode].defaultResolution : value;
	if (RESOLUTIONS.includes(resolution as Resolution)) return resolution as Resolution;
	faults.push(`Resolution must be ${RESOLUTIONS.join(' or ')}, but is ${shown(value)}`);
	return MODES[mode].defaultResolution;
}

function checkDuration(value: unknown, mode: ModeName, faults: string[]): number {
	const { min, max } = MODES[mode].durationSeconds;
	const duration = isUnset(value) ? LIMITS.defaultDurationSeconds : wholeNumber(value);
	if (duration !== undefined && duration >= min && duration <= max) return duration;
	faults.push(
		`Duration (Seconds) must be a whole number from ${min} to ${max} in the mode ${MODES[mode].title}, but is ${shown(value)}`,
	);
	return min;
}

function checkFlag(name: string, value: unknown, faults: string[]): boolean | undefined {
	if (isUnset(value)) return undefined;
	const flag = truthValue(value);
	if (flag === undefined) faults.push(`${name} must be true or false, but is ${shown(value)}`);
	return flag;
}

/** The part of a request that its price depends on. Needs no network and no credential. */
export function checkPricedRequest(raw: RawRequest): Checked<PricedRequest> {
	const faults: string[] = [];
	const mode = checkMode(raw.mode, faults);
	if (mode === undefined) return { faults, hints: [] };
	const request: PricedRequest = {
		mode,
		resolution: checkResolution(raw.resolution, mode, faults),
		duration: checkDuration(raw.duration, mode, faults),
	};
	if (MODES[mode].hasSoundSwitch) request.sound = checkFlag('Sound', raw.sound, faults) ?? true;
	return faults.length > 0 ? { faults, hints: [] } : { request, faults, hints: [] };
}

const characters = (text: string) => [...text].length;

/**
 * Text without what has no meaning in it and makes servers stumble: the half of an emoji that
 * cutting text leaves behind, and control characters other than tabs and line breaks.
 */
const sendable = (text: string) =>
	text.replace(/\p{Cs}/gu, '\ufffd').replace(/(?![\t\n\r])\p{Cc}/gu, '');

/** What an expression makes of a value that is not there, alone in a field. */
const NOTHING_FOUND = /^\s*(undefined|null|NaN|\[object Object\])\s*$/;

function checkText(name: string, value: unknown, faults: string[]): string | undefined {
	if (isUnset(value)) return undefined;
	if (typeof value === 'string') return sendable(value);
	if (Number.isFinite(value)) return String(value);
	faults.push(`${name} must be text, but is ${shown(value)}`);
	return undefined;
}

function checkPrompt(value: unknown, faults: string[], hints: string[]): string {
	const prompt = checkText('Prompt', value, faults);
	if (prompt === undefined || prompt.trim() === '') {
		if (isUnset(value) || prompt !== undefined) faults.push('Prompt is empty');
		return '';
	}
	if (NOTHING_FOUND.test(prompt)) {
		faults.push(`Prompt is ${shown(prompt)}: its expression found no text`);
	}
	if (characters(prompt) > LIMITS.promptCharacters) {
		hints.push(
			`The prompt has ${characters(prompt)} characters; APIXO cuts it after ${LIMITS.promptCharacters}`,
		);
	}
	return prompt;
}

function checkUrl(
	name: string,
	value: unknown,
	medium: 'image' | 'audio',
	allowLocal: boolean,
	faults: string[],
): string[] {
	const fault = mediaUrlFault(value, [medium], allowLocal);
	if (fault === undefined) return [mediaUrl(value)];
	faults.push(`${name} ${fault}`);
	return [];
}

type Fields = Partial<Record<keyof WanRequest, unknown>>;

/** The optional fields: only what the user set, and only what the mode supports. */
function checkAdditionalFields(
	fields: Record<string, unknown>,
	silent: boolean,
	allowLocal: boolean,
	faults: string[],
	hints: string[],
): Fields {
	const request: Fields = {};
	if (!isUnset(fields.audioUrl)) {
		if (silent) hints.push('Sound is off, so the audio file is not used');
		else request.audio_urls = checkUrl('Audio URL', fields.audioUrl, 'audio', allowLocal, faults);
	}
	const negativePrompt = checkText('Negative Prompt', fields.negativePrompt, faults);
	if (negativePrompt !== undefined && negativePrompt.trim() !== '') {
		request.negative_prompt = negativePrompt;
		if (characters(negativePrompt) > LIMITS.negativePromptCharacters) {
			hints.push(
				`The negative prompt has ${characters(negativePrompt)} characters; APIXO cuts it after ${LIMITS.negativePromptCharacters}`,
			);
		}
	}
	request.prompt_extend = checkFlag('Prompt Extend', fields.promptExtend, faults);
	request.watermark = checkFlag('Watermark', fields.watermark, faults);
	if (!isUnset(fields.shotType)) {
		request.shot_type = fields.shotType;
		if (fields.shotType !== 'single' && fields.shotType !== 'multi') {
			faults.push(`Shot Type must be single or multi, but is ${shown(fields.shotType)}`);
		}
	}
	if (!isUnset(fields.seed)) {
		const seed = wholeNumber(fields.seed);
		request.seed = seed;
		if (seed === undefined || seed < 0 || seed > LIMITS.maxSeed) {
			faults.push(
				`Seed must be a whole number from 0 to ${LIMITS.maxSeed}, but is ${shown(fields.seed)}`,
			);
		}
	}
	return request;
}

function fieldsOf(value: unknown, faults: string[]): Record<string, unknown> {
	if (isRecord(value)) return value;
	if (!isUnset(value)) {
		faults.push(`Additional Fields must be an object such as {"seed": 7}, but is ${shown(value)}`);
	}
	return {};
}

/**
 * Checks everything about a request that can be known without a download, and builds it.
 * @param allowLocal accept media on this machine: the service runs here too (a local stand-in)
 */
export function checkRequest(raw: RawRequest, allowLocal = false): Checked<WanRequest> {
	const faults: string[] = [];
	const hints: string[] = [];
	const prompt = checkPrompt(raw.prompt, faults, hints);
	const media: Fields = {};
	const mode = isModeName(raw.mode) ? MODES[raw.mode] : undefined;
	if (mode?.media === 'image') {
		media.image_urls = checkUrl('Image URL', raw.imageUrl, 'image', allowLocal, faults);
	}
	if (mode?.media === 'references') {
		media.reference_urls = readReferences(raw, allowLocal, faults);
	}
	const priced = checkPricedRequest(raw);
	faults.push(...priced.faults);
	const additional = checkAdditionalFields(
		fieldsOf(raw.additionalFields, faults),
		priced.request?.sound === false,
		allowLocal,
		faults,
		hints,
	);
	if (priced.request === undefined || faults.length > 0) return { faults, hints };
	const request: Fields = { prompt, ...priced.request, ...media, ...additional };
	for (const name of Object.keys(request) as Array<keyof WanRequest>) {
		if (request[name] === undefined) delete request[name];
	}
	return { request: request as WanRequest, faults, hints };
}
