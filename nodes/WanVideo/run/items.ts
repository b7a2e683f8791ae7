import type { INodeExecutionData } from 'n8n-workflow';
import {
	type Failure,
	type Result,
	STOPPED,
	err,
	finalFailure,
	withTaskId,
} from '../../apixo/result';
import { mapConcurrently } from '../../shared/concurrency';
import { messageOf } from '../../shared/values';
import { itemName } from './itemName';
import { isTestRun } from '../tasks/recall';
import { addHints, groupHints, watchHint } from './hints';
import { ItemReader } from './itemReader';
import { type FailedItem, failureItem, markForErrorOutput, paidNotes, stopError } from './messages';
import type { Run } from './run';

/** How an operation reads its items, all of them before any work begins. */
export interface ItemPlanning<Plan extends object> {
	/** Reads and checks an item. */
	prepare(reader: ItemReader): Result<Plan> | Promise<Result<Plan>>;
	/**
	 * Checks about an item what takes time, such as its media: several items at once, all of them
	 * before any is submitted, without those whose task an earlier try paid for.
	 *
	 * @param reader of the item, to note what is wrong, and hints
	 */
	check?(plan: Plan, reader: ItemReader): Promise<Result<Plan>>;
	/** The check of all plans together, without those whose task an earlier try paid for. */
	refuse?(plans: Plan[]): Promise<Failure | undefined>;
	/** The task that an earlier try of this run paid for. */
	earlierTaskId?(plan: Plan, item: number): string | undefined;
	/** The same for an item that cannot be read now, so that its failure names the task. */
	anyEarlierTaskId?(item: number): string | undefined;
	/**
	 * Finds what other executions paid for, so that it counts as earlier, too.
	 *
	 * @returns hints for the user
	 */
	recall?(plans: Array<{ plan: Plan; item: number }>): Promise<string[]>;
}

/** What an operation does with its items. */
export interface ItemWork<Plan extends object> extends ItemPlanning<Plan> {
	/** How many items may be under way at once. */
	limit(plans: Plan[]): number;
	work(plan: Plan, item: number): Promise<Result<INodeExecutionData>>;
}

/** To many, "Execute step" reads as a retry. */
const RETRY_NOTE =
	'To pick them up without paying again, open the Executions tab, choose this execution, and press Retry there. "Execute step" and "Execute workflow" begin a new run, which pays for all that Reuse In Test Runs does not find.';

const TEST_RUN_NOTE =
	'"Execute step" and "Execute workflow" pick them up without paying again, unless Reuse In Test Runs in Options is off.';

/** n8n starts a called workflow anew each time that its caller is retried. */
const calledNote = (executionId: string) =>
	`This workflow was called by another one. To retry, open Executions of this workflow and retry execution ${executionId}. Retrying the workflow that called it submits everything again and is paid again.`;

/** How many items may be checked at once. */
const MAX_CHECKS = 10;

/** Where an item that is refused keeps all others from being submitted. */
const NOTHING_AT_ALL = 'Nothing was submitted, neither this item nor the others.';

/** Reads an item. An expression that cannot be resolved for it throws. */
async function prepareSafely<Plan extends object>(
	reader: ItemReader,
	prepare: ItemPlanning<Plan>['prepare'],
): Promise<Result<Plan>> {
	try {
		return await prepare(reader);
	} catch (error) {
		return err(
			finalFailure(
				messageOf(error),
				`${reader.nothingSubmitted} Check the expressions in its parameters.`,
			),
		);
	}
}

/** Names the task that an earlier try of an item paid for: nothing else may name it any more. */
function withEarlierTask(failure: Failure, taskId: string | undefined): Failure {
	if (taskId === undefined) return failure;
	const hint = `${failure.hint} An earlier try of this item paid for its task. Fetch the video with the Wait or the Get operation and this task ID.`;
	return withTaskId(taskId, { ...failure, hint });
}

/** Does the work on an item. Whatever it throws must not cost the others their results. */
export async function workSafely<T>(
	run: Run,
	item: number,
	work: () => Promise<T>,
): Promise<T | Result<never>> {
	try {
		return await work();
	} catch (error) {
		const taskId = run.tasks.get(item);
		const unexpected = `The work on this item ended unexpectedly: ${messageOf(error)}`;
		if (taskId === undefined) {
			return err(finalFailure(unexpected, 'Please report this to the makers of the node.'));
		}
		const hint =
			'Its task stays paid. Fetch its video with the Wait or the Get operation and this task ID.';
		return err(withTaskId(taskId, finalFailure(unexpected, hint)));
	}
}

/** Whether the first failure ends the node with an error. */
export function isStoppingOnError({ context }: Run): boolean {
	// Agents up to version 2 do not see an error that a tool throws, but read its items.
	const isReadByAgent = context.isToolExecution?.() === true && !context.getNode().retryOnFail;
	return !context.continueOnFail() && !isReadByAgent;
}

const failuresIn = (results: Array<Result<unknown>>): FailedItem[] =>
	results.flatMap((result, item) => (result.ok ? [] : [{ item, failure: result.failure }]));

/**
 * Ends the node, if anything failed, with an error that names all of it and every paid task.
 *
 * @throws NodeOperationError
 */
function throwFailures({ context, tasks, tally }: Run, failures: FailedItem[]): void {
	if (failures.length === 0) return;
	const others = [...tasks]
		.map(([item, taskId]) => ({ item, taskId }))
		.filter(({ item }) => !failures.some((failure) => failure.item === item))
		.sort((a, b) => a.item - b.item);
	const nameOf = (item: number) => itemName(context, item);
	const retryNote = isTestRun(context) ? TEST_RUN_NOTE : RETRY_NOTE;
	const notes = others.length > 0 ? [...paidNotes(others, nameOf), retryNote] : [];
	if (tasks.size > 0 && context.getMode() === 'integrated') {
		notes.push(calledNote(context.getExecutionId()));
	}
	// n8n drops the hints of a node that ends so.
	if (tally.inWords !== undefined) notes.push(`${tally.inWords}.`);
	throw stopError(context.getNode(), failures, notes, nameOf);
}

/**
 * Reads and checks all input items, before any work begins.
 *
 * @returns a plan or a failure for each item, and hints for the user
 * @throws NodeOperationError under On Error = Stop if an item is invalid, or all are refused
 */
export async function prepareItems<Plan extends object>(
	run: Run,
	{ prepare, check, refuse, earlierTaskId, anyEarlierTaskId, recall }: ItemPlanning<Plan>,
): Promise<{ prepared: Array<Result<Plan>>; hints: string[] }> {
	const { context } = run;
	const isStopping = isStoppingOnError(run);
	const isNew = (item: number) => !run.tasks.has(item);
	const newIn = (plans: Array<Result<Plan>>) =>
		plans.flatMap((plan, item) => (plan.ok && isNew(item) ? [{ plan: plan.value, item }] : []));
	const noteEarlier = (plan: Plan, item: number) => {
		const taskId = earlierTaskId?.(plan, item);
		if (taskId !== undefined) run.tasks.set(item, taskId);
	};
	const readers = context
		.getInputData()
		.map((_, item) => new ItemReader(context, item, isStopping ? NOTHING_AT_ALL : undefined));
	// One by one: an item's files may be large.
	const read = await mapConcurrently(readers, 1, async (reader, item) => {
		const plan = await prepareSafely(reader, prepare);
		if (!plan.ok) return err(withEarlierTask(plan.failure, anyEarlierTaskId?.(item)));
		noteEarlier(plan.value, item);
		return plan;
	});
	const isRefused = isStopping && read.some(({ ok }) => !ok);
	const recalled: string[] = [];
	if (recall !== undefined && !isRefused) {
		recalled.push(...(await recall(newIn(read))));
		for (const { plan, item } of newIn(read)) noteEarlier(plan, item);
	}
	const prepared = await mapConcurrently(read, MAX_CHECKS, async (plan, item) => {
		if (check === undefined || isRefused || !plan.ok || !isNew(item)) return plan;
		if (run.signal.aborted) return err(STOPPED);
		return await workSafely(run, item, async () => await check(plan.value, readers[item]));
	});
	const itemHints = readers.flatMap((reader, item) =>
		prepared[item].ok ? reader.hints.map((hint) => ({ item, hint })) : [],
	);
	const hints = [...groupHints(itemHints), ...recalled];
	addHints(context, hints);
	if (isStopping) throwFailures(run, failuresIn(prepared));

	const plans = newIn(prepared).map(({ plan }) => plan);
	const refusal = plans.length > 0 ? await refuse?.(plans) : undefined;
	if (refusal === undefined) return { prepared, hints };
	if (isStopping) throwFailures(run, [{ failure: refusal }]);
	return {
		prepared: prepared.map((plan, item) => (plan.ok && isNew(item) ? err(refusal) : plan)),
		hints,
	};
}

/** What is said of a run that has ended. */
function closingHints({ context, isTool, tally }: Run, results: Array<Result<INodeExecutionData>>) {
	// A model is told of its task alone.
	if (isTool && results.length === 1) return [];
	if (!isTestRun(context)) return [tally.inWords ?? []].flat();
	const addresses = results.map((result) => {
		const { videoUrl } = result.ok ? result.value.json : {};
		return typeof videoUrl === 'string' ? videoUrl : undefined;
	});
	// Where all comes from earlier test runs, that has been said.
	const sum = tally.sum.videos > 0 ? tally.inWords : undefined;
	return [sum ?? [], watchHint(addresses) ?? []].flat();
}

/**
 * The node's output: results in input order, each paired with its input. Failures are reported as
 * On Error asks.
 *
 * @throws NodeOperationError under On Error = Stop if anything failed
 */
export function settle(run: Run, results: Array<Result<INodeExecutionData>>): INodeExecutionData[] {
	if (isStoppingOnError(run)) {
		const failures = failuresIn(results);
		const causes = failures.filter(({ failure }) => failure.kind !== 'stopped');
		throwFailures(run, causes.length > 0 ? causes : failures);
	}
	const { context } = run;
	const nameOf = (item: number) => itemName(context, item);
	addHints(context, closingHints(run, results));
	return results.map((result, item) =>
		result.ok
			? { ...result.value, pairedItem: { item } }
			: markForErrorOutput(context.getNode(), failureItem(result.failure, item, nameOf)),
	);
}

/**
 * Runs an operation over all input items: checks all of them first, works on several at once, and
 * returns results in input order, each paired with its input. Failures are reported as On Error asks.
 *
 * @throws NodeOperationError under On Error = Stop, before any work if an item is invalid
 */
export async function runItems<Plan extends object>(
	run: Run,
	{ limit, work, ...planning }: ItemWork<Plan>,
): Promise<INodeExecutionData[]> {
	const { prepared } = await prepareItems(run, planning);
	const isStopping = isStoppingOnError(run);
	const plans = prepared.flatMap((plan) => (plan.ok ? [plan.value] : []));
	const maxConcurrent = plans.length > 0 ? limit(plans) : 1;
	const results = await mapConcurrently(prepared, maxConcurrent, async (plan, item) => {
		if (!plan.ok) return plan;
		if (run.signal.aborted) return err(STOPPED);
		const result = await workSafely(run, item, async () => await work(plan.value, item));
		if (isStopping && !result.ok) run.stop();
		return result;
	});
	return settle(run, results);
}
