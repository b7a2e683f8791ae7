import { randomInt } from 'node:crypto';
import { N8nClient } from '../../tools/n8n/driver/index.mts';
import { openScene } from '../support/n8n/scene.mts';
import { until } from '../support/n8n/until.mts';
import { startWitness } from '../support/n8n/witness.mts';
import { wanVideo, webhookStart } from '../support/n8n/workflows.mts';
import { startCluster } from '../support/queue/cluster.mts';
import type { Run } from '../support/n8n/run.mts';

/** Room for a machine that does other things too; nothing waits that long when all is well. */
export const PATIENCE_MS = 90_000;

const FINAL_STATUSES = ['success', 'error', 'crashed', 'canceled'];

/**
 * Waits for an execution, through an outage of n8n's database.
 *
 * @returns the execution
 */
async function ended(run: Run): Promise<unknown> {
	let execution;
	const isFinal = async () => {
		execution = await run.now();
		return FINAL_STATUSES.includes(execution.status);
	};
	// While it has no database, n8n answers 500, 503, or that it is starting.
	await until(async () => await isFinal().catch(() => false), PATIENCE_MS);
	return execution;
}

const waiting = async (run) =>
	await until(async () => (await run.now()).status === 'waiting', PATIENCE_MS);

/** Executions of a scene, started at a webhook processor and run by workers. */
const executionsOf = (scene, cluster) => ({
	...scene,
	cluster,
	/** Generates videos by callback wait, and waits until the execution is parked. */
	async parked(options) {
		const run = await scene.park({ production: true, ...options });
		await waiting(run);
		return run;
	},
	/** Generates a video by polling, and waits until its task is paid for. */
	async polling(parameters) {
		const { credentials, apixo } = scene;
		const run = await scene.start([
			webhookStart(credentials.apixoApi.name),
			wanVideo(
				{ prompt: 'A fox', options: { firstPollDelay: 1, pollInterval: 1 }, ...parameters },
				{ credentials },
			),
		]);
		await until(() => apixo.requests({ kind: 'status' }).length > 0, PATIENCE_MS);
		return run;
	},
	ended,
	waiting,
	/** The workers whose log names a task as paid for. */
	workersThatNamed: (taskId) =>
		cluster.workers.filter(({ log }) =>
			log().includes(`Wan Video task ${taskId} [item 0] is paid for and under way`),
		),
});

/** Starts a cluster for the scenes of tests or measurements, its owner logged in. */
export async function openClusterStage(options?: Parameters<typeof startCluster>[0]) {
	const cluster = await startCluster(options);
	const client = new N8nClient(cluster.main.url);
	await client.setupOwner();
	const witness = await startWitness();
	const stage = { client, witness, n8n: { url: cluster.webhookUrl } };
	return {
		cluster,
		client,
		/** Each scene has an APIXO of its own, whose task IDs no other has: they are sought in logs. */
		async openScene(settings) {
			const scene = await openScene(stage, { seed: randomInt(2 ** 31), ...settings });
			return executionsOf(scene, cluster);
		},
		async close() {
			await cluster.dispose();
			await witness.close();
		},
	};
}
