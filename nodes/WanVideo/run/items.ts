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
import { ItemReader } from './itemReader';
import { type FailedItem, failureItem, markForErrorOutput, paidNotes, stopError } from './messages';
import type { Run } from './run';

/** What an operation does with its items. */
export interface ItemWork<Plan extends object> {
	/** Reads and checks an item. All items are prepared before any work begins. */
	prepare(reader: ItemReader): Result<Plan>;
	/** The check of all plans together, before any work begins. */
	refuse?(plans: Plan[]): Failure | undefined;
	/** The task that an earlier try of this run paid for. */
	earlierTaskId?(plan: Plan, item: number): string | undefined;
	/** How many items may be under way at once. */
	limit(plans: Plan[]): number;
	work(plan: Plan, item: number): Promise<Result<INodeExecutionData>>;
}

const RETRY_NOTE = 'If you retry this execution instead, they are picked up without paying again.';

/** More hints than this would fill the whole output pane. */
const MAX_HINTS = 5;

/** Reads an item. An expression that cannot be resolved for it throws. */
function prepareSafely<Plan extends object>(
	reader: ItemReader,
	prepare: ItemWork<Plan>['prepare'],
): Result<Plan> {
	try {
		return prepare(reader);
	} catch (error) {
		return err(
			finalFailure(
				messageOf(error),
				'Nothing was submitted for this item. Check the expressions in its parameters.',
			),
		);
	}
}

/** Does the work on an item. Whatever it throws must not cost the others their results. */
async function workSafely<Plan extends object>(
	run: Run,
	plan: Plan,
	item: number,
	work: ItemWork<Plan>['work'],
): Promise<Result<INodeExecutionData>> {
	try {
		return await work(plan, item);
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

function addHints(context: IExecuteFunctions, hints: string[]): void {
	const more = hints.length - MAX_HINTS;
	const shown = more > 0 ? [...hints.slice(0, MAX_HINTS), `And ${more} more such hints`] : hints;
	for (const message of shown) context.addExecutionHints?.({ message, location: 'outputPane' });
}

/** Whether the first failure ends the node with an error. */
function isStoppingOnError({ context }: Run): boolean {
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
	const notes = others.length > 0 ? [...paidNotes(others), RETRY_NOTE] : [];
	throw stopError(context.getNode(), failures, notes);
}

/**
 * Runs an operation over all input items: checks all of them first, works on several at once, and
 * returns results in input order, each paired with its input. Failures are reported as On Error asks.
 *
 * @throws NodeOperationError under On Error = Stop, before any work if an item is invalid
 */
export async function runItems<Plan extends object>(
	run: Run,
	{ prepare, refuse, earlierTaskId, limit, work }: ItemWork<Plan>,
): Promise<INodeExecutionData[]> {
	const { context } = run;
	const isStopping = isStoppingOnError(run);
	const hints: string[] = [];

	const prepared = context.getInputData().map((_, item) => {
		const reader = new ItemReader(context, item);
		const plan = prepareSafely(reader, prepare);
		if (!plan.ok) return plan;
		const taskId = earlierTaskId?.(plan.value, item);
		if (taskId !== undefined) run.tasks.set(item, taskId);
		hints.push(...reader.hints.map((hint) => `${hint} [item ${item}]`));
		return plan;
	});
	addHints(context, hints);
	if (isStopping) throwFailures(run, failuresIn(prepared));

	const plans = prepared.flatMap((plan) => (plan.ok ? [plan.value] : []));
	const refusal = plans.length > 0 ? refuse?.(plans) : undefined;
	if (isStopping && refusal !== undefined) throwFailures(run, [{ failure: refusal }]);

	const maxConcurrent = plans.length > 0 ? limit(plans) : 1;
	const results = await mapConcurrently(prepared, maxConcurrent, async (plan, item) => {
		if (!plan.ok) return plan;
		if (refusal !== undefined) return err(refusal);
		if (run.signal.aborted) return err(STOPPED);
		const result = await workSafely(run, plan.value, item, work);
		if (isStopping && !result.ok) run.stop();
		return result;
	});

	if (isStopping) {
		const failures = failuresIn(results);
		const causes = failures.filter(({ failure }) => failure.kind !== 'stopped');
		throwFailures(run, causes.length > 0 ? causes : failures);
	}
	return results.map((result, item) =>
		result.ok
			? { ...result.value, pairedItem: { item } }
			: markForErrorOutput(context.getNode(), failureItem(result.failure, item)),
	);
}
