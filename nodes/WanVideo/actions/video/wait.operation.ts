import { download, options, taskId } from '../../panels/waiting';
import { systemClock } from '../../time/clock';
import { ApixoClient } from '../../transport/client';
import { readCredential } from '../../transport/credential';
import { awaitFinal } from '../../waiting/polling';
import { scheduleOfKnownTask } from '../../waiting/schedule';
import { runBatch } from '../batch';
import { deliver } from '../delivery';
import type { Operation } from '../operation';
import { planLookup } from './lookup';

/** Waits until tasks that exist already are final. */
export const wait: Operation = {
	description: [
		taskId,
		...download,
		options(
			'fileName',
			'firstPollDelay',
			'maxFileSize',
			'maxParallelTasks',
			'pollInterval',
			'simplify',
			'timeout',
		),
	],

	async execute() {
		const credential = await readCredential(this);
		return await runBatch(this, {
			prepare: (item) => planLookup(this, item, credential),
			limit: ([first]) => first.options.maxParallelTasks,
			work: async ({ taskId: id, options: chosen, delivery }, _item, run) => {
				const client = new ApixoClient(this, credential, systemClock, run);
				const task = await awaitFinal(
					id,
					async () => await client.status(id),
					scheduleOfKnownTask(chosen),
					{
						clock: systemClock,
						stop: run.stop,
						deadline: systemClock.now() + chosen.timeoutMs,
					},
				);
				if (!task.ok) return task;
				return await deliver(this, task.value, delivery, run.stop);
			},
		});
	},
};
