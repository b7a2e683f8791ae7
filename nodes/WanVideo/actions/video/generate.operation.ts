import type { ApixoClient } from '../../../apixo/client';
import type { Credential } from '../../../apixo/credential';
import { isFinal, type Task } from '../../../apixo/task';
import type { Result } from '../../../apixo/result';
import { submitAndPark } from '../../callbackWait/submitAndPark';
import { download } from '../../descriptions/download';
import { options } from '../../descriptions/options';
import { requestFields } from '../../descriptions/request';
import { WAYS, waitFor } from '../../descriptions/waitFor';
import { resultOf } from '../../model/taskResult';
import type { ItemReader } from '../../run/itemReader';
import { runItems } from '../../run/items';
import { readOutputOptions, toOutputItem } from '../../run/output';
import { readOptions } from '../../run/parameters';
import { type GenerationPlan, planRequest, refuseSubmissions } from '../../run/plans';
import type { Run } from '../../run/run';
import { DurationHistory } from '../../tasks/durations';
import { TaskMemory } from '../../tasks/memory';
import { waitUntilFinal } from '../../tasks/polling';
import { learningSchedule, scheduleAfterPoll } from '../../tasks/schedule';
import { type Submitted, submitOnce } from '../../tasks/submission';
import type { Operation } from '../operation';

/** What the items of a run share. */
interface Batch {
	run: Run;
	client: ApixoClient;
	memory: TaskMemory;
	history: DurationHistory;
	/** The items whose tasks are being waited for. */
	underWay: Set<number>;
}

function planItem(run: Run, reader: ItemReader, credential: Credential): Result<GenerationPlan> {
	const request = planRequest(reader, credential);
	const read = readOptions(reader);
	const output = readOutputOptions(run, reader, read, credential);
	reader.choice(waitFor.displayName, waitFor.name, WAYS);
	return reader.result(request && { ...request, options: read, output });
}

/** A retry polls the tasks it finds: their callbacks go to the execution that it repeats. */
const isParking = ({ context, isTool }: Run, memory: TaskMemory): boolean =>
	context.getNodeParameter(waitFor.name, 0, WAYS[0]) === 'callback' && memory.isEmpty && !isTool;

async function finalTask(
	{ run, client, history, underWay }: Batch,
	{ request, options: chosen }: GenerationPlan,
	item: number,
	{ taskId, task }: Submitted,
	deadline: number,
): Promise<Result<Task>> {
	if (task !== undefined && isFinal(task)) return resultOf(task);
	const schedule =
		task === undefined
			? learningSchedule(
					request,
					chosen,
					() => history.durationsOf(request),
					() => underWay.size,
				)
			: scheduleAfterPoll(chosen);
	const { clock, signal } = run;
	const poll = async (id: string) => await client.pollTask(id);
	underWay.add(item);
	try {
		return await waitUntilFinal({ taskId, poll, schedule, clock, signal, deadline });
	} finally {
		underWay.delete(item);
	}
}

async function generateItem(batch: Batch, plan: GenerationPlan, item: number) {
	const { run, client, memory, history } = batch;
	const { request, facts, output } = plan;
	const deadline = run.clock.now() + plan.options.timeoutMs;
	const submitted = await submitOnce({ item, request, deadline }, client, memory);
	if (!submitted.ok) return submitted;
	run.paid(item, submitted.value.taskId);
	const task = await finalTask(batch, plan, item, submitted.value, deadline);
	if (!task.ok) {
		if (task.failure.details.state === 'failed') memory.forget(item, request);
		return task;
	}
	history.add(request, task.value);
	const made = await toOutputItem(run.context, task.value, output, run.signal, facts);
	if (made.ok) memory.delivered(item, request);
	return made;
}

/** Submits all items, waits until each is final, and returns the results. */
export const generate: Operation = {
	option: {
		name: 'Generate',
		value: 'generate',
		action: 'Generate a video',
		description: 'Submit a task, wait until it is finished, and return the video',
	},
	fields: [
		...requestFields,
		waitFor,
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

	async execute(run) {
		// Each item repeats its requests up to a deadline of its own.
		const { client, credential } = await run.connect(0);
		const memory = new TaskMemory(run.context, run.isTool);
		const prepare = (reader: ItemReader) => planItem(run, reader, credential);
		if (isParking(run, memory)) {
			return await submitAndPark(run, client, credential, memory, prepare);
		}
		const history = new DurationHistory(run.context);
		const batch: Batch = { run, client, memory, history, underWay: new Set() };
		return await runItems<GenerationPlan>(run, {
			prepare,
			refuse: (plans) => refuseSubmissions(run, plans),
			earlierTaskId: ({ request }, item) => memory.taskIdOf(item, request),
			limit: ([first]) => first.options.maxParallelTasks,
			work: async (plan, item) => await generateItem(batch, plan, item),
		});
	},
};
