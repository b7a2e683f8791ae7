import { ok } from '../../../apixo/result';
import { download } from '../../descriptions/download';
import { options } from '../../descriptions/options';
import { taskId } from '../../descriptions/taskId';
import { WAYS_FOR_KNOWN_TASKS, waitForKnownTask } from '../../descriptions/waitFor';
import { sampleTask } from '../../model/sample';
import { prepareItems } from '../../run/items';
import { type LookupPlan, planLookup } from '../../run/plans';
import type { Run } from '../../run/run';
import type { ItemState } from '../../wait/record';
import { waitForItems } from '../../wait/waitForItems';
import { readWay } from '../../wait/way';
import type { Operation } from '../operation';

function itemOf(
	{ taskId: id, isSample, options: chosen, output }: LookupPlan,
	nowMs: number,
): ItemState {
	const { firstPollMs, pollIntervalMs, timeoutMs } = chosen;
	const terms = { output, pace: { firstPollMs, pollIntervalMs }, timeoutMs };
	if (isSample) return { kind: 'final', terms, taskId: id, raw: sampleTask(id, nowMs).raw };
	return { kind: 'planned', source: { taskId: id }, terms };
}

/** Waits until tasks that exist already are final. */
export const wait: Operation = {
	option: {
		name: 'Wait',
		value: 'wait',
		action: 'Wait for a submitted video',
		description: 'Wait until a task that was submitted before is finished',
	},
	fields: [
		taskId,
		waitForKnownTask,
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

	async execute(run: Run) {
		// Polling repeats by itself, up to the item's own deadline.
		const { client, credential } = await run.connect(0);
		return await waitForItems(run, {
			way: readWay(run),
			client,
			async plan() {
				const { prepared, hints } = await prepareItems<LookupPlan>(run, {
					prepare(reader) {
						reader.choice(
							waitForKnownTask.displayName,
							waitForKnownTask.name,
							WAYS_FOR_KNOWN_TASKS,
						);
						return reader.result(planLookup(run, reader, credential));
					},
				});
				const [first] = prepared.flatMap((plan) => (plan.ok ? [plan.value] : []));
				const items = prepared.map(
					(plan): ItemState =>
						plan.ok
							? itemOf(plan.value, run.clock.now())
							: { kind: 'failed', failure: plan.failure },
				);
				return { items, hints, limit: first?.options.maxParallelTasks ?? 1 };
			},
			async begin({ source }) {
				if (!('taskId' in source)) throw new Error('An item of Wait has no task');
				return ok({ taskId: source.taskId, isNew: false });
			},
		});
	},
};
