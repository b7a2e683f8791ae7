import { setTimeout as sleep } from 'node:timers/promises';
import type { INodeParameters } from 'n8n-workflow';
import { required } from '../../support/required.mts';
import { generationTimes } from '../../support/measure/random.mts';
import { format, formatSpread, formatWhole, summaryOf } from '../measure/statistics.mts';
import { finishedTasks } from '../measure/tasks.mts';
import { onStage, requestsTaking } from '../stage.mts';
import type { Stage } from '../stage.mts';
import { generating, parking, parkingWithWaitNode } from '../workflows.mts';
import type { Result, Settings } from '../scenario.mts';

const TASK_MS = 900;

/** So that an execution starts or goes on at a time when no other does. */
const STAGGER_MS = 600;

const LONG_MS = 3_600_000;

/** How many tasks are submitted before an execution is parked. */
const MAX_AT_ONCE = 100;

const executionIdIn = (url: string) => /\/webhook-waiting\/(\d+)/.exec(url)?.[1];

/** From the callback that was taken to the start of the node behind, milliseconds. */
async function lagsOfExecutions({ client, apixo }: Stage, executionIds: string[]) {
	const lags: number[] = [];
	for (const id of executionIds) {
		const { data } = await client.waitForExecution(id);
		const taken = required(
			apixo.callbacks().find(({ url, status }) => executionIdIn(url) === id && status === 200),
			`callback that resumed execution ${id}`,
		);
		lags.push(data.resultData.runData.After[0].startTime - taken.at);
	}
	return lags;
}

/** Milliseconds from the callback to the node behind. */
interface Lags {
	callback: number[];
	waitNode: number[];
}

/** Measures both kinds of waiting in turn. */
async function measureLag(stage: Stage, count: number): Promise<Lags> {
	const { client, credentials, apixo } = stage;
	apixo.reset();
	const requests = requestsTaking([TASK_MS]);
	const service = { credentials, baseUrl: apixo.baseUrl };
	const callback = await client.createWorkflow(parking(credentials, requests));
	const waitNode = await client.createWorkflow(parkingWithWaitNode(service, requests));
	const started: Record<keyof Lags, string[]> = { callback: [], waitNode: [] };
	for (let turn = 0; turn < count; turn += 1) {
		started.callback.push(await client.run(callback.id, 'Start'));
		await sleep(STAGGER_MS);
		started.waitNode.push(await client.run(waitNode.id, 'Start'));
		await sleep(STAGGER_MS);
	}
	return {
		callback: await lagsOfExecutions(stage, started.callback),
		waitNode: await lagsOfExecutions(stage, started.waitNode),
	};
}

/** Requests in one parked execution of several tasks. */
interface Traffic {
	/** tasks */
	count: number;
	polls: number;
	pollsWhileParked: number;
	/** callbacks, each try */
	deliveries: number;
	/** from the end of the last task to that of the execution */
	endedSecondsLater: number;
}

/** @param scale factor for the generation times */
async function measureTraffic(stage: Stage, count: number, scale: number): Promise<Traffic> {
	const { apixo, credentials } = stage;
	apixo.reset();
	const requests = requestsTaking(generationTimes(count, { scale }));
	const { endedMs } = await stage.run(parking(credentials, requests));
	const lastMs = Math.max(...finishedTasks(apixo).map(({ completeTime }) => completeTime));
	const polls = apixo.requests({ kind: 'status' });
	const callbacks = apixo.callbacks();
	return {
		count,
		polls: polls.length,
		pollsWhileParked: polls.filter(({ at }) => at < callbacks[0].at).length,
		deliveries: callbacks.length,
		endedSecondsLater: (endedMs - lastMs) / 1_000,
	};
}

/** Live heap that executions take while they wait. @returns MiB */
async function heapOfWaiting(
	tarball: string,
	count: number,
	parameters: INodeParameters,
): Promise<number> {
	return await onStage(tarball, async (stage) => {
		const { client, credentials, apixo } = stage;
		await stage.run(
			generating(credentials, requestsTaking([0]), { options: { firstPollDelay: 0 } }),
		);
		const workflow = generating(credentials, requestsTaking([LONG_MS]), parameters);
		const { id } = await client.createWorkflow(workflow);
		const before = await stage.liveHeapMb();
		for (let turn = 0; turn < count; turn += 1) await client.run(id, 'Start');
		while (apixo.ledger().length <= count) await sleep(100);
		// n8n saves a parked execution and drops it from memory a moment later.
		await sleep(5_000);
		return (await stage.liveHeapMb()) - before;
	});
}

interface Measured {
	lags: Lags;
	/** by size, the largest last */
	traffic: Traffic[];
	/** MiB, by kind of waiting */
	heap: Record<string, number>;
	/** executions behind `heap` */
	parked: number;
}

function resultOf({ lags, traffic, heap, parked }: Measured): Result {
	const [ours, theirs] = [summaryOf(lags.callback), summaryOf(lags.waitNode)];
	const ratio = ours.median / theirs.median;
	const largest = traffic[traffic.length - 1];
	const perTask = largest.polls / largest.count;
	// Larger ones go on in between, to submit more.
	const submittedAtOnce = traffic.filter(({ count }) => count <= MAX_AT_ONCE);
	const whileParked = Math.max(...submittedAtOnce.map((one) => one.pollsWhileParked));
	const lagRow = (name: string, { median, min, max }: typeof ours, what: string) => [
		name,
		...[median, min, max].map(format),
		what,
	];
	return {
		raw: { lags, traffic, heap },
		marks: [
			{
				what: 'Callback to resumed execution, median ÷ that of n8n’s Wait node',
				mark: '≤ 1.2',
				measured: format(ratio),
				isMet: ratio <= 1.2,
			},
			{
				what: `GETs while parked, up to ${MAX_AT_ONCE} tasks`,
				mark: '0',
				measured: String(whileParked),
				isMet: whileParked === 0,
			},
			{
				what: `GETs per task in all, ${formatWhole(largest.count)} tasks in one execution`,
				mark: '≤ 2',
				measured: format(perTask),
				isMet: perTask <= 2,
			},
		],
		tables: [
			{
				caption: `From the moment when the stand-in calls to the start of the node that follows; ${ours.count} executions of each, in turn.`,
				columns: ['Waiting by', 'Median, ms', 'Best, ms', 'Worst, ms', 'What is asked'],
				rows: [
					lagRow(
						'Callback wait',
						ours,
						'nothing by the callback; the node then asks APIXO for each task',
					),
					lagRow('n8n’s Wait node', theirs, 'nothing: whoever knows the URL is believed'),
				],
			},
			{
				caption:
					'One execution, until all its tasks are final. “Goes on”: seconds from the end of the last task to the end of the execution.',
				columns: [
					'Tasks',
					'GETs in all',
					'GETs per task',
					'GETs before the first callback',
					'Deliveries by APIXO',
					'Goes on after, s',
				],
				rows: traffic.map((one) => [
					formatWhole(one.count),
					formatWhole(one.polls),
					format(one.polls / one.count),
					String(one.pollsWhileParked),
					formatWhole(one.deliveries),
					format(one.endedSecondsLater),
				]),
			},
			{
				caption: `Live heap for ${parked} executions of one task that wait at the same time, each kind in a fresh n8n.`,
				columns: ['Waiting by', 'Live heap, + MB', 'For each execution, kB'],
				rows: Object.entries(heap).map(([name, megabytes]) => [
					name,
					format(megabytes),
					format((megabytes * 1_024) / parked),
				]),
			},
		],
		charts: [
			{
				file: 'callback',
				title: 'From the callback to the next node',
				yName: 'milliseconds',
				categories: [`${ours.count} executions of each`],
				series: [
					{ name: 'n8n’s Wait node', values: [lags.waitNode] },
					{ name: 'Callback wait', values: [lags.callback] },
				],
			},
		],
		notes: [
			'No more than a hundred tasks are submitted between two parks, so that a kill puts no more than these at risk. So with more tasks the execution goes on in between, about once a minute, and then asks for each task under way: that is why a large batch begins later and makes more GETs.',
			'A callback only wakes the execution. The node then asks APIXO for each task: one request more than the Wait node makes, and part of its lag.',
			`The spread: Wait node ${formatSpread(lags.waitNode)} ms, callback wait ${formatSpread(lags.callback)} ms.`,
		],
	};
}

export const name = 'callback';

export const title = 'Callback wait beside n8n’s own Wait node, and beside polling';

const SHORT_TRAFFIC = [
	{ count: 1, scale: 0.02 },
	{ count: 25, scale: 0.02 },
];
const LONG_TRAFFIC = [
	{ count: 1, scale: 0.1 },
	{ count: 25, scale: 0.1 },
	{ count: 100, scale: 0.1 },
	{ count: 300, scale: 1 },
	{ count: 1000, scale: 1 },
];

export async function run({ tarball, isShort, log }: Settings): Promise<Result> {
	const parked = isShort ? 10 : 100;
	const measured = await onStage(tarball, async (stage) => {
		await measureLag(stage, 3);
		const lags = await measureLag(stage, isShort ? 5 : 50);
		log(JSON.stringify(lags));
		const traffic: Traffic[] = [];
		for (const { count, scale } of isShort ? SHORT_TRAFFIC : LONG_TRAFFIC) {
			const one = await measureTraffic(stage, count, scale);
			traffic.push(one);
			log(JSON.stringify(one));
		}
		return { lags, traffic };
	});
	const heap = {
		'Callback wait': await heapOfWaiting(tarball, parked, { waitFor: 'callback' }),
		'Parked polling': await heapOfWaiting(tarball, parked, { waitFor: 'parked' }),
		Polling: await heapOfWaiting(tarball, parked, {}),
	};
	return resultOf({ ...measured, heap, parked });
}
