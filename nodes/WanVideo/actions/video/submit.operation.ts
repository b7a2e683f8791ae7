import { requestPanel } from '../../panels/request';
import { options } from '../../panels/waiting';
import { systemClock } from '../../time/clock';
import { ApixoClient, readCredential } from '../../transport/client';
import { TaskMemory } from '../../waiting/memory';
import { taskFor } from '../../waiting/submission';
import { success } from '../../wan/failure';
import { runBatch } from '../batch';
import { isTool } from '../delivery';
import type { Operation } from '../operation';
import { planSubmission, withinMaxCost } from './planning';

/** How long a submission may be repeated while APIXO limits requests; milliseconds. */
const PATIENCE_MS = 300_000;
const PARALLEL_SUBMISSIONS = 10;

/** Submits all items and gives their task IDs at once. */
export const submit: Operation = {
	description: [...requestPanel, options('maxCost')],

	async execute() {
		const credential = await readCredential(this);
		const memory = new TaskMemory(this, isTool(this));
		return await runBatch(this, {
			prepare: (item) => planSubmission(this, item, credential),
			admit: withinMaxCost,
			limit: () => PARALLEL_SUBMISSIONS,
			work: async ({ request, facts }, item, run) => {
				const client = new ApixoClient(this, credential, systemClock, run);
				const deadline = systemClock.now() + PATIENCE_MS;
				const pace = { clock: systemClock, stop: run.stop, deadline };
				const submitted = await taskFor({ item, request }, client, memory, pace);
				if (!submitted.ok) return submitted;
				const { taskId, seen } = submitted.value;
				run.paid(item, taskId);
				memory.delivered(item, request);
				return success({ json: { taskId, state: seen?.state ?? 'pending', ...facts } });
			},
		});
	},
};
