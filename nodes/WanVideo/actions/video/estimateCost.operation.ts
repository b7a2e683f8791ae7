import type { INodeProperties } from 'n8n-workflow';
import { ok } from '../../../apixo/result';
import { omitUndefined } from '../../../shared/values';
import { priceFields } from '../../descriptions/request';
import { Findings } from '../../model/findings';
import { type PricedRequest, priceOf, sumUsd } from '../../model/price';
import { checkPricedRequest } from '../../model/pricedRequest';
import { runItems } from '../../run/items';
import { readRequestParameters } from '../../run/parameters';
import type { Operation } from '../operation';

interface Plan {
	request: PricedRequest;
	/** Whether the item also tells the sum of all. */
	isTotal: boolean;
}

const total: INodeProperties = {
	displayName: 'Add Up All Items',
	name: 'total',
	type: 'boolean',
	default: false,
	description:
		'Whether each item also tells what all of them cost together, as total: to approve or stop a whole batch at once',
};

type Total = ReturnType<typeof totalOf>;

/** What all videos of a run are together. */
const totalOf = (requests: PricedRequest[]) => ({
	videos: requests.length,
	durationSeconds: requests.reduce((sum, { duration }) => sum + duration, 0),
	estimatedCostUsd: sumUsd(requests.map((request) => priceOf(request).estimatedCostUsd)),
});

/** The price of a request by the service's price list. No request is sent. */
export const estimateCost: Operation = {
	option: {
		name: 'Estimate Cost',
		value: 'estimateCost',
		action: 'Estimate the cost of a video',
		description: 'Calculate what a video would cost, without any request to APIXO',
	},
	fields: [...priceFields, total],

	async execute(run) {
		// Items that are refused have no price; they fail on their own.
		const requests: PricedRequest[] = [];
		let sum: Total | undefined;
		return await runItems<Plan>(run, {
			prepare: (reader) => {
				const findings = new Findings();
				const request = checkPricedRequest(readRequestParameters(reader), findings);
				reader.fault(...findings.faults);
				const isTotal = reader.flag(total.displayName, reader.raw(total.name), false);
				const plan = reader.result(request && { request, isTotal });
				if (plan.ok) requests.push(plan.value.request);
				return plan;
			},
			limit: () => 1,
			work: async ({ request, isTotal }) => {
				const { mode, resolution, duration, sound } = request;
				const facts = { mode, resolution, durationSeconds: duration, sound };
				if (isTotal) sum ??= totalOf(requests);
				const json = { ...facts, ...priceOf(request), total: isTotal ? { ...sum } : undefined };
				return ok({ json: omitUndefined(json) });
			},
		});
	},
};
