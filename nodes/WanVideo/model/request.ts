import { TypedTexts } from '../../shared/templates';
import { choiceValue, wholeNumber } from '../../shared/fields';
import { isRecord, isUnset, omitUndefined, quote } from '../../shared/values';
import { readAudio } from '../media/audio';
import type { ItemFiles } from '../media/files';
import type { MediaFields } from '../media/medium';
import { checkExtraInput } from './extraInput';
import { Findings } from './findings';
import { MAX_SEED, modeOf } from './modes';
import type { PricedRequest } from './price';
import { checkPricedRequest, modeNamed } from './pricedRequest';
import { checkStoryboard, storyboardSettings } from './storyboard';
import { checkNegativePrompt, checkPrompt } from './text';

const SHOT_TYPES = ['single', 'multi'] as const;

/** Their titles in the panel, and other words for them. */
const SHOT_TYPE_SPELLINGS = {
	single: ['Single Shot'],
	multi: ['Multiple Shots', 'Multi Shot', 'Multiple'],
};

/** The fields of a request that are only sent if the user set them. */
interface OptionalFields {
	audio_urls?: string[];
	negative_prompt?: string;
	prompt_extend?: boolean;
	watermark?: boolean;
	shot_type?: (typeof SHOT_TYPES)[number];
	seed?: number;
}

/** The `input` of a submission, in the service's own names. */
export interface WanRequest extends PricedRequest, OptionalFields, MediaFields {
	prompt: string;
}

interface CheckedRequest extends Pick<Findings, 'faults' | 'hints' | 'media'> {
	/** Present only if there are no faults. */
	request?: WanRequest;
}

function checkSeed(value: unknown, findings: Findings): number | undefined {
	if (isUnset(value)) return undefined;
	const seed = wholeNumber(value);
	if (seed !== undefined && seed >= 0 && seed <= MAX_SEED) return seed;
	return findings.mismatch('Seed', `a whole number from 0 to ${MAX_SEED}`, value);
}

function checkShotType(value: unknown, findings: Findings): OptionalFields['shot_type'] {
	if (isUnset(value)) return undefined;
	const shotType = choiceValue(value, SHOT_TYPES, (one) => SHOT_TYPE_SPELLINGS[one]);
	return shotType ?? findings.mismatch('Shot Type', SHOT_TYPES.join(' or '), value);
}

function checkAdditionalFields(
	value: unknown,
	isSilent: boolean,
	allowLocal: boolean,
	findings: Findings,
): OptionalFields {
	if (!isRecord(value) && !isUnset(value)) {
		findings.faults.push(
			`Additional Fields must be an object such as {"seed": 7}, but is ${quote(value)}`,
		);
	}
	const fields = isRecord(value) ? value : {};
	return {
		audio_urls: readAudio(fields, isSilent, allowLocal, findings),
		negative_prompt: checkNegativePrompt(fields.negativePrompt, findings),
		prompt_extend: findings.flag('Improve Prompt', fields.promptExtend),
		watermark: findings.flag('Watermark', fields.watermark),
		shot_type: checkShotType(fields.shotType, findings),
		seed: checkSeed(fields.seed, findings),
	};
}

/**
 * Checks everything about a request that can be known without a download, and builds it: only what
 * the user set, and only what the mode supports.
 *
 * @param parameters what the panel holds, before anything about it is certain; `typed` is the panel
 * as it was typed, where that is known
 * @param allowLocal accept media on this machine, because the service runs here too (a stand-in)
 * @param files what the item carries beside its JSON
 * @param areLookedAt whether what is at addresses is looked at later
 */
export function checkRequest(
	parameters: Record<string, unknown>,
	allowLocal = false,
	files: ItemFiles = {},
	areLookedAt = false,
): CheckedRequest {
	const { typed: given } = parameters;
	const typed = given instanceof TypedTexts ? given : undefined;
	const findings = new Findings(typed, files, areLookedAt);
	const { faults, hints, media: uses } = findings;
	const name = modeNamed(parameters.mode);
	const mode = name && modeOf(name);
	const storyboard = checkStoryboard(parameters, mode, findings);
	const { prompt, duration } = storyboard ?? {
		prompt: checkPrompt(parameters.prompt, findings),
		duration: parameters.duration,
	};
	const media = mode?.medium.read(parameters, allowLocal, findings);
	const priced = checkPricedRequest({ ...parameters, duration }, findings);
	const isSilent = priced?.sound === false;
	const { additionalFields } = parameters;
	const chosen = checkAdditionalFields(additionalFields, isSilent, allowLocal, findings);
	const optional = storyboard ? { ...chosen, ...storyboardSettings(chosen, findings) } : chosen;
	const { extraInput } = isRecord(additionalFields) ? additionalFields : {};
	const extra = checkExtraInput(extraInput, Object.keys({ ...media, ...optional }), findings);
	if (priced === undefined || faults.length > 0) return { faults, hints, media: uses };
	// What is remembered of a submission depends on the order of the fields.
	const request: WanRequest = omitUndefined({ prompt, ...priced, ...media, ...optional, ...extra });
	if (request.shot_type === 'multi' && request.prompt_extend === false) {
		hints.push('Shot Type has no effect while Improve Prompt is off');
	}
	hints.push(...(mode?.medium.hints?.(request) ?? []));
	return { request, faults, hints, media: uses };
}
