import type { IExecuteFunctions } from 'n8n-workflow';
import type { Credential } from '../../transport/credential';
import { wasKilled } from '../../waiting/killed';
import { type Failure, type Outcome, failed, success } from '../../wan/failure';
import type { RequestFacts } from '../../wan/output';
import { priceOf, sumUsd } from '../../wan/price';
import { type WanRequest, checkRequest } from '../../wan/request';
import { isLoopback } from '../../wan/urls';
import { type Options, readOptions, readRequest } from '../parameters';
import { invalid } from '../reading';

/** A checked item that may be submitted. */
export interface Plan {
	request: WanRequest;
	facts: RequestFacts;
	options: Options;
	/** What the user should know although nothing is wrong. */
	hints: string[];
}

/** Reads and checks everything that a submission needs; all faults of the item come at once. */
export function planSubmission(
	context: IExecuteFunctions,
	item: number,
	{ baseUrl }: Credential,
): Outcome<Plan> {
	const { request, faults, hints } = checkRequest(readRequest(context, item), isLoopback(baseUrl));
	const options = readOptions(context, item);
	if (!options.ok) faults.push(options.failure.message);
	if (request === undefined || !options.ok) return failed(invalid(faults));
	const { estimatedCostUsd } = priceOf(request);
	return success({
		request,
		facts: { mode: request.mode, estimatedCostUsd },
		options: options.value,
		hints,
	});
}

const dollars = (usd: number) => `$${usd.toFixed(4).replace(/0{1,2}$/, '')}`;

const KILLED: Failure = {
	message:
		'n8n was killed after this node had begun, and what it had submitted was not saved. So a retry submits nothing: it might be paid twice',
	hint: 'Search the log of n8n for "is paid for and under way", which names each task with the number of the execution that was killed, and fetch the videos with the Wait operation. For new videos, run the workflow anew.',
	details: {},
};

/** Why a run may submit nothing at all, if so. */
export const refusalOf = (context: IExecuteFunctions, plans: Plan[]): Failure | undefined =>
	wasKilled(context) ? KILLED : withinMaxCost(plans);

/** Refuses the whole run if its estimate is above the spending limit. */
function withinMaxCost(plans: Plan[]): Failure | undefined {
	const limits = plans.flatMap(({ options }) => options.maxCostUsd ?? []);
	if (limits.length === 0) return undefined;
	const limit = Math.min(...limits);
	const total = sumUsd(plans.map(({ facts }) => facts.estimatedCostUsd));
	if (total <= limit) return undefined;
	return {
		message: `This run would cost about ${dollars(total)}, which is above Max Cost (USD) of ${dollars(limit)}. Nothing was submitted`,
		hint: 'Raise Max Cost (USD) in Options, or use fewer items, shorter videos or a lower Resolution.',
		details: {},
	};
}
