/** The documentation's rules about the `input` of a submission, as a judge over the built requests. */

import {
	AUDIO_TYPES,
	IMAGE_TYPES,
	LIMITS,
	MODES,
	RESOLUTIONS,
	VIDEO_TYPES,
} from './documented.mts';
import type { DocumentedMode } from './documented.mts';

const typeOf = (url: string) => /\.([a-z0-9]+)$/i.exec(new URL(url).pathname)?.[1].toLowerCase();

function isWebUrl(url: unknown): url is string {
	if (typeof url !== 'string') return false;
	try {
		return /^https?:$/.test(new URL(url).protocol);
	} catch {
		return false;
	}
}

const isTypeIn = (url: string, types: string[]) => types.includes(typeOf(url) ?? '');

/** Refuses a type that is known to be of another sort; unknown endings prove nothing. */
const isOfSort = (url: string, types: string[]) =>
	isTypeIn(url, types) || !isTypeIn(url, [...IMAGE_TYPES, ...VIDEO_TYPES, ...AUDIO_TYPES]);

const isListOf = (types: string[], max: number, value: unknown): value is string[] =>
	Array.isArray(value) &&
	value.length >= 1 &&
	value.length <= max &&
	value.every((url) => isWebUrl(url) && isOfSort(url, types));

const isInteger = (value: unknown, min: number, max: number) =>
	typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;

const isText = (value: unknown) => typeof value === 'string';

const isBoolean = (value: unknown) => typeof value === 'boolean';

const isIn = (values: string[], value: unknown) => isText(value) && values.includes(String(value));

const isReferences = (value: unknown) =>
	isListOf([...IMAGE_TYPES, ...VIDEO_TYPES], LIMITS.references, value) &&
	value.filter((url) => isTypeIn(url, VIDEO_TYPES)).length <= LIMITS.referenceVideos;

const modes: Record<string, DocumentedMode> = MODES;

/** Whether a value is allowed in a mode; there is none if the request names none that exists. */
type Rule = (value: unknown, mode: DocumentedMode | undefined) => boolean;

const RULES: Record<string, Rule> = {
	mode: (_value, mode) => mode !== undefined,
	prompt: (value) => isText(value) && String(value).trim() !== '',
	negative_prompt: isText,
	image_urls: (value, mode) => mode?.needs === 'image_urls' && isListOf(IMAGE_TYPES, 1, value),
	reference_urls: (value, mode) => mode?.needs === 'reference_urls' && isReferences(value),
	audio_urls: (value) => isListOf(AUDIO_TYPES, 1, value),
	resolution: (value) => isIn(RESOLUTIONS, value),
	duration: (value, mode) => mode !== undefined && isInteger(value, ...mode.seconds),
	prompt_extend: isBoolean,
	shot_type: (value) => isIn(['single', 'multi'], value),
	seed: (value) => isInteger(value, 0, LIMITS.maxSeed),
	watermark: isBoolean,
	sound: (value, mode) => mode?.isFlash === true && isBoolean(value),
};

/**
 * @param input of a submission
 * @returns the names of fields that the documentation does not allow, or asks for
 */
export function violations(input: object): string[] {
	const fields = Object.entries(input);
	const name = fields.find(([field]) => field === 'mode')?.[1];
	const mode = typeof name === 'string' && Object.hasOwn(modes, name) ? modes[name] : undefined;
	const required = ['mode', 'prompt', ...(mode?.needs ? [mode.needs] : [])];
	const missing = required.filter((field) => !Object.hasOwn(input, field));
	const wrong = fields.filter(
		([field, value]) => !Object.hasOwn(RULES, field) || !RULES[field](value, mode),
	);
	return [...missing, ...wrong.map(([field]) => field)];
}
