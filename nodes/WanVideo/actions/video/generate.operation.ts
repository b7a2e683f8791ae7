import { requestPanel } from '../../panels/request';
import { download, options, waitFor as waitForField } from '../../panels/waiting';
import { systemClock } from '../../time/clock';
import { ApixoClient } from '../../transport/client';
import { readCredential } from '../../transport/credential';
import { Experience } from '../../waiting/experience';
import { TaskMemory } from '../../waiting/memory';
import { awaitFinal } from '../../waiting/polling';
import { learningSchedule, scheduleAfterLook } from '../../waiting/schedule';
import { taskFor } from '../../waiting/submission';
import { type Outcome, success } from '../../wan/failure';
import { isFinal, outcomeOf } from '../../wan/task';
import { runBatch } from '../batch';
import { type Delivery, deliver, deliveryFor, isTool, readTarget } from '../delivery';
import type { Operation } from '../operation';
import { readChoice, together } from '../reading';
import { submitAndPark } from './callbackWait';
import { type Plan, planSubmission, refusalOf } from './planning';

/** Submits all items, waits until each is final, and gives the results. */
export const generate: Operation = {
	description: [
		...requestPanel,
		waitForField,
		...download,
		options(
			'fileName',
			'firstPollDelay',
			'maxCost',
			'maxFileSize',
			'maxParallelTasks',
			'pollInterval',
			'simplify',
			'timeout',
		),
	],

	async execute() {
		const credential = await readCredential(this);
		const memory = new TaskMemory(this, isTool(this));
		const experience = new Experience(this);
		const waitFor = readChoice(this, 0, 'waitFor', 'Wait For Result By', ['polling', 'callback']);
		let underWay = 0;
		const prepare = (item: number): Outcome<Plan & { delivery: Delivery }> => {
			const read = together(
				planSubmission(this, item, credential),
				readTarget(this, item),
				waitFor,
			);
			if (!read.ok) return read;
			const [plan, field] = read.value;
			return success({ ...plan, delivery: deliveryFor(this, plan.options, field, credential) });
		};
		// A retry polls the tasks it finds: their callbacks go to the execution that it repeats.
		const isParking = memory.isEmpty && !isTool(this);
		if (isParking && waitFor.ok && waitFor.value === 'callback') {
			return await submitAndPark(this, credential, memory, prepare);
		}
		return await runBatch<Plan & { delivery: Delivery }>(this, {
			prepare,
			admit: (plans) => refusalOf(this, plans),
			hints: ({ hints }) => hints,
			known: ({ request }, item) => memory.find(item, request)?.taskId,
			limit: ([first]) => first.options.maxParallelTasks,
			work: async ({ request, facts, options: chosen, delivery }, item, run) => {
				const client = new ApixoClient(this, credential, systemClock, run);
				const deadline = systemClock.now() + chosen.timeoutMs;
				const pace = { clock: systemClock, stop: run.stop, deadline };
				const submitted = await taskFor({ item, request }, client, memory, pace);
				if (!submitted.ok) return submitted;
				const { taskId, seen } = submitted.value;
				run.paid(item, taskId);
				underWay += 1;
				const task =
					seen !== undefined && isFinal(seen)
						? outcomeOf(seen)
						: await awaitFinal(
								taskId,
								async () => await client.status(taskId),
								seen === undefined
									? learningSchedule(
											request,
											chosen,
											() => experience.durationsOf(request),
											() => underWay,
										)
									: scheduleAfterLook(chosen),
								pace,
							);
				underWay -= 1;
				if (task.ok) experience.note(request, task.value);
				if (!task.ok) {
					if (task.failure.details.state === 'failed') memory.forget(item, request);
					return task;
				}
				const delivered = await deliver(this, task.value, delivery, run.stop, facts);
				if (delivered.ok) memory.delivered(item, request);
				return delivered;
			},
		});
	},
};
