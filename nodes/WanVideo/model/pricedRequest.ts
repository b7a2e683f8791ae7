import { choiceValue, wholeNumber } from '../../shared/fields';
import { isUnset } from '../../shared/values';
import type { Findings } from './findings';
import {
	type Mode,
	type ModeName,
	defaultDurationOf,
	modeNames,
	modeOf,
	resolutionsOf,
} from './modes';
import type { PricedRequest } from './price';

/** The mode that a value means, also by its title. */
export const modeNamed = (value: unknown): ModeName | undefined =>
	choiceValue(value, modeNames(), (name) => [modeOf(name).title]);

function checkResolution(value: unknown, mode: Mode, findings: Findings): string | undefined {
	if (isUnset(value)) return mode.defaultResolution;
	const resolutions = resolutionsOf(mode);
	const resolution = choiceValue(value, resolutions, (one) => [one.replace(/p$/, '')]);
	return resolution ?? findings.mismatch('Resolution', resolutions.join(' or '), value);
}

function checkDuration(value: unknown, mode: Mode, findings: Findings): number | undefined {
	const { min, max } = mode.durationSeconds;
	const duration = isUnset(value) ? defaultDurationOf(mode) : wholeNumber(value, 'seconds');
	if (duration !== undefined && duration >= min && duration <= max) return duration;
	const range = `a whole number from ${min} to ${max} in the mode ${mode.title}`;
	return findings.mismatch('Duration (Seconds)', range, value);
}

/** On unless switched off; undefined in modes without the switch, and if it is neither on nor off. */
function checkSound(value: unknown, mode: Mode, findings: Findings): boolean | undefined {
	if (!mode.hasSoundSwitch) return undefined;
	return isUnset(value) ? true : findings.flag('Sound', value);
}

/**
 * The part of a request that its price depends on. Needs no network and no credential.
 *
 * @param parameters what the panel holds, before anything about it is certain
 * @returns undefined if something is wrong with it, which is then among the findings
 */
export function checkPricedRequest(
	parameters: Record<string, unknown>,
	findings: Findings,
): PricedRequest | undefined {
	const name = modeNamed(parameters.mode);
	if (name === undefined) {
		return findings.mismatch('Mode', `one of ${modeNames().join(', ')}`, parameters.mode);
	}
	const mode = modeOf(name);
	const resolution = checkResolution(parameters.resolution, mode, findings);
	const duration = checkDuration(parameters.duration, mode, findings);
	const sound = checkSound(parameters.sound, mode, findings);
	if (resolution === undefined || duration === undefined) return undefined;
	if (!mode.hasSoundSwitch) return { mode: name, resolution, duration };
	return sound === undefined ? undefined : { mode: name, resolution, duration, sound };
}
