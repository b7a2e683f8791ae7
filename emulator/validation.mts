import {
	isFlash,
	MODES,
	REQUEST_TYPES,
	RESOLUTIONS,
	SHOT_TYPES,
	usesImage,
	usesReferences,
} from './model.mts';
import { parseHttpUrl, mediaKind, isCallbackUrl } from './urls.mts';
import type { Mode, SubmitBody, SubmitInput } from './model.mts';
import type { MediaKind } from './urls.mts';

const MAX_SEED = 2_147_483_647;
const MAX_REFERENCES = 5;
const MAX_REFERENCE_VIDEOS = 3;
const MIN_SECONDS = 2;
const MAX_SECONDS = 15;
const MAX_REFERENCE_SECONDS = 10;

/** @returns what is wrong, to follow the field's name */
type Check = (value: unknown, mode: Mode) => string | undefined;

const oneOf =
	(values: readonly string[]): Check =>
	(value) =>
		values.some((known) => known === value) ? undefined : `must be one of ${values.join(', ')}`;

const string: Check = (value) => (typeof value === 'string' ? undefined : 'must be a string');

const boolean: Check = (value) => (typeof value === 'boolean' ? undefined : 'must be a boolean');

const isInteger = (value: unknown, min: number, max: number) =>
	Number.isInteger(value) && Number(value) >= min && Number(value) <= max;

function urlsFault(value: unknown, kinds: MediaKind[], min: number, max: number) {
	if (!Array.isArray(value)) return 'must be an array of URLs';
	if (value.length < min || value.length > max) {
		return min === max ? `must contain exactly ${min} URL` : `must contain ${min}-${max} URLs`;
	}
	const parsed = value.flatMap((text) => parseHttpUrl(text) ?? []);
	if (parsed.length < value.length) return 'must contain valid http or https URLs only';
	const found = parsed.map(mediaKind);
	const foreign = found.find((kind) => kind && !kinds.includes(kind));
	if (foreign) return `must not contain ${foreign} files`;
	const videos = found.filter((kind) => kind === 'video').length;
	if (videos <= MAX_REFERENCE_VIDEOS) return undefined;
	return `must contain at most ${MAX_REFERENCE_VIDEOS} videos`;
}

const oneUrl =
	(kind: MediaKind): Check =>
	(value) =>
		urlsFault(value, [kind], 1, 1);

const references: Check = (value) => urlsFault(value, ['image', 'video'], 1, MAX_REFERENCES);

const duration: Check = (value, mode) => {
	const max = usesReferences(mode) ? MAX_REFERENCE_SECONDS : MAX_SECONDS;
	const seconds = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
	const isValid = isInteger(seconds, MIN_SECONDS, max);
	return isValid ? undefined : `must be an integer from ${MIN_SECONDS} to ${max}`;
};

const seed: Check = (value) =>
	isInteger(value, 0, MAX_SEED) ? undefined : `must be an integer from 0 to ${MAX_SEED}`;

const prompt: Check = (value) =>
	typeof value === 'string' && value.trim() !== '' ? undefined : 'must be a non-empty string';

const mode = oneOf(MODES);

interface Field {
	check: Check;
	/** of which it is a field; all when left out */
	modes?: (mode: Mode) => boolean;
	/** in those modes */
	isRequired?: boolean;
}

/** Every documented input field. A prompt over its limit is no fault: the service cuts it. */
const INPUT_FIELDS: Record<keyof SubmitInput, Field> = {
	mode: { check: mode, isRequired: true },
	prompt: { check: prompt, isRequired: true },
	negative_prompt: { check: string },
	image_urls: { check: oneUrl('image'), modes: usesImage, isRequired: true },
	reference_urls: { check: references, modes: usesReferences, isRequired: true },
	audio_urls: { check: oneUrl('audio') },
	resolution: { check: oneOf(RESOLUTIONS) },
	duration: { check: duration },
	prompt_extend: { check: boolean },
	shot_type: { check: oneOf(SHOT_TYPES) },
	seed: { check: seed },
	watermark: { check: boolean },
	sound: { check: boolean, modes: isFlash },
};

const BODY_FIELDS: Array<keyof SubmitBody> = ['request_type', 'callback_url', 'input'];

export const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const isMode = (value: unknown): value is Mode => MODES.some((known) => known === value);

const unknownFields = (object: object, known: string[]) =>
	Object.keys(object)
		.filter((name) => !known.includes(name))
		.map((name) => `unknown field ${name}`);

function inputFaults(input: unknown, extra: string[]): string[] {
	if (!isObject(input)) return ['input must be an object'];
	const { mode: given } = input;
	if (!isMode(given)) return [`mode must be one of ${MODES.join(', ')}`];
	const faults = unknownFields(input, [...Object.keys(INPUT_FIELDS), ...extra]);
	for (const [name, { check, modes, isRequired }] of Object.entries(INPUT_FIELDS)) {
		const isGiven = name in input;
		const isAllowed = !modes || modes(given);
		if (isGiven && !isAllowed) faults.push(`${name} is not valid for ${given}`);
		if (!isGiven && isAllowed && isRequired) faults.push(`${name} is required for ${given}`);
		const fault = isGiven && isAllowed && check(input[name], given);
		if (fault) faults.push(`${name} ${fault}`);
	}
	return faults;
}

function deliveryFaults({ request_type: type, callback_url: url }: Record<string, unknown>) {
	const faults: string[] = [];
	if (!REQUEST_TYPES.some((known) => known === type)) {
		faults.push('request_type must be async or callback');
	}
	if (type === 'callback' && url === undefined) {
		faults.push('callback_url is required for callback');
	}
	if (url !== undefined && !isCallbackUrl(url)) {
		faults.push('callback_url must be a public HTTPS URL');
	}
	return faults;
}

/**
 * Checks the body of a submit request against the model's documentation.
 *
 * @param body the parsed JSON
 * @param extraInput fields of the input that are accepted beside the documented ones
 * @returns every fault found, each naming its parameter; empty: the body is a SubmitBody
 */
export function validate(body: unknown, extraInput: string[] = []): string[] {
	if (!isObject(body)) return ['the body must be a JSON object'];
	return [
		...unknownFields(body, BODY_FIELDS),
		...deliveryFaults(body),
		...inputFaults(body.input, extraInput),
	];
}
