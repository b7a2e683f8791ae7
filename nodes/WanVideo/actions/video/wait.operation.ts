import { download, options, taskId } from '../../panels/waiting';
import { systemClock } from '../../time/clock';
import { ApixoClient, readCredential } from '../../transport/client';
import { awaitFinal } from '../../waiting/polling';
import { scheduleOfKnownTask } from '../../waiting/schedule';
import { success } from '../../wan/failure';
import { runBatch } from '../batch';
import { deliver, readDelivery } from '../delivery';
import type { Operation } from '../operation';
import { readOptions, readTaskId } from '../parameters';

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
			prepare: (item) => {
				const id = readTaskId(this, item);
				if (!id.ok) return id;
				const chosen = readOptions(this, item);
				if (!chosen.ok) return chosen;
				return success({
					taskId: id.value,
					options: chosen.value,
					delivery: readDelivery(this, item, chosen.value, credential),
				});
			},
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
