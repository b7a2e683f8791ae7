import { download } from '../../descriptions/download';
import { options } from '../../descriptions/options';
import { taskId } from '../../descriptions/taskId';
import { ok } from '../../../apixo/result';
import { sampleTask } from '../../model/sample';
import { resultOf } from '../../model/taskResult';
import { runItems } from '../../run/items';
import { toOutputItem } from '../../run/output';
import { planLookup } from '../../run/plans';
import type { Operation } from '../operation';

const RETRY_FOR_MS = 30_000;
const MAX_CONCURRENT = 10;

/** The present state of a task, whatever it is: a task that failed is a result too. */
export const get: Operation = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get a submitted video',
		description: 'Get the state of a task, and its video if it is finished',
	},
	fields: [taskId, ...download, options('fileName', 'maxFileSize', 'simplify')],

	async execute(run) {
		const { client, credential } = await run.connect(RETRY_FOR_MS);
		return await runItems(run, {
			prepare: (reader) => reader.result(planLookup(run, reader, credential)),
			limit: () => MAX_CONCURRENT,
			work: async (plan) => {
				const task = plan.isSample
					? ok(sampleTask(plan.taskId, run.clock.now()))
					: await client.getTask(plan.taskId);
				if (!task.ok) return task;
				const result = task.value.state === 'success' ? resultOf(task.value) : task;
				if (!result.ok) return result;
				return await toOutputItem(run.context, result.value, plan.output, run.signal);
			},
		});
	},
};
