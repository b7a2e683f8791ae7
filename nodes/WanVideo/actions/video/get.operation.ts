import { download, options, taskId } from '../../panels/waiting';
import { systemClock } from '../../time/clock';
import { ApixoClient } from '../../transport/client';
import { readCredential } from '../../transport/credential';
import { repeating } from '../../waiting/polling';
import { outcomeOf } from '../../wan/task';
import { runBatch } from '../batch';
import { deliver } from '../delivery';
import type { Operation } from '../operation';
import { planLookup } from './lookup';

/** How long one look may be repeated when APIXO has passing trouble; milliseconds. */
const PATIENCE_MS = 30_000;
const PARALLEL_LOOKS = 10;

/** One look at a task, whatever its state: a task that failed is an answer too. */
export const get: Operation = {
	description: [taskId, ...download, options('fileName', 'maxFileSize', 'simplify')],

	async execute() {
		const credential = await readCredential(this);
		return await runBatch(this, {
			prepare: (item) => planLookup(this, item, credential),
			limit: () => PARALLEL_LOOKS,
			work: async ({ taskId: id, delivery }, _item, run) => {
				const client = new ApixoClient(this, credential, systemClock, run);
				const deadline = systemClock.now() + PATIENCE_MS;
				const pace = { clock: systemClock, stop: run.stop, deadline };
				const seen = await repeating(async () => await client.status(id), pace);
				if (!seen.ok) return seen;
				if (seen.value.state === 'success') {
					const outcome = outcomeOf(seen.value);
					if (!outcome.ok) return outcome;
				}
				return await deliver(this, seen.value, delivery, run.stop);
			},
		});
	},
};
