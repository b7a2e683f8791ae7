import type { TaskView } from '../../../emulator/index.mts';
import { readItem } from '../../support/item.mts';
import type { Item } from '../../support/item.mts';
import type { Visit } from '../../support/n8n/witness.mts';
import { type Expected, expectedOf, isPaying } from './expected.mts';
import type { Visited } from './live.mts';
import type { Played } from './play.mts';
import type { Call } from './post.mts';
import type { StopKind } from './story.mts';
import { LONG_SECONDS, countOf, promptOf, stopName } from './workflow.mts';

/** Parked for at least 62 s; clocks are read at two places. */
const MIN_PARK_MS = 58_000;
/** From 10 s on, the node has a look at what was submitted that long ago. */
const LONG_SUBMISSION_MS = 8_000;

const itemsIn = ({ body }: Visit): Item[] => (Array.isArray(body) ? body.map(readItem) : []);
const taskIdOf = ({ taskId, details }: Item) => taskId ?? details?.taskId;

/** When the workflow was told of a task; Unix ms. */
function toldTimes({ passes, fails }: Played): Map<string, number[]> {
	const times = new Map<string, number[]>();
	for (const visit of [...passes, ...fails].flat()) {
		for (const taskId of itemsIn(visit).map(taskIdOf)) {
			if (taskId !== undefined) times.set(taskId, [...(times.get(taskId) ?? []), visit.at]);
		}
	}
	return times;
}

const isPaid = ({ usd }: TaskView) => usd !== undefined;

/** No node was passed more often than somebody let it, or before. */
function passFaults(played: Played, expected: Expected): string[] {
	const { story, passes, visited } = played;
	return story.stops.flatMap((stop, index) => {
		const faults: string[] = [];
		const [seen, wanted] = [passes[index].length, expected.passes[index]];
		if (seen !== wanted)
			faults.push(`${stopName(stop, index)} was passed ${seen} times, not ${wanted}`);
		for (const [pass, { at }] of passes[index].entries()) {
			const here = visited.find((one) => one.index === index && one.pass === pass);
			if (here?.calledAt !== undefined && at < here.calledAt) {
				faults.push(`${stopName(stop, index)} was passed before anybody called`);
			}
			const before = index > 0 ? passes[index - 1][pass]?.at : undefined;
			if (stop.kind === 'wait for time' && before !== undefined) {
				if (at - before < LONG_SECONDS * 1_000 - 100)
					faults.push(`${stopName(stop, index)} took ${at - before} ms`);
			}
		}
		return faults;
	});
}

/** Each task that was paid for came into the workflow once, with its own video, in its place. */
function videoFaults(played: Played, expected: Expected): string[] {
	const { story, tasks, passes, execution } = played;
	const faults: string[] = [];
	const told = toldTimes(played);
	const paid = tasks.filter(isPaid);
	const prompts = paid.map(({ prompt }) => prompt).sort();
	if (prompts.join() !== [...expected.prompts].sort().join()) {
		faults.push(`paid for ${prompts}, but ${expected.prompts} were asked for`);
	}
	const record = JSON.stringify(execution);
	for (const { taskId, prompt = '' } of paid) {
		const times = told.get(taskId)?.length ?? 0;
		const isStopped = expected.stopped.includes(prompt);
		if (times !== (isStopped ? 0 : 1)) faults.push(`${prompt} came ${times} times`);
		if (isStopped && !record.includes(taskId)) faults.push(`${prompt} is named nowhere`);
	}
	for (const [index, stop] of story.stops.entries()) {
		if (!isPaying(stop)) continue;
		for (const [pass, visit] of passes[index].entries()) {
			const came = itemsIn(visit);
			const fates = stop.passes[pass].fates;
			const isKept = ({ fails }: { fails: boolean }) =>
				!fails || stop.onError === 'continueRegularOutput';
			const wanted = Array.from({ length: countOf(stop) }, (_, item) => item)
				.filter((item) => isKept(fates[item]))
				.map((item) => tasks.find((task) => task.prompt === promptOf(index, pass, item)));
			const isRight = (item: Item, number: number) => {
				const task = wanted[number];
				if (task?.state === 'failed') return item.details?.taskId === task.taskId;
				return task !== undefined && item.videoUrl?.endsWith(`/files/${task.taskId}.mp4`);
			};
			if (came.length !== wanted.length || !came.every(isRight)) {
				faults.push(
					`${stopName(stop, index)} put out what is not its own: ${JSON.stringify(came)}`,
				);
			}
		}
	}
	return faults;
}

/** All calls, and where the execution was when they came. */
export function callsOf({ visited, strays, deliveries }: Played): Array<Call & { where: string }> {
	const placed = (where: string) => (call: Call) => ({ ...call, where });
	return [
		...deliveries.map(placed('delivery')),
		...strays.map(placed('the end')),
		...visited.flatMap((here) => [
			...here.strays.map(placed(here.stop.kind)),
			...here.busyStrays.map(placed('on its way')),
		]),
	];
}

/** What may be said to a call that the node does not wait for. */
const REFUSALS = [400, 401, 404, 409, 422];

/**
 * While n8n goes on with an execution, its own code trips over what it reads of it, before any node
 * sees the call. APIXO delivers again.
 */
const isOwnFault = (answer = '') =>
	/Cannot read properties of undefined \(reading '(inputOverride|resumeToken)'\)/.test(answer);

/** Accepted is only the report of a task that is waited for; and nothing fails. */
function callFaults(played: Played): string[] {
	const told = toldTimes(played);
	const { execution, tasks } = played;
	const end = execution.stoppedAt ? Date.parse(execution.stoppedAt) : Infinity;
	const reported = new Set<string | undefined>(
		tasks.filter(({ callbackUrl }) => callbackUrl !== undefined).map(({ taskId }) => taskId),
	);
	return callsOf(played).flatMap((call) => {
		const { kind, where, at, taskId = '', status = 0, answer } = call;
		const text = `${kind} at ${where}, of ${taskId}: ${status} ${answer}`;
		if (status === 200) {
			const times = told.get(taskId) ?? [end];
			const isAwaited = reported.has(taskId) && at <= Math.min(...times);
			return isAwaited ? [] : [`accepted ${text}`];
		}
		if (status === 500 && isOwnFault(answer)) return [];
		// No answer at all: lost on its way, as was drawn, or n8n was too slow.
		const isRedirected = kind === 'delivery' && status === 307;
		return status === 0 || isRedirected || REFUSALS.includes(status) ? [] : [text];
	});
}

/** A node that waits for a video looked for it only when it was called for it, or when it was time. */
function pollFaults(played: Played): string[] {
	const { story, tasks, polls, submissions } = played;
	const accepted = callsOf(played).filter(({ status, answer }) => status === 200 || isOpen(answer));
	return polls.flatMap((poll) => {
		const task = tasks.find(({ taskId }) => taskId === poll.taskId);
		if (task === undefined) return [`asked for ${poll.taskId}, which is no task`];
		const before = polls.filter(({ taskId, at }) => taskId === task.taskId && at < poll.at).at(-1);
		const since = before?.at ?? task.createTime;
		if (!isPaid(task) && before === undefined) return [];
		if (poll.at - since >= MIN_PARK_MS) return [];
		const run = tasks.filter((one) => runOf(one) === runOf(task));
		const isCalled = ({ taskId }: TaskView) =>
			accepted.some(
				(call) => call.taskId === taskId && call.at >= task.createTime && call.at <= poll.at,
			);
		const isNewlyCalled = run.some(({ taskId }) =>
			accepted.some((call) => call.taskId === taskId && call.at > since && call.at <= poll.at),
		);
		const ended = submissions
			.filter(({ taskId }) => run.some((one) => one.taskId === taskId))
			.map(({ endedAt = 0 }) => endedAt);
		if (Math.max(...ended) - task.createTime >= LONG_SUBMISSION_MS) return [];
		if (task.callbackUrl !== undefined && (before ? isNewlyCalled : run.every(isCalled))) return [];
		const seconds = ((poll.at - since) / 1_000).toFixed(1);
		return [
			`${task.prompt ?? task.taskId} of story ${story.number} was asked for after ${seconds} s`,
		];
	});
}

const isOpen = (answer?: string) => answer === undefined || answer.includes('no answer in time');

/** Tasks of one run of one node. */
const runOf = ({ taskId, prompt }: TaskView) => prompt?.split('.').slice(0, 2).join('.') ?? taskId;

function endFaults({ execution, story, visited }: Played, { status }: Expected): string[] {
	if (execution.status !== status) {
		const because = execution.data.resultData.error?.message ?? '';
		return [`ended as ${execution.status}, not ${status} ${because}`];
	}
	const { lastNodeExecuted } = execution.data.resultData;
	const last = visited.at(-1);
	if (status !== 'waiting' || last === undefined) return [];
	const wanted = stopName(story.stops[last.index], last.index);
	return lastNodeExecuted === wanted ? [] : [`is parked at ${lastNodeExecuted}, not at ${wanted}`];
}

const describe = ({ stop, index, pass }: Visited) => `${stop.kind} ${index}.${pass}`;

/** @returns faults in words; none if all is well */
export function judge(played: Played): string[] {
	const expected = expectedOf(played.story);
	const faults = [
		...(played.isStuck ? [`stuck: ${played.strays.at(-1)?.kind}`] : []),
		...endFaults(played, expected),
		...passFaults(played, expected),
		...videoFaults(played, expected),
		...callFaults(played),
		...pollFaults(played),
	];
	const { number } = played.story;
	const way = played.visited.map(describe).join(' → ');
	return faults.map(
		(fault) => `story ${number}, execution ${played.execution.id} (${way}): ${fault}`,
	);
}

export type CallTable = Map<string, Map<string, number>>;

const count = (table: CallTable, row: string, column: string) => {
	const counts = table.get(row) ?? new Map<string, number>();
	table.set(row, counts.set(column, (counts.get(column) ?? 0) + 1));
};

/** Adds the answers that calls got, by where the execution was. */
export function countCalls(table: CallTable, played: Played) {
	const told = toldTimes(played);
	for (const { where, at, taskId = '', status, answer } of callsOf(played)) {
		const times = told.get(taskId);
		const isLate = times !== undefined && at > Math.min(...times);
		const place = where === 'delivery' ? (isLate ? 'late delivery' : 'delivery') : where;
		count(table, place, String(status ?? (answer?.includes('lost') ? 'lost' : 'unanswered')));
	}
}

export function countStops(table: Map<StopKind, number>, { visited }: Played) {
	for (const { stop } of visited) table.set(stop.kind, (table.get(stop.kind) ?? 0) + 1);
}
