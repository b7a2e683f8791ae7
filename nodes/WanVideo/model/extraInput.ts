import { isRecord, isShallow, isUnset, parseJson, quote } from '../../shared/values';
import type { Findings } from './findings';

const TITLE = 'Extra Input (JSON)';

/** What the node checks or decides itself, in any mode, in the service's own names. */
const CHECKED = [
	...['mode', 'prompt', 'negative_prompt', 'resolution', 'duration', 'sound'],
	...['image_urls', 'reference_urls', 'audio_urls'],
	...['prompt_extend', 'shot_type', 'seed', 'watermark'],
	...['input', 'request_type', 'callback_url'],
];

/** Spelling does not matter: some routes may take `promptExtend` for `prompt_extend`. */
const normalize = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The value as it will be sent; undefined if it cannot be. */
function asJson(value: unknown): unknown {
	try {
		return parseJson(JSON.stringify(value));
	} catch {
		return undefined;
	}
}

/**
 * Parameters that this version does not know, which go into a request as they are. They come from
 * APIXO's documentation of a route, or of a later day.
 *
 * @param own names of the fields that the request has anyway
 * @returns empty if there are none, or something is wrong with them
 */
export function checkExtraInput(value: unknown, own: string[], { faults }: Findings): object {
	const isText = typeof value === 'string';
	if (isUnset(value) || (isText && value.trim() === '')) return {};
	const parsed = isText ? parseJson(value) : asJson(value);
	if (!isRecord(parsed) || !isShallow(parsed)) {
		faults.push(`${TITLE} must be a JSON object such as {"name": "value"}, but is ${quote(value)}`);
		return {};
	}
	const taken = new Set([...CHECKED, ...own].map(normalize));
	const names = Object.keys(parsed).filter((name) => taken.has(normalize(name)));
	if (names.length > 0) {
		faults.push(
			`${TITLE} must not contain ${names.join(', ')}: the node has a field of its own for that`,
		);
	}
	return names.length > 0 ? {} : parsed;
}
