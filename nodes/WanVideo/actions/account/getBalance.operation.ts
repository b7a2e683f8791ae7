import { ok } from '../../../apixo/result';
import { runItems } from '../../run/items';
import type { Operation } from '../operation';

const RETRY_FOR_MS = 30_000;

/** The remaining balance of the credential's API key. */
export const getBalance: Operation = {
	option: {
		name: 'Get Balance',
		value: 'getBalance',
		action: 'Get the account balance',
		description: 'Get the remaining balance of the API key in USD',
	},
	fields: [],

	async execute(run) {
		const { client } = await run.connect(RETRY_FOR_MS);
		return await runItems(run, {
			prepare: () => ok({}),
			limit: () => 1,
			work: async () => {
				const balance = await client.getBalance();
				return balance.ok ? ok({ json: { balanceUsd: balance.value } }) : balance;
			},
		});
	},
};
