/*
 * Many executions of one video each on one worker with five slots, with both kinds of waiting.
 * Polling has the best schedule there is: it first polls when the task is due, then every second.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { until } from '../support/n8n/until.mts';
import { chain, node, tell, wanVideo, webhookStart } from '../support/n8n/workflows.mts';
import { openClusterStage } from './scenes.mts';
import type { INode } from 'n8n-workflow';
import type { Emulator } from '../../emulator/index.mts';
import type { ExecutionList, N8nClient } from '../../tools/n8n/driver/index.mts';
import type { Redis } from '../support/queue/redis.mts';
import type { ClusterStage, QueueScene } from './scenes.mts';

const SLOTS = 5;
const SAMPLE_MS = 100;
const PARALLEL_CALLS = 10;
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

const secondsSince = (start: number) => (Date.now() - start) / 1_000;

/**
 * Samples the number of busy slots.
 *
 * @returns ends it
 */
function watchSlots(redis: Redis): () => Promise<number[]> {
	const samples: number[] = [];
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

/** Starts a workflow several times through the URL of its webhook. */
async function startByWebhook(client: N8nClient, url: string, times: number): Promise<void> {
	let left = times;
	const caller = async () => {
		while (left > 0) {
			left -= 1;
			const { status } = await client.postWebhook(url, {});
			if (status !== 200) throw new Error(`The webhook answered ${status}`);
		}
	};
	await Promise.all(Array.from({ length: PARALLEL_CALLS }, caller));
}

interface ActiveWorkflow {
	id: string;
	/** of its webhook */
	url: string;
	/** how many of its executions have come to their end */
	ends: () => number;
}

/** Activates a workflow that ends with a call to the scene's witness. */
async function activate(
	{ client, n8n, witnessUrl, visits }: QueueScene,
	name: string,
	step: INode,
): Promise<ActiveWorkflow> {
	const path = randomUUID();
	const nodes = [webhookStart(path), step, tell('Told', witnessUrl(name))];
	const workflow = await client.createWorkflow(chain(path, nodes));
	await client.activate(workflow.id);
	return { id: workflow.id, url: `${n8n.url}/webhook/${path}`, ends: () => visits(name).length };
}

/** How long a workflow without a video takes while the others wait, in seconds. */
async function secondsOfOther(client: N8nClient, other: ActiveWorkflow): Promise<number> {
	const start = Date.now();
	await startByWebhook(client, other.url, 1);
	await until(() => other.ends() > 0, MAX_MINUTES * 60_000);
	return secondsSince(start);
}

/** @returns a row of the table */
async function measure(stage: ClusterStage, waitFor: string): Promise<Record<string, unknown>> {
	const { cluster, client } = stage;
	const scene = await stage.openScene({ generationMs: seconds * 1_000, timeScale: 1 });
	const { apixo, credentials } = scene;
	const schedule = { firstPollDelay: seconds, pollInterval: 1 };
	const parameters = { prompt: 'A fox', waitFor, options: schedule };
	const videos = await activate(scene, 'videos', wanVideo(parameters, { credentials }));
	const other = await activate(scene, 'other', node('Nothing', 'noOp'));

	const stopWatching = watchSlots(cluster.redis);
	const start = Date.now();
	await startByWebhook(client, videos.url, executions);
	const otherTook = sleep(3_000).then(async () => await secondsOfOther(client, other));
	await until(() => videos.ends() >= executions, MAX_MINUTES * 60_000);
	const wall = secondsSince(start);
	const otherSeconds = await otherTook;
	const samples = await stopWatching();

	const filter = JSON.stringify({ workflowId: videos.id, status: ['success'] });
	const succeeded = async () =>
		(await client.get<ExecutionList>('/executions', { filter, limit: executions + 1 })).results
			.length;
	await until(async () => (await succeeded()) >= executions);
	const busy = samples.reduce((sum, count) => sum + count, 0) / samples.length;
	const row = {
		'wait for result by': waitFor,
		'wall s': wall.toFixed(1),
		'slots busy (mean)': `${busy.toFixed(1)} of ${SLOTS}`,
		'all slots free': `${Math.round((100 * samples.filter((count) => count === 0).length) / samples.length)} %`,
		'another workflow s': otherSeconds.toFixed(2),
		succeeded: await succeeded(),
		'went on': videos.ends(),
		charges: apixo.ledger().length,
		'GETs per task': (apixo.requests({ kind: 'status' }).length / executions).toFixed(2),
		'lag s': lag(apixo).toFixed(2),
	};
	await apixo.close();
	return row;
}

/** From a task's completion until it was last polled, on average, in seconds. */
function lag(apixo: Emulator): number {
	const lastPolls = new Map(
		apixo.requests({ kind: 'status' }).map(({ taskId, at }) => [taskId, at]),
	);
	const lags = apixo.tasks().map(({ taskId, completeTime }) => {
		const polledAt = lastPolls.get(taskId);
		return polledAt === undefined || completeTime === undefined ? NaN : polledAt - completeTime;
	});
	return lags.reduce((sum, ms) => sum + ms, 0) / lags.length / 1_000;
}

async function main(): Promise<void> {
	const stage = await openClusterStage({ workers: 1, concurrency: SLOTS });
	try {
		const rows: Array<Record<string, unknown>> = [];
		for (const waitFor of options.waits.split(',')) rows.push(await measure(stage, waitFor));
		process.stdout.write(`${executions} executions, ${seconds} s per video\n`);
		console.table(rows);
	} finally {
		await stage.close();
	}
}

main().catch((error) => {
	console.error(error);
	process.exitCode = 1;
});
