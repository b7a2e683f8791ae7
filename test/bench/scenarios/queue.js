'use strict';

const { format } = require('../measure/statistics');
const { cpuShares, openQueueStage, publish } = require('../queue-stage');

const TASK_SECONDS = 20;
const SLOTS = 5;

/** Waits for a task that another call makes final. */
const LONG_MS = 3_600_000;

const promptOf = (ms) => `A video, ${ms} ms`;

async function secondsFor(work) {
	const startedAt = Date.now();
	await work();
	return (Date.now() - startedAt) / 1_000;
}

/** How long an execution that does nothing takes now: it needs a free slot of the worker. */
async function quickSeconds(quick, done) {
	return await secondsFor(async () => {
		await quick.start(1);
		await quick.reach(done + 1, 'success');
	});
}

async function measureCallback(stage, quick, count) {
	stage.apixo.reset();
	const workflow = await publish(stage, {
		prompt: promptOf(TASK_SECONDS * 1_000),
		waitFor: 'callback',
	});
	const wallSeconds = await secondsFor(async () => {
		await workflow.start(count);
		await workflow.reach(count, 'success');
	});
	return { count, wallSeconds, charges: stage.apixo.ledger().length };
}

async function measurePolling(stage, quick, count) {
	stage.apixo.reset();
	const options = { firstPollDelay: TASK_SECONDS, pollInterval: 1 };
	const workflow = await publish(stage, { prompt: promptOf(TASK_SECONDS * 1_000), options });
	let meanwhile;
	const wallSeconds = await secondsFor(async () => {
		await workflow.start(count);
		meanwhile = await quickSeconds(quick, 1);
		await workflow.reach(count, 'success');
	});
	return { count, wallSeconds, meanwhile, charges: stage.apixo.ledger().length };
}

/** All tasks become final at once: how fast do the executions go on? */
async function measureResuming(stage, count, beforeResuming = async () => undefined) {
	stage.apixo.reset();
	const workflow = await publish(stage, { prompt: promptOf(LONG_MS), waitFor: 'callback' });
	await workflow.start(count);
	await workflow.reach(count, 'waiting');
	const meanwhile = await beforeResuming();
	const { seconds, shares } = await cpuShares(stage, async () => {
		for (const { taskId } of stage.apixo.tasks()) stage.apixo.finish(taskId);
		await workflow.reach(count, 'success');
	});
	const refused = stage.apixo.callbacks().filter(({ status }) => status !== 200).length;
	return { count, meanwhile, perSecond: count / seconds, shares, refused };
}

function resultOf({ callback, polling, one, two }) {
	const rounds = callback.count / polling.count;
	const pollingSeconds = polling.wallSeconds * rounds;
	const faster = pollingSeconds / callback.wallSeconds;
	const growth = two.perSecond / one.perSecond;
	const percent = (share) => `${Math.round(share * 100)} %`;
	const groups = Object.keys(one.shares);
	return {
		raw: { callback, polling, one, two },
		marks: [
			{
				what: `${callback.count} executions of one ${TASK_SECONDS} s video, ${SLOTS} slots: callback wait, times as fast as polling`,
				mark: '≥ 20',
				measured: format(faster),
				isMet: faster >= 20,
			},
			{
				what: 'Nothing lost: executions that succeeded, charges',
				mark: `${callback.count}, ${callback.count}`,
				measured: `${callback.count}, ${callback.charges}`,
				isMet: callback.charges === callback.count,
			},
			{
				what: 'Resumed executions a second, two workers ÷ one',
				mark: '≥ 1.6',
				measured: format(growth),
				isMet: growth >= 1.6,
			},
		],
		tables: [
			{
				caption: `One worker with ${SLOTS} slots. Polling was measured with ${polling.count} executions and multiplied: each slot holds one task at a time, so it grows in proportion.`,
				columns: [
					'Waiting by',
					'Executions',
					'Wall time, s',
					'An execution that does nothing, meanwhile, s',
				],
				rows: [
					[
						'Callback wait',
						String(callback.count),
						format(callback.wallSeconds),
						`${format(one.meanwhile)} (${one.count} parked)`,
					],
					[
						'Polling',
						String(polling.count),
						format(polling.wallSeconds),
						format(polling.meanwhile),
					],
					['Polling, in proportion', String(callback.count), format(pollingSeconds), ''],
				],
			},
			{
				caption: `${one.count} parked executions whose tasks become final at the same moment. Shares are of all cores.`,
				columns: [
					'Workers',
					'Resumed a second',
					...groups.map((name) => `CPU: ${name}`),
					'Callbacks to be repeated',
				],
				rows: [one, two].map((run, index) => [
					String(index + 1),
					format(run.perSecond),
					...groups.map((name) => percent(run.shares[name])),
					String(run.refused),
				]),
			},
		],
		charts: [
			{
				file: 'queue',
				title: `${callback.count} executions of one ${TASK_SECONDS} s video, one worker with ${SLOTS} slots`,
				yName: 'seconds',
				isLogarithmic: true,
				categories: ['polling (in proportion)', 'callback wait'],
				series: [{ name: 'Wall time', values: [[pollingSeconds], [callback.wallSeconds]] }],
			},
		],
		notes: [
			'Main, one webhook processor, workers, Redis, PostgreSQL, the stand-in for APIXO and what measures share the cores of this one machine. Where their sum is near 100 %, a second worker has no core to run on, whatever the node does.',
			`Polling looked for the first time after ${TASK_SECONDS} s, when its task was just ready, and then each second: better than it can know.`,
		],
	};
}

module.exports = {
	name: 'queue',
	title: 'Queue mode: callback wait beside polling, and a second worker',

	async run({ isShort, log }) {
		const [many, few] = isShort ? [20, 5] : [300, 15];
		const stage = await openQueueStage();
		try {
			const quick = await publish(stage);
			await quickSeconds(quick, 0);
			const polling = await measurePolling(stage, quick, few);
			log(JSON.stringify(polling));
			const callback = await measureCallback(stage, quick, many);
			log(JSON.stringify(callback));
			const one = await measureResuming(stage, many, async () => await quickSeconds(quick, 2));
			log(JSON.stringify(one));
			await stage.cluster.addWorker();
			const two = await measureResuming(stage, many);
			log(JSON.stringify(two));
			return resultOf({ callback, polling, one, two });
		} finally {
			await stage.close();
		}
	},
};
