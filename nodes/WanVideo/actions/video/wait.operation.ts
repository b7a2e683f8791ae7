import { download, options, taskId } from '../../panels/waiting';
import { systemClock } from '../../time/clock';
import { ApixoClient } from '../../transport/client';
import { readCredential } from '../../transport/credential';
import { awaitFinal } from '../../waiting/polling';
import { scheduleOfKnownTask } from '../../waiting/schedule';
import { success } from '../../wan/failure';
import { runBatch } from '../batch';
import { deliver, deliveryFor, readTarget } from '../delivery';
import type { Operation } from '../operation';
import { readOptions, readTaskId } from '../parameters';
import { together } from '../reading';

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
				const read = together(
					readTaskId(this, item),
					readOptions(this, item),
					readTarget(this, item),
				);
				if (!read.ok) return read;
				const [id, chosen, field] = read.value;
				const delivery = deliveryFor(this, chosen, field, credential);
				return success({ id, chosen, delivery });
			},
			limit: ([first]) => first.chosen.maxParallelTasks,
			work: async ({ id, chosen, delivery }, _item, run) => {
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
