import { parseHttpUrl, mediaKind, isCallbackUrl } from './urls.mts';

const MODES = [
	'text-to-video',
	'image-to-video-flash',
	'image-to-video',
	'reference-to-video-flash',
	'reference-to-video',
];
const MAX_SEED = 2_147_483_647;

const isFlash = (mode) => mode.endsWith('-flash');
const usesImage = (mode) => mode.startsWith('image-');
const usesReferences = (mode) => mode.startsWith('reference-');

type Check = (value: unknown, input: Record<string, unknown>) => string | undefined;

const oneOf =
	(values): Check =>
	(value) =>
		values.includes(value) ? undefined : `must be one of ${values.join(', ')}`;

const string: Check = (value) => (typeof value === 'string' ? undefined : 'must be a string');

const boolean: Check = (value) => (typeof value === 'boolean' ? undefined : 'must be a boolean');

const urls =
	(kinds, min, max): Check =>
	(value) => {
		if (!Array.isArray(value)) return 'must be an array of URLs';
		if (value.length < min || value.length > max) {
			return min === max ? `must contain exactly ${min} URL` : `must contain ${min}-${max} URLs`;
		}
		const parsed = value.map(parseHttpUrl);
		if (parsed.includes(undefined)) return 'must contain valid http or https URLs only';
		const foreign = parsed.map(mediaKind).find((kind) => kind && !kinds.includes(kind));
		return foreign ? `must not contain ${foreign} files` : undefined;
	};

/** @type {Check} */
function references(value) {
	const fault = urls(['image', 'video'], 1, 5)(value);
	if (fault) return fault;
	const videos = value.filter((url) => mediaKind(new URL(url)) === 'video').length;
	return videos > 3 ? 'must contain at most 3 videos' : undefined;
}

/** @type {Check} */
function duration(value, { mode }) {
	const max = usesReferences(mode) ? 10 : 15;
	const numeric = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
	const valid = Number.isInteger(numeric) && numeric >= 2 && numeric <= max;
	return valid ? undefined : `must be an integer from 2 to ${max}`;
}

const seed: Check = (value) =>
	Number.isInteger(value) && value >= 0 && value <= MAX_SEED
		? undefined
		: `must be an integer from 0 to ${MAX_SEED}`;

const prompt: Check = (value) =>
	typeof value === 'string' && value.trim() !== '' ? undefined : 'must be a non-empty string';

/**
 * Every documented input field. `modes` limits a field to some modes, `required` demands it there.
 * A prompt over its limit is no fault: the service cuts it.
 */
const INPUT_FIELDS: Record<
	string,
	{ check: Check; modes?: (mode: string) => boolean; required?: boolean }
> = {
	mode: { check: oneOf(MODES), required: true },
	prompt: { check: prompt, required: true },
	negative_prompt: { check: string },
	image_urls: { check: urls(['image'], 1, 1), modes: usesImage, required: true },
	reference_urls: { check: references, modes: usesReferences, required: true },
	audio_urls: { check: urls(['audio'], 1, 1) },
	resolution: { check: oneOf(['720p', '1080p']) },
	duration: { check: duration },
	prompt_extend: { check: boolean },
	shot_type: { check: oneOf(['single', 'multi']) },
	seed: { check: seed },
	watermark: { check: boolean },
	sound: { check: boolean, modes: isFlash },
};

const BODY_FIELDS = ['request_type', 'callback_url', 'input'];

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const unknownFields = (object, known) =>
	Object.keys(object).filter((name) => !known.includes(name));

function inputFaults(input) {
	if (!isObject(input)) return ['input must be an object'];
	const modeFault = INPUT_FIELDS.mode.check(input.mode, input);
	if (modeFault) return [`mode ${modeFault}`];
	const faults = unknownFields(input, Object.keys(INPUT_FIELDS)).map(
		(name) => `unknown field ${name}`,
	);
	for (const [name, { check, modes, required }] of Object.entries(INPUT_FIELDS)) {
		const given = name in input;
		const allowed = !modes || modes(input.mode);
		if (given && !allowed) faults.push(`${name} is not valid for ${input.mode}`);
		if (!given && allowed && required) faults.push(`${name} is required for ${input.mode}`);
		const fault = given && allowed && check(input[name], input);
		if (fault) faults.push(`${name} ${fault}`);
	}
	return faults;
}

function deliveryFaults({ request_type: type, callback_url: url }) {
	const faults = [];
	if (!['async', 'callback'].includes(type)) faults.push('request_type must be async or callback');
	if (type === 'callback' && url === undefined)
		faults.push('callback_url is required for callback');
	if (url !== undefined && !isCallbackUrl(url)) {
		faults.push('callback_url must be a public HTTPS URL');
	}
	return faults;
}

/**
 * Checks the body of a submit request against the model's documentation.
 *
 * @param body the parsed JSON
 * @returns every fault found, each naming its parameter; empty when the body is valid
 */
export function validate(body: unknown): string[] {
	if (!isObject(body)) return ['the body must be a JSON object'];
	return [
		...unknownFields(body, BODY_FIELDS).map((name) => `unknown field ${name}`),
		...deliveryFaults(body),
		...inputFaults(body.input),
	];
}
