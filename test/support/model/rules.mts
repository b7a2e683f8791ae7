import {
	AUDIO_TYPES,
	IMAGE_TYPES,
	LIMITS,
	MODES,
	RESOLUTIONS,
	VIDEO_TYPES,
} from './documented.mts';

/**
 * The documentation's rules about the `input` of a submission, as a judge over the built requests.
 */

const typeOf = (url) => /\.([a-z0-9]+)$/i.exec(new URL(url).pathname)?.[1].toLowerCase();

const isWebUrl = (url) =>
	typeof url === 'string' && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);

/** A type that is known to be of the wrong sort; unknown endings prove nothing. */
const isOfSort = (url, types) => {
	const known = [...IMAGE_TYPES, ...VIDEO_TYPES, ...AUDIO_TYPES].includes(typeOf(url));
	return !known || types.includes(typeOf(url));
};

const isList = (value, min, max, types) =>
	Array.isArray(value) &&
	value.length >= min &&
	value.length <= max &&
	value.every((url) => isWebUrl(url) && isOfSort(url, types));

const isInteger = (value, min, max) => Number.isInteger(value) && value >= min && value <= max;

const isBoolean = (value) => typeof value === 'boolean';

const isReferences = (value) =>
	isList(value, 1, LIMITS.references, [...IMAGE_TYPES, ...VIDEO_TYPES]) &&
	value.filter((url) => VIDEO_TYPES.includes(typeOf(url))).length <= LIMITS.referenceVideos;

/** Field → whether a value is allowed in a mode. */
const FIELDS = {
	mode: (value) => Object.hasOwn(MODES, value),
	prompt: (value) => typeof value === 'string' && value.trim() !== '',
	negative_prompt: (value) => typeof value === 'string',
	image_urls: (value, mode) => mode.needs === 'image_urls' && isList(value, 1, 1, IMAGE_TYPES),
	reference_urls: (value, mode) => mode.needs === 'reference_urls' && isReferences(value),
	audio_urls: (value) => isList(value, 1, 1, AUDIO_TYPES),
	resolution: (value) => RESOLUTIONS.includes(value),
	duration: (value, mode) => isInteger(value, ...mode.seconds),
	prompt_extend: isBoolean,
	shot_type: (value) => ['single', 'multi'].includes(value),
	seed: (value) => isInteger(value, 0, LIMITS.maxSeed),
	watermark: isBoolean,
	sound: (value, mode) => mode.isFlash && isBoolean(value),
};

/**
 * @param input of a submission
 * @returns the names of fields that the documentation does not allow, or asks for
 */
export function violations(input: Record<string, unknown>): string[] {
	const mode = MODES[input.mode] ?? {};
	const required = ['mode', 'prompt', mode.needs].filter((name) => name !== undefined);
	const missing = required.filter((name) => !Object.hasOwn(input, name));
	const wrong = Object.keys(input).filter((name) => !FIELDS[name]?.(input[name], mode));
	return [...missing, ...wrong];
}
