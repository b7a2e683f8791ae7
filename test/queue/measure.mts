/*
 * Many executions of one video each on one worker with five slots, waited for in both ways. Polling
 * is given the best schedule there is: it first looks when the task is due, then every second.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { until } from '../support/n8n/until.mts';
import { chain, node, tell, wanVideo, webhookStart } from '../support/n8n/workflows.mts';
import { openClusterStage } from './scenes.mts';

const SLOTS = 5;
const SAMPLE_MS = 100;
const PARALLEL_ORDERS = 10;
const MAX_MINUTES = 60;

const { values: options } = parseArgs({
	options: {
		executions: { type: 'string', default: '60' },
		seconds: { type: 'string', default: '10' },
		waits: { type: 'string', default: 'polling,callback' },
	},
});
const executions = Number(options.executions);
const seconds = Number(options.seconds);

const secondsSince = (start) => (Date.now() - start) / 1_000;

/** Samples how many slots are busy until it is stopped. @returns ends it */
function watchSlots({ redis }): () => number[] {
	const samples = [];
	let isOver = false;
	const watch = async () => {
		while (!isOver) {
			samples.push(await redis.busySlots());
			await sleep(SAMPLE_MS);
		}
	};
	const watching = watch();
	return async () => {
		isOver = true;
		await watching;
		return samples;
	};
}

/** Starts a workflow so many times. @param url of its webhook */
async function order(client, url: string, times) {
	let left = times;
	const orderer = async () => {
		while (left > 0) {
			left -= 1;
			const { status } = await client.postWebhook(url, {});
			if (status !== 200) throw new Error(`An order was answered with ${status}`);
		}
	};
	await Promise.all(Array.from({ length: PARALLEL_ORDERS }, orderer));
}

/** Activates a workflow that ends with a visit at the scene's witness. */
async function activate({ client, n8n, witnessUrl, visits }, name, ...steps) {
	const path = randomUUID();
	const nodes = [webhookStart(path), ...steps, tell('Told', witnessUrl(name))];
	const workflow = await client.createWorkflow(chain(path, nodes));
	await client.activate(workflow.id);
	return { id: workflow.id, url: `${n8n.url}/webhook/${path}`, ends: () => visits(name).length };
}

/** How long a workflow without any video takes while the others wait; seconds. */
async function timeOfAnother(client, other) {
	const start = Date.now();
	await order(client, other.url, 1);
	await until(() => other.ends() > 0, MAX_MINUTES * 60_000);
	return secondsSince(start);
}

async function measure(stage, waitFor: 'polling' | 'callback') {
	const { cluster, client } = stage;
	const scene = await stage.openScene({ generationMs: seconds * 1_000, timeScale: 1 });
	const { apixo, credentials } = scene;
	const schedule = { firstPollDelay: seconds, pollInterval: 1 };
	const parameters = { prompt: 'A fox', waitFor, options: schedule };
	const videos = await activate(scene, 'videos', wanVideo(parameters, { credentials }));
	const other = await activate(scene, 'other', node('Nothing', 'noOp'));

	const stopWatching = watchSlots(cluster);
	const start = Date.now();
	await order(client, videos.url, executions);
	const anotherTook = sleep(3_000).then(async () => await timeOfAnother(client, other));
	await until(() => videos.ends() >= executions, MAX_MINUTES * 60_000);
	const wall = secondsSince(start);
	const another = await anotherTook;
	const samples = await stopWatching();

	const filter = JSON.stringify({ workflowId: videos.id, status: ['success'] });
	const succeeded = async () =>
		(await client.get('/executions', { filter, limit: executions + 1 })).results.length;
	await until(async () => (await succeeded()) >= executions);
	const busy = samples.reduce((sum, count) => sum + count, 0) / samples.length;
	const row = {
		'wait for result by': waitFor,
		'wall s': wall.toFixed(1),
		'slots busy (mean)': `${busy.toFixed(1)} of ${SLOTS}`,
		'all slots free': `${Math.round((100 * samples.filter((count) => count === 0).length) / samples.length)} %`,
		'another workflow s': another.toFixed(2),
		succeeded: await succeeded(),
		'went on': videos.ends(),
		charges: apixo.ledger().length,
		'GETs per task': (apixo.requests({ kind: 'status' }).length / executions).toFixed(2),
		'lag s': lag(apixo).toFixed(2),
	};
	await apixo.close();
	return row;
}

/** From final at APIXO until it was asked for the last time, on average; seconds. */
function lag(apixo) {
	const lastLooks = new Map(
		apixo.requests({ kind: 'status' }).map(({ taskId, at }) => [taskId, at]),
	);
	const lags = apixo
		.tasks()
		.map(({ taskId, completeTime }) => lastLooks.get(taskId) - completeTime);
	return lags.reduce((sum, ms) => sum + ms, 0) / lags.length / 1_000;
}

async function main() {
	const stage = await openClusterStage({ workers: 1, concurrency: SLOTS });
	try {
		const rows = [];
		for (const waitFor of options.waits.split(',')) rows.push(await measure(stage, waitFor));
		process.stdout.write(`${executions} executions, ${seconds} s per video\n`);
		console.table(rows);
	} finally {
		await stage.close();
	}
}

main().catch((error) => {
	process.stderr.write(`${error.stack}\n`);
	process.exitCode = 1;
});
