import { ok } from '../../../apixo/result';
import { omitUndefined } from '../../../shared/values';
import { priceFields } from '../../descriptions/request';
import { Findings } from '../../model/findings';
import { priceOf } from '../../model/price';
import { checkPricedRequest } from '../../model/pricedRequest';
import { runItems } from '../../run/items';
import { readRequestParameters } from '../../run/parameters';
import type { Operation } from '../operation';

/** The price of a request by the service's price list. No request is sent. */
export const estimateCost: Operation = {
	option: {
		name: 'Estimate Cost',
		value: 'estimateCost',
		action: 'Estimate the cost of a video',
		description: 'Calculate what a video would cost, without any request to APIXO',
	},
	fields: priceFields,

	async execute(run) {
		return await runItems(run, {
			prepare: (reader) => {
				const findings = new Findings();
				const request = checkPricedRequest(readRequestParameters(reader), findings);
				reader.fault(...findings.faults);
				return reader.result(request);
			},
			limit: () => 1,
			work: async (request) => {
				const { mode, resolution, duration, sound } = request;
				const facts = { mode, resolution, durationSeconds: duration, sound };
				return ok({ json: omitUndefined({ ...facts, ...priceOf(request) }) });
			},
		});
	},
};
