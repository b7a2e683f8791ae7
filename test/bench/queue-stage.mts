import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';
import { N8nClient } from '../../tools/n8n/driver/index.mts';
import { chain, node, webhookStart } from '../support/n8n/workflows.mts';
import { startCluster } from '../support/queue/cluster.mts';
import { DEFAULT_KEY } from '../../emulator/index.mts';
import { busySeconds, cpuSecondsOf } from '../support/measure/cpu.mts';
import { startApixo } from './stage.mts';
import { wanVideo } from './workflows.mts';

const POLL_MS = 250;
const PATIENCE_MS = 600_000;
const STARTS_AT_ONCE = 10;

/** n8n in queue mode with one worker that has five slots, and a stand-in for APIXO. */
export async function openQueueStage() {
	const apixo = await startApixo();
	let cluster;
	try {
		cluster = await startCluster({ workers: 1, webhookProcessors: 1, concurrency: 5 });
		const client = new N8nClient(cluster.main.url);
		await client.setupOwner();
		const data = { apiKey: DEFAULT_KEY, baseUrl: apixo.baseUrl };
		const saved = await client.createCredential({ name: 'APIXO', type: 'apixoApi', data });
		const credentials = { apixoApi: { id: saved.id, name: saved.name } };
		return { apixo, cluster, client, credentials, close: async () => await close(cluster, apixo) };
	} catch (error) {
		await close(cluster, apixo);
		throw error;
	}
}

async function close(cluster, apixo) {
	await cluster?.dispose();
	await apixo.close();
}

let paths = 0;

/**
 * Publishes a workflow that a call starts: Generate with these parameters, or nothing at all.
 *
 * @param parameters of Generate
 */
export async function publish({ client, cluster, credentials }: object, parameters) {
	paths += 1;
	const path = `bench-${process.pid}-${paths}`;
	const work = parameters ? wanVideo(credentials, parameters) : node('Nothing', 'noOp');
	const workflow = await client.createWorkflow(chain(path, [webhookStart(path), work]));
	await client.activate(workflow.id);

	const counted = async (status) => {
		const filter = JSON.stringify({ workflowId: workflow.id, status });
		return (await client.get('/executions', { filter, limit: 1 })).count;
	};
	return {
		/** Starts that many executions. */
		async start(count) {
			const url = `${cluster.webhookUrl}/webhook/${path}`;
			let left = count;
			const starter = async () => {
				while (left > 0) {
					left -= 1;
					await axios.post(url, {}, { proxy: false });
				}
			};
			await Promise.all(Array.from({ length: STARTS_AT_ONCE }, starter));
		},
		/** Waits until that many executions have these statuses. @throws when one failed */
		async reach(count, status) {
			const deadline = Date.now() + PATIENCE_MS;
			while ((await counted([status])) < count) {
				if ((await counted(['error', 'crashed', 'canceled'])) > 0) throw new Error('One failed');
				if (Date.now() > deadline) throw new Error(`Not ${count} executions are ${status}`);
				await sleep(POLL_MS);
			}
		},
	};
}

/** How the time of all cores was used while some work was done. */
export async function cpuShares({ cluster }, work) {
	const groups = {
		workers: cluster.workers,
		'webhook processor': cluster.webhookProcessors,
		main: [cluster.main],
	};
	const read = () => ({
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
	const share = ([name, used]) => [name, (used - before[name]) / seconds / os.cpus().length];
	return { seconds, shares: Object.fromEntries(Object.entries(read()).map(share)) };
}
