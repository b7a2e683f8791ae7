import type { Credential } from '../../apixo/credential';
import { type Result, STOPPED, err } from '../../apixo/result';
import { isLocalUrl } from '../../shared/urls';
import { mediaFault } from '../media/look/fault';
import type { MediaUse } from '../media/medium';
import { modeOf } from '../model/modes';
import { AddressLooks, type Seen } from './addressLooks';
import type { ItemReader } from './itemReader';
import type { SubmissionPlan } from './plans';
import type { Run } from './run';

/** What is certain against a file, as the rest of a sentence; undefined if nothing is. */
function faultOf({ accepted, endingFault }: MediaUse, { facts = {}, fault }: Seen) {
	if (fault !== undefined) return fault;
	const isTold = facts.format !== undefined || facts.sizeBytes === 0;
	return isTold ? mediaFault(facts, accepted) : endingFault;
}

/** Below this, what moves in a reference video is not seen well. */
const MIN_FRAMES_PER_SECOND = 16;

function slowHint({ field }: MediaUse, { facts }: Seen): string[] {
	const rate = facts?.framesPerSecond ?? MIN_FRAMES_PER_SECOND;
	if (rate >= MIN_FRAMES_PER_SECOND) return [];
	return [
		`${field} has ${Number(rate.toFixed(1))} frames a second: with fewer than ${MIN_FRAMES_PER_SECOND}, the model may not follow its movement`,
	];
}

/**
 * Looks at the media of each item before anything is submitted. What is certainly not what the model
 * takes fails the item; what cannot be known from here goes on.
 */
export function mediaCheck<Plan extends SubmissionPlan>(run: Run, { baseUrl }: Credential) {
	const rules = { allowLocal: isLocalUrl(baseUrl) };
	const looks = new AddressLooks(run.context, rules, run.signal);
	return async (plan: Plan, reader: ItemReader): Promise<Result<Plan>> => {
		const looked = await Promise.all(
			plan.media.map(async (use) => ({ use, seen: await looks.at(use.url) })),
		);
		if (run.signal.aborted) return err(STOPPED);
		for (const { use, seen } of looked) {
			const fault = faultOf(use, seen);
			if (fault !== undefined) reader.fault(`${use.field} ${fault}`);
			reader.hints.push(...slowHint(use, seen));
		}
		const kinds = looked.map(({ use, seen }) => seen.facts?.kind ?? use.kind);
		const fault = modeOf(plan.request.mode).medium.kindsFault?.(kinds);
		if (fault !== undefined) reader.fault(fault);
		return reader.result(plan);
	};
}
