import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
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
}

/** What an operation does with its items. */
export interface ItemWork<Plan extends object> extends ItemPlanning<Plan> {
	/** How many items may be under way at once. */
	limit(plans: Plan[]): number;
	work(plan: Plan, item: number): Promise<Result<INodeExecutionData>>;
}

/** What the editor calls "Execute step" reads as a retry, but is a new execution. */
const RETRY_NOTE =
	'To pick them up without paying again, open the Executions tab, choose this execution, and press Retry there. "Execute step" and "Execute workflow" submit everything again and are paid again.';

/** n8n starts a called workflow anew each time that its caller is retried. */
const calledNote = (executionId: string) =>
	`This workflow was called by another one. To retry, open Executions of this workflow and retry execution ${executionId}. Retrying the workflow that called it submits everything again and is paid again.`;

/** How many items may be checked at once. */
const MAX_CHECKS = 10;

/** Where an item that is refused keeps all others from being submitted. */
const NOTHING_AT_ALL = 'Nothing was submitted, neither this item nor the others.';

/** More hints than this would fill the whole output pane. */
const MAX_HINTS = 5;

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

export function addHints(context: IExecuteFunctions, hints: string[]): void {
	const more = hints.length - MAX_HINTS;
	const shown = more > 0 ? [...hints.slice(0, MAX_HINTS), `And ${more} more such hints`] : hints;
	for (const message of shown) context.addExecutionHints?.({ message, location: 'outputPane' });
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
function throwFailures({ context, tasks }: Run, failures: FailedItem[]): void {
	if (failures.length === 0) return;
	const others = [...tasks]
		.map(([item, taskId]) => ({ item, taskId }))
		.filter(({ item }) => !failures.some((failure) => failure.item === item))
		.sort((a, b) => a.item - b.item);
	const nameOf = (item: number) => itemName(context, item);
	const notes = others.length > 0 ? [...paidNotes(others, nameOf), RETRY_NOTE] : [];
	if (tasks.size > 0 && context.getMode() === 'integrated') {
		notes.push(calledNote(context.getExecutionId()));
	}
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
	{ prepare, check, refuse, earlierTaskId }: ItemPlanning<Plan>,
): Promise<{ prepared: Array<Result<Plan>>; hints: string[] }> {
	const { context } = run;
	const isStopping = isStoppingOnError(run);
	const isNew = (item: number) => !run.tasks.has(item);
	const readers = context
		.getInputData()
		.map((_, item) => new ItemReader(context, item, isStopping ? NOTHING_AT_ALL : undefined));
	// One by one: an item's files may be large.
	const read = await mapConcurrently(readers, 1, async (reader, item) => {
		const plan = await prepareSafely(reader, prepare);
		const taskId = plan.ok ? earlierTaskId?.(plan.value, item) : undefined;
		if (taskId !== undefined) run.tasks.set(item, taskId);
		return plan;
	});
	const isRefused = isStopping && read.some(({ ok }) => !ok);
	const prepared = await mapConcurrently(read, MAX_CHECKS, async (plan, item) => {
		if (check === undefined || isRefused || !plan.ok || !isNew(item)) return plan;
		if (run.signal.aborted) return err(STOPPED);
		return await workSafely(run, item, async () => await check(plan.value, readers[item]));
	});
	const hints = readers.flatMap((reader, item) =>
		prepared[item].ok ? reader.hints.map((hint) => `${hint} [item ${item}]`) : [],
	);
	addHints(context, hints);
	if (isStopping) throwFailures(run, failuresIn(prepared));

	const plans = prepared.flatMap((plan, item) => (plan.ok && isNew(item) ? [plan.value] : []));
	const refusal = plans.length > 0 ? await refuse?.(plans) : undefined;
	if (refusal === undefined) return { prepared, hints };
	if (isStopping) throwFailures(run, [{ failure: refusal }]);
	return {
		prepared: prepared.map((plan, item) => (plan.ok && isNew(item) ? err(refusal) : plan)),
		hints,
	};
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
