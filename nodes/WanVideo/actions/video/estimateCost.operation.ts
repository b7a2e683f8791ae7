import { pricePanel } from '../../panels/request';
import { failed, success } from '../../wan/failure';
import { known } from '../../wan/output';
import { priceOf } from '../../wan/price';
import { checkPricedRequest } from '../../wan/request';
import { runBatch } from '../batch';
import type { Operation } from '../operation';
import { readRequest } from '../parameters';
import { invalid } from '../reading';

/** The price of a request by the service's price list. No request is sent. */
export const estimateCost: Operation = {
	description: pricePanel,

	async execute() {
		return await runBatch(this, {
			prepare: (item) => {
				const { request, faults } = checkPricedRequest(readRequest(this, item));
				return request === undefined ? failed(invalid(faults)) : success(request);
			},
			limit: () => 1,
			work: async (request) => {
				const { mode, resolution, duration, sound } = request;
				const facts = { mode, resolution, durationSeconds: duration, sound };
				return success({ json: known({ ...facts, ...priceOf(request) }) });
			},
		});
	},
};
