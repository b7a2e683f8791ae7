import { setTimeout as sleep } from 'node:timers/promises';
import { generationTimes } from '../../support/measure/random.mts';
import { format, formatSpread, summaryOf } from '../measure/statistics.mts';
import { onStage, requestsTaking } from '../stage.mts';
import { generating, parking, parkingWithWaitNode } from '../workflows.mts';

const TASK_MS = 900;

/** So that an execution starts or goes on at a time when no other does. */
const STAGGER_MS = 600;

const LONG_MS = 3_600_000;

const idIn = (url) => /\/webhook-waiting\/(\d+)/.exec(url)[1];

/** From the callback that was taken to the start of the node behind, milliseconds. */
async function lagsOfExecutions({ client, apixo }, executionIds) {
	const lags = [];
	for (const id of executionIds) {
		const { data } = await client.waitForExecution(id);
		const taken = ({ url, status }) => idIn(url) === id && status === 200;
		const { at } = apixo.callbacks().find(taken);
		lags.push(data.resultData.runData.After[0].startTime - at);
	}
	return lags;
}

/** Both kinds of waiting in turn. @returns milliseconds */
async function measureLag(stage, count): Promise<Record<string, number[]>> {
	const { client, credentials, apixo } = stage;
	apixo.reset();
	const requests = requestsTaking([TASK_MS]);
	const service = { credentials, baseUrl: apixo.baseUrl };
	const workflows = {
		callback: (await client.createWorkflow(parking(credentials, requests))).id,
		waitNode: (await client.createWorkflow(parkingWithWaitNode(service, requests))).id,
	};
	const started = { callback: [], waitNode: [] };
	for (let turn = 0; turn < count; turn += 1) {
		for (const [kind, workflowId] of Object.entries(workflows)) {
			started[kind].push(await client.run(workflowId, 'Start'));
			await sleep(STAGGER_MS);
		}
	}
	return {
		callback: await lagsOfExecutions(stage, started.callback),
		waitNode: await lagsOfExecutions(stage, started.waitNode),
	};
}

/** How often APIXO is asked in one parked execution of several tasks. */
async function measureQuestions(stage, count, scale) {
	stage.apixo.reset();
	const requests = requestsTaking(generationTimes(count, { scale }));
	const { execution } = await stage.run(parking(stage.credentials, requests));
	const endedMs = Date.parse(execution.stoppedAt);
	const lastMs = Math.max(...stage.apixo.tasks().map(({ completeTime }) => completeTime));
	const looks = stage.apixo.requests({ kind: 'status' });
	const firstCallbackMs = stage.apixo.callbacks()[0].at;
	return {
		count,
		looks: looks.length,
		whileParked: looks.filter(({ at }) => at < firstCallbackMs).length,
		deliveries: stage.apixo.callbacks().length,
		endedSecondsLater: (endedMs - lastMs) / 1_000,
	};
}

/** Live heap that executions take while they wait. @returns MiB */
async function heapOfWaiting(settings, count, parameters): Promise<number> {
	return await onStage(settings, async (stage) => {
		const { client, credentials, apixo } = stage;
		await stage.run(
			generating(credentials, requestsTaking([0]), { options: { firstPollDelay: 0 } }),
		);
		const workflow = generating(credentials, requestsTaking([LONG_MS]), parameters);
		const { id } = await client.createWorkflow(workflow);
		const before = await stage.liveHeapMb();
		for (let turn = 0; turn < count; turn += 1) await client.run(id, 'Start');
		while (apixo.ledger().length <= count) await sleep(100);
		// n8n writes a parked execution down and lets go of it a moment later.
		await sleep(5_000);
		return (await stage.liveHeapMb()) - before;
	});
}

function resultOf({ lags, questions, heap, parked }) {
	const [ours, theirs] = [summaryOf(lags.callback), summaryOf(lags.waitNode)];
	const ratio = ours.median / theirs.median;
	const largest = questions.at(-1);
	const perTask = largest.looks / largest.count;
	const asked = Math.max(...questions.map(({ whileParked }) => whileParked));
	return {
		raw: { lags, questions, heap },
		marks: [
			{
				what: 'Callback to resumed execution, median ÷ that of n8n’s Wait node',
				mark: '≤ 1.2',
				measured: format(ratio),
				isMet: ratio <= 1.2,
			},
			{ what: 'GETs while parked', mark: '0', measured: String(asked), isMet: asked === 0 },
			{
				what: `GETs per task in all, ${largest.count.toLocaleString('en-US')} tasks in one execution`,
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
					['Callback wait', ours, 'APIXO, whether it is true; the result comes from the answer'],
					['n8n’s Wait node', theirs, 'nothing: whoever knows the URL is believed'],
				].map(([name, { median, min, max }, what]) => [
					name,
					...[median, min, max].map(format),
					what,
				]),
			},
			{
				caption:
					'One execution, parked until all its tasks are final. “Goes on”: seconds from the end of the last task to the end of the execution.',
				columns: [
					'Tasks',
					'GETs in all',
					'GETs per task',
					'GETs before the first callback',
					'Deliveries by APIXO',
					'Goes on after, s',
				],
				rows: questions.map((one) => [
					one.count.toLocaleString('en-US'),
					one.looks.toLocaleString('en-US'),
					format(one.looks / one.count),
					String(one.whileParked),
					one.deliveries.toLocaleString('en-US'),
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
			'A thousand tasks in one execution keep n8n busy while their callbacks come in; what it answers too late is delivered again. Up to 300 it hardly shows.',
			'The callback wait asks APIXO before it believes a callback: one request more than the Wait node makes, and part of its lag.',
			`The spread: Wait node ${formatSpread(lags.waitNode)} ms, callback wait ${formatSpread(lags.callback)} ms.`,
		],
	};
}

export const name = 'callback';

export const title = 'Callback wait beside n8n’s own Wait node, and beside polling';

export async function run({ tarball, isShort, log }) {
	const parked = isShort ? 10 : 100;
	const measured = await onStage({ tarball }, async (stage) => {
		await measureLag(stage, 3);
		const lags = await measureLag(stage, isShort ? 5 : 50);
		log(JSON.stringify(lags));
		const questions = [];
		for (const [count, scale] of isShort
			? [
					[1, 0.02],
					[25, 0.02],
				]
			: [
					[1, 0.1],
					[25, 0.1],
					[100, 0.1],
					[300, 1],
					[1000, 1],
				]) {
			questions.push(await measureQuestions(stage, count, scale));
			log(JSON.stringify(questions.at(-1)));
		}
		return { lags, questions };
	});
	const heap = {
		'Callback wait': await heapOfWaiting({ tarball }, parked, { waitFor: 'callback' }),
		Polling: await heapOfWaiting({ tarball }, parked, {}),
	};
	return resultOf({ ...measured, heap, parked });
}
