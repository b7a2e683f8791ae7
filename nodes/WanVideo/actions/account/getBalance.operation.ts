import { systemClock } from '../../time/clock';
import { ApixoClient } from '../../transport/client';
import { readCredential } from '../../transport/credential';
import { repeating } from '../../waiting/polling';
import { success } from '../../wan/failure';
import { runBatch } from '../batch';
import type { Operation } from '../operation';

/** How long the question may be repeated when APIXO has passing trouble; milliseconds. */
const PATIENCE_MS = 30_000;

/** The remaining balance of the credential's API key. */
export const getBalance: Operation = {
	description: [],

	async execute() {
		const credential = await readCredential(this);
		return await runBatch(this, {
			prepare: () => success(undefined),
			limit: () => 1,
			work: async (_plan, _item, run) => {
				const client = new ApixoClient(this, credential, systemClock, run);
				const deadline = systemClock.now() + PATIENCE_MS;
				const pace = { clock: systemClock, stop: run.stop, deadline };
				const balance = await repeating(async () => await client.balance(), pace);
				return balance.ok ? success({ json: { balanceUsd: balance.value } }) : balance;
			},
		});
	},
};
