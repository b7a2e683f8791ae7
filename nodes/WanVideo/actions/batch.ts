import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { inParallel } from '../waiting/parallel';
import { type Stops, watchForStop } from '../waiting/stopping';
import { type Failure, type Outcome, STOPPED, failed } from '../wan/failure';
import {
	type FailedItem,
	failureItem,
	markForErrorOutput,
	paidAndKept,
	stopError,
} from './failures';

const RETRY_NOTE = 'If you retry this execution instead, they are picked up without paying again.';

/** What the work on an item gets from the batch. */
export interface Run extends Stops {
	/** Tells of a task that was paid for, so that a failure elsewhere can name it. */
	paid(item: number, taskId: string): void;
}

interface Batch<Plan> {
	/** Reads and checks an item. All items are prepared before any work begins. */
	prepare(item: number): Outcome<Plan>;
	/** A last look at all plans together, before any work begins. */
	admit?(plans: Plan[]): Failure | undefined;
	/** The task that an earlier try of this run paid for, so that any failure can name it. */
	known?(plan: Plan, item: number): string | undefined;
	/** What the user should know about an item although nothing is wrong. */
	hints?(plan: Plan): string[];
	/** How many items may be under way at once. */
	limit(plans: Plan[]): number;
	work(plan: Plan, item: number, run: Run): Promise<Outcome<INodeExecutionData>>;
}

function readSafely<Plan>(prepare: () => Outcome<Plan>): Outcome<Plan> {
	try {
		return prepare();
	} catch (error) {
		// An expression that cannot be resolved for this item.
		return failed({
			message: error instanceof Error ? error.message : String(error),
			hint: 'Nothing was submitted for this item. Check the expressions in its parameters.',
			details: {},
		});
	}
}

/** A batch of items that are alike would fill the output's whole pane. */
const MOST_HINTS = 5;

function tellHints(context: IExecuteFunctions, hints: string[]): void {
	const more = hints.length - MOST_HINTS;
	const told = more > 0 ? [...hints.slice(0, MOST_HINTS), `And ${more} more such hints`] : hints;
	for (const message of told) context.addExecutionHints?.({ message, location: 'outputPane' });
}

/**
 * Runs an operation over all input items: checks all of them first, works on several at once, and
 * gives results in input order, each paired with its input. What fails is told as On Error asks.
 *
 * @throws NodeOperationError under On Error = Stop, before any work if an item is invalid
 */
export async function runBatch<Plan>(
	context: IExecuteFunctions,
	{ prepare, admit, known, hints, limit, work }: Batch<Plan>,
): Promise<INodeExecutionData[]> {
	// Agents up to version 2 are told nothing of an error that a tool throws, but read its items.
	const isReadByAgent = context.isToolExecution?.() === true && !context.getNode().retryOnFail;
	const isStopping = !context.continueOnFail() && !isReadByAgent;
	const tasks = new Map<number, string>();
	const run: Run = {
		...watchForStop(context, () => [...tasks.values()]),
		paid: (item, taskId) => {
			tasks.set(item, taskId);
			// Should n8n be killed now, the log is the only place that names the task.
			context.logger.info(
				`Wan Video task ${taskId} [item ${item}] is paid for and under way (execution ${context.getExecutionId()})`,
			);
		},
	};
	const prepared = context.getInputData().map((_, item) => readSafely(() => prepare(item)));
	const toldHints: string[] = [];
	for (const [item, plan] of prepared.entries()) {
		if (!plan.ok) continue;
		const taskId = known?.(plan.value, item);
		if (taskId !== undefined) tasks.set(item, taskId);
		for (const message of hints?.(plan.value) ?? []) toldHints.push(`${message} [item ${item}]`);
	}
	tellHints(context, toldHints);
	const outcomes: Array<Outcome<INodeExecutionData>> = [];

	const throwIfStopping = (failures: FailedItem[]) => {
		if (!isStopping || failures.length === 0) return;
		const others = [...tasks]
			.map(([item, taskId]) => ({ item, taskId }))
			.filter(({ item }) => !failures.some((failed) => failed.item === item))
			.sort((a, b) => a.item - b.item);
		const notes = others.length > 0 ? [...paidAndKept(others), RETRY_NOTE] : [];
		throw stopError(context.getNode(), failures, notes);
	};
	const failuresIn = (list: Array<Outcome<unknown>>) =>
		list.flatMap((outcome, item) => (outcome.ok ? [] : [{ item, failure: outcome.failure }]));

	throwIfStopping(failuresIn(prepared));
	const plans = prepared.flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
	const refusal = plans.length > 0 ? admit?.(plans) : undefined;
	if (refusal !== undefined) throwIfStopping([{ failure: refusal }]);

	await inParallel(prepared.length, plans.length > 0 ? limit(plans) : 1, async (item) => {
		const plan = prepared[item];
		if (!plan.ok) outcomes[item] = plan;
		else if (refusal !== undefined) outcomes[item] = failed(refusal);
		else if (run.stop.requested) outcomes[item] = failed(STOPPED);
		else outcomes[item] = await work(plan.value, item, run);
		if (isStopping && !outcomes[item].ok) run.stop.request();
	});

	const failures = failuresIn(outcomes);
	const causes = failures.filter(({ failure }) => !failure.stopped);
	throwIfStopping(causes.length > 0 ? causes : failures);
	return outcomes.map((outcome, item) =>
		outcome.ok
			? { ...outcome.value, pairedItem: { item } }
			: markForErrorOutput(context.getNode(), failureItem(outcome.failure, item)),
	);
}
