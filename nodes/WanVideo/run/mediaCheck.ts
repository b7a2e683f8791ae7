import type { Credential } from '../../apixo/credential';
import { type Result, STOPPED, err, ok } from '../../apixo/result';
import { isLocalUrl } from '../../shared/urls';
import { fieldOfFile } from '../media/files';
import { mediaFault } from '../media/look/fault';
import type { MediaUse } from '../media/medium';
import { modeOf } from '../model/modes';
import { AddressLooks, type Seen } from './addressLooks';
import type { RunFiles } from './itemFiles';
import type { ItemReader } from './itemReader';
import type { RequestPlan } from './plans';
import type { Run } from './run';

/** What is certain against a file, as the rest of a sentence; undefined if nothing is. */
function faultOf({ accepted, endingFault }: MediaUse, { facts, fault }: Seen): string | undefined {
	if (fault !== undefined) return fault;
	return facts === undefined ? endingFault : mediaFault(facts, accepted);
}

/** Below this, what moves in a reference video is not seen well. */
const MIN_FRAMES_PER_SECOND = 16;

function slowHint({ title }: MediaUse, { facts }: Seen): string[] {
	const rate = facts?.framesPerSecond ?? MIN_FRAMES_PER_SECOND;
	if (rate >= MIN_FRAMES_PER_SECOND) return [];
	return [
		`${title} has ${Number(rate.toFixed(1))} frames a second: with fewer than ${MIN_FRAMES_PER_SECOND}, the model may not follow its movement`,
	];
}

/** Notes what the looks at all media of an item have shown. */
function note({ request }: RequestPlan, looked: Array<[MediaUse, Seen]>, reader: ItemReader) {
	for (const [use, seen] of looked) {
		const fault = faultOf(use, seen);
		if (fault !== undefined) reader.fault(`${use.title} ${fault}`);
		reader.hints.push(...slowHint(use, seen));
	}
	const kinds = looked.map(([use, { facts }]) => facts?.kind ?? use.kind);
	const fault = modeOf(request.mode).medium.kindsFault?.(kinds);
	if (fault !== undefined) reader.fault(fault);
}

/**
 * Looks at what each item is made from, before anything is submitted. What is certainly not what the
 * model takes fails the item; what cannot be known from here goes on.
 */
export function mediaCheck<Plan extends RequestPlan>(
	run: Run,
	{ baseUrl }: Credential,
	files: RunFiles,
) {
	const rules = { allowLocal: isLocalUrl(baseUrl) };
	const looks = new AddressLooks(run.context, rules, run.signal);

	async function see({ url }: MediaUse, item: number): Promise<Result<Seen>> {
		const field = fieldOfFile(url);
		if (field === undefined) return ok(await looks.at(url));
		const facts = await files.factsOf(field, item);
		return facts.ok ? ok({ facts: facts.value }) : facts;
	}

	return async (plan: Plan, reader: ItemReader): Promise<Result<Plan>> => {
		const { item } = reader;
		const all = await Promise.all(
			plan.media.map(async (use) => ({ use, seen: await see(use, item) })),
		);
		if (run.signal.aborted) return err(STOPPED);
		const looked: Array<[MediaUse, Seen]> = [];
		for (const { use, seen } of all) {
			if (!seen.ok) return seen;
			looked.push([use, seen.value]);
		}
		note(plan, looked, reader);
		const trial = await files.tryOut(plan.request, item);
		if (!trial.ok) reader.fail(trial.failure);
		return reader.result(plan);
	};
}
