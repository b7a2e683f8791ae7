import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';
import type { INodeParameters } from 'n8n-workflow';
import type { Emulator } from '../../emulator/index.mts';
import { N8nClient } from '../../tools/n8n/driver/index.mts';
import type { ExecutionList } from '../../tools/n8n/driver/index.mts';
import { chain, node, webhookStart } from '../support/n8n/workflows.mts';
import { startCluster } from '../support/queue/cluster.mts';
import type { Cluster } from '../support/queue/cluster.mts';
import { busySeconds, cpuSecondsOf } from '../support/measure/cpu.mts';
import { saveCredential, startApixo } from './stage.mts';
import { wanVideo } from './workflows.mts';

const POLL_MS = 250;
const SAMPLE_MS = 200;
const TIMEOUT_MS = 600_000;
const STARTS_AT_ONCE = 10;

const FAILED = ['error', 'crashed', 'canceled'];

export type QueueStage = Awaited<ReturnType<typeof openQueueStage>>;

/** n8n in queue mode with one worker that has so many slots, and a stand-in for APIXO. */
export async function openQueueStage(slots: number) {
	const apixo = await startApixo();
	let cluster: Cluster | undefined;
	try {
		cluster = await startCluster({ workers: 1, webhookProcessors: 1, concurrency: slots });
		const client = new N8nClient(cluster.main.url);
		await client.setupOwner();
		const credentials = await saveCredential(client, apixo);
		return { apixo, cluster, client, credentials, close: async () => await close(apixo, cluster) };
	} catch (error) {
		await close(apixo, cluster);
		throw error;
	}
}

async function close(apixo: Emulator, cluster: Cluster | undefined) {
	await cluster?.dispose();
	await apixo.close();
}

let paths = 0;

export type Published = Awaited<ReturnType<typeof publish>>;

/**
 * Publishes a workflow that a call starts.
 *
 * @param parameters of Generate; default: a node that does nothing in its place
 */
export async function publish(
	{ client, cluster, credentials }: QueueStage,
	parameters?: INodeParameters,
) {
	paths += 1;
	const path = `bench-${process.pid}-${paths}`;
	const work = parameters ? wanVideo(credentials, parameters) : node('Nothing', 'noOp');
	const workflow = await client.createWorkflow(chain(path, [webhookStart(path), work]));
	await client.activate(workflow.id);

	const countOf = async (status: string[]): Promise<number> => {
		const filter = JSON.stringify({ workflowId: workflow.id, status });
		return (await client.get<ExecutionList>('/executions', { filter, limit: 1 })).count;
	};
	const firstFailure = async (): Promise<string> => {
		const [{ id }] = (await client.executions({ workflowId: workflow.id, status: FAILED })).slice(
			-1,
		);
		const { status, data } = await client.execution(id);
		return `Execution ${id} ended as ${status}: ${JSON.stringify(data.resultData.error)}`;
	};
	return {
		/** Starts that many executions. Each gets its number, from 1 on. */
		async start(count: number) {
			const url = `${cluster.webhookUrl}/webhook/${path}`;
			let started = 0;
			const starter = async () => {
				while (started < count) {
					started += 1;
					await axios.post(url, { number: started }, { proxy: false });
				}
			};
			await Promise.all(Array.from({ length: STARTS_AT_ONCE }, starter));
		},
		/** Waits until that many executions have this status. @throws when one failed */
		async reach(count: number, status: string) {
			const deadline = Date.now() + TIMEOUT_MS;
			while ((await countOf([status])) < count) {
				if ((await countOf(FAILED)) > 0) throw new Error(await firstFailure());
				if (Date.now() > deadline) throw new Error(`Not ${count} executions are ${status}`);
				await sleep(POLL_MS);
			}
		},
	};
}

/**
 * How many slots of workers are busy while some work is done.
 *
 * @returns slot-seconds
 */
export async function busySlotSeconds(
	{ cluster }: QueueStage,
	work: () => Promise<void>,
): Promise<number> {
	let isOver = false;
	let total = 0;
	const watch = async () => {
		let at = Date.now();
		while (!isOver) {
			await sleep(SAMPLE_MS);
			const busy = await cluster.redis.busySlots();
			const now = Date.now();
			total += (busy * (now - at)) / 1_000;
			at = now;
		}
	};
	const watching = watch();
	try {
		await work();
	} finally {
		isOver = true;
		await watching;
	}
	return total;
}

/** Shares of the time of all cores, by who used them; 1 is all of it. */
export type CpuShares = Record<string, number>;

/** How the time of all cores was used while some work was done. */
export async function cpuShares(
	{ cluster }: QueueStage,
	work: () => Promise<void>,
): Promise<{ seconds: number; shares: CpuShares }> {
	const groups = {
		workers: cluster.workers,
		'webhook processor': cluster.webhookProcessors,
		main: [cluster.main],
	};
	const read = (): Record<string, number> => ({
		...Object.fromEntries(
			Object.entries(groups).map(([name, servers]) => [
				name,
				servers.reduce((sum, { pid }) => sum + cpuSecondsOf(pid), 0),
			]),
		),
		'all of the machine': busySeconds(),
	});
	const before = read();
	const startedAt = Date.now();
	await work();
	const seconds = (Date.now() - startedAt) / 1_000;
	const shares = Object.entries(read()).map(([name, used]) => [
		name,
		(used - before[name]) / seconds / os.cpus().length,
	]);
	return { seconds, shares: Object.fromEntries(shares) };
}
