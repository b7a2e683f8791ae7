import { type IDataObject, type INodeExecutionData, NodeOperationError } from 'n8n-workflow';
import { omitUndefined } from '../../shared/values';
import { highlightTasks } from '../run/highlight';
import { addHints } from '../run/hints';
import { settle } from '../run/items';
import type { Run } from '../run/run';
import { runIndexOf } from '../tasks/runIndex';
import { expectedSeconds, knownDurations } from '../tasks/durations';
import { parkingHints } from './hints';
import { legacyItems } from './legacy';
import { isTimed, mayBeParkedBehind, park } from './parking';
import { type ItemState, type WaitRecord, findWait, saveWait, taskIdOf } from './record';
import { Stretch, type WaitJob } from './stretch';

/** What goes on so much before its time was woken by a call: clocks of two machines may differ. */
const EARLY_MS = 500;

/** n8n's own limits for Retry On Fail. */
const MIN_TRIES = 2;
const MAX_TRIES = 5;
const DEFAULT_TRIES = 3;

/**
 * Whether n8n's Retry On Fail has had its tries. n8n counts them anew each time that a parked
 * execution goes on; a task that fails each time would be paid for without end.
 */
function isExhausted({ context }: Run, { failures }: WaitRecord): boolean {
	const { retryOnFail, maxTries = DEFAULT_TRIES } = context.getNode();
	return retryOnFail === true && failures >= Math.min(MAX_TRIES, Math.max(MIN_TRIES, maxTries));
}

/** The wait as it goes on in this call of `execute()`. */
async function openWait(run: Run, job: WaitJob, runIndex: number): Promise<WaitRecord> {
	const { context, clock, tasks } = run;
	const executionId = context.getExecutionId();
	const found = findWait(context, runIndex);
	const own = found?.executionId === executionId ? found : undefined;
	const legacy = own === undefined ? legacyItems(run) : undefined;
	if (legacy !== undefined) return { executionId, failures: 0, ...legacy };
	if (own === undefined || (own.parkedUntil === undefined && !isExhausted(run, own))) {
		return { executionId, failures: own?.failures ?? 0, ...(await job.plan()) };
	}
	const { parkedUntil = 0 } = own;
	const isCalled = clock.now() < parkedUntil - EARLY_MS;
	if (!isCalled) delete own.timer;
	else if (isTimed(parkedUntil, clock.now()) && mayBeParkedBehind(context)) {
		own.timer = Math.max(parkedUntil, own.timer ?? 0);
	}
	delete own.parkedUntil;
	if (own.sum !== undefined) run.tally.sum = { ...own.sum };
	for (const [item, state] of own.items.entries()) {
		if (state.kind === 'final' && state.key !== undefined) tasks.set(item, state.taskId);
		if (state.kind !== 'awaited') continue;
		if (state.key !== undefined) tasks.set(item, state.task.taskId);
		// Whatever woke the execution: each task is polled once, and then as planned.
		state.task.nextPoll = clock.now();
		if (isCalled && state.isReported) state.isCalled = true;
	}
	addHints(context, own.hints);
	return own;
}

/** When n8n's timer that a call has left behind goes off, if nothing else is to be waited for. */
function lastTimer({ clock, signal }: Run, { timer = 0 }: WaitRecord): number | undefined {
	return timer > clock.now() && !signal.aborted ? timer : undefined;
}

/** What is shown of an item while the execution is parked. */
function shown(state: ItemState): IDataObject {
	if (state.kind === 'failed') return { state: 'failed' };
	const { facts, kind } = state.terms;
	const taskId = taskIdOf(state);
	if (state.kind === 'final') return { taskId, state: 'success', ...facts };
	const expected = kind === undefined ? undefined : expectedSeconds(knownDurations.of(kind));
	const now = state.kind === 'awaited' ? (state.task.state ?? 'pending') : 'planned';
	return omitUndefined({ taskId, state: now, ...facts, expectedSeconds: expected }) as IDataObject;
}

/** What an item is worth should n8n pass it on instead of running the node again. */
function unlessRunAgain({ context }: Run, state: ItemState | undefined): NodeOperationError {
	// With Execute Once there are more input items than the node works on.
	const taskId = state && taskIdOf(state);
	const named = taskId === undefined ? '' : ` (task ${taskId})`;
	const message = `n8n went on without waiting for this video${named}. Retry the execution with its original workflow, or use the Wait operation`;
	return new NodeOperationError(context.getNode(), message);
}

/**
 * Submits what is planned, waits until all of it is final, and gives the node's output. The
 * execution is parked for pauses that are long enough, if the job asks for that: n8n then runs the
 * node again, and it goes on here with what was saved.
 *
 * @returns one item for each input item; what is shown meanwhile, if the execution is parked
 * @throws NodeOperationError under On Error = Stop if anything failed
 */
export async function waitForItems(run: Run, job: WaitJob): Promise<INodeExecutionData[]> {
	const { context } = run;
	const runIndex = runIndexOf(context);
	const wait = await openWait(run, job, runIndex);
	const mayPark = job.way !== 'polling';
	let stretch = new Stretch(run, job, wait, mayPark);
	const until = (await stretch.go()) ?? lastTimer(run, wait);
	if (until !== undefined) {
		// What is added now is gone when the node has run again, so it is kept to be added once more.
		const hints = parkingHints(run, job, wait.items).filter((hint) => !wait.hints.includes(hint));
		addHints(context, hints);
		wait.hints.push(...hints);
		// None of our code runs when a parked execution is stopped.
		highlightTasks(context, [...run.tasks.values()]);
		wait.parkedUntil = until;
		wait.sum = run.tally.sum;
		saveWait(context, runIndex, wait);
		if (await park(context, until, (item) => unlessRunAgain(run, wait.items.at(item)))) {
			return wait.items.map((state, item) => ({ json: shown(state), pairedItem: { item } }));
		}
		delete wait.parkedUntil;
		stretch = new Stretch(run, job, wait, false);
		await stretch.go();
	}
	const results = await stretch.outputAll();
	if (results.some(({ ok }) => !ok)) wait.failures += 1;
	const isNeeded = mayPark && wait.failures > 0 && context.getNode().retryOnFail === true;
	saveWait(context, runIndex, isNeeded ? wait : undefined);
	return settle(run, results);
}
