import { download } from '../../descriptions/download';
import { options } from '../../descriptions/options';
import { taskId } from '../../descriptions/taskId';
import { runItems } from '../../run/items';
import { toOutputItem } from '../../run/output';
import { planLookup } from '../../run/plans';
import { waitUntilFinal } from '../../tasks/polling';
import { scheduleOfKnownTask } from '../../tasks/schedule';
import type { Operation } from '../operation';

/** Waits until tasks that exist already are final. */
export const wait: Operation = {
	option: {
		name: 'Wait',
		value: 'wait',
		action: 'Wait for a video task',
		description: 'Wait until a task that was submitted before is finished',
	},
	fields: [
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

	async execute(run) {
		const { context, clock, signal } = run;
		// Polling repeats by itself, up to the item's own deadline.
		const { client, credential } = await run.connect(0);
		return await runItems(run, {
			prepare: (reader) => reader.result(planLookup(run, reader, credential)),
			limit: ([first]) => first.options.maxParallelTasks,
			work: async (plan) => {
				const task = await waitUntilFinal({
					taskId: plan.taskId,
					poll: async (id) => await client.pollTask(id),
					schedule: scheduleOfKnownTask(plan.options),
					clock,
					signal,
					deadline: clock.now() + plan.options.timeoutMs,
				});
				return task.ok ? await toOutputItem(context, task.value, plan.output, signal) : task;
			},
		});
	},
};
