import { randomInt } from 'node:crypto';
import { N8nClient } from '../../tools/n8n/driver/index.mts';
import { openScene } from '../support/n8n/scene.mts';
import { until } from '../support/n8n/until.mts';
import { startWitness } from '../support/n8n/witness.mts';
import { wanVideo, webhookStart } from '../support/n8n/workflows.mts';
import { startCluster } from '../support/queue/cluster.mts';
import type { INodeParameters } from 'n8n-workflow';
import type { Execution, N8nServer } from '../../tools/n8n/driver/index.mts';
import type { ParkOptions, SceneSettings, SceneStage, SceneTools } from '../support/n8n/scene.mts';
import type { Run } from '../support/n8n/run.mts';
import type { Cluster, ClusterOptions } from '../support/queue/cluster.mts';

/** Room for a machine that does other things too; nothing waits that long when all is well. */
export const PATIENCE_MS = 90_000;

const FINAL_STATUSES = ['success', 'error', 'crashed', 'canceled'];

/** A scene whose executions start at a webhook processor and are run by workers. */
export interface QueueScene extends SceneStage, SceneTools {
	cluster: Cluster;
	/** generates videos by callback wait, and waits until the execution is parked */
	parked: (options?: ParkOptions) => Promise<Run>;
	/** generates a video by polling, and waits until its task is paid for */
	polling: (parameters: INodeParameters) => Promise<Run>;
	/** waits for an execution, through an outage of n8n's database */
	ended: (run: Run) => Promise<Execution>;
	/** waits until an execution is parked */
	waiting: (run: Run) => Promise<void>;
	/** the workers whose log names a task as paid for */
	workersThatNamed: (taskId: string) => N8nServer[];
}

async function ended(run: Run): Promise<Execution> {
	let execution: Execution | undefined;
	const isFinal = async () => {
		execution = await run.now();
		return FINAL_STATUSES.includes(execution.status);
	};
	// While it has no database, n8n answers 500, 503, or that it is starting.
	await until(async () => await isFinal().catch(() => false), PATIENCE_MS);
	if (!execution) throw new Error('n8n gave no execution');
	return execution;
}

const waiting = async (run: Run) =>
	await until(async () => (await run.now()).status === 'waiting', PATIENCE_MS);

const queueSceneOf = (scene: SceneStage & SceneTools, cluster: Cluster): QueueScene => ({
	...scene,
	cluster,
	async parked(options) {
		const run = await scene.park({ production: true, ...options });
		await waiting(run);
		return run;
	},
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
	workersThatNamed: (taskId) =>
		cluster.workers.filter(({ log }) =>
			log().includes(`Wan Video task ${taskId} [item 0] is paid for and under way`),
		),
});

/** A cluster for tests or measurements, its owner logged in. */
export interface ClusterStage {
	cluster: Cluster;
	client: N8nClient;
	/** each scene has an APIXO of its own, with task IDs that no other has: logs are searched for them */
	openScene: (settings?: SceneSettings) => Promise<QueueScene>;
	close: () => Promise<void>;
}

export async function openClusterStage(options?: ClusterOptions): Promise<ClusterStage> {
	const cluster = await startCluster(options);
	const client = new N8nClient(cluster.main.url);
	await client.setupOwner();
	const witness = await startWitness();
	const stage = { client, witness, n8n: { url: cluster.webhookUrl } };
	return {
		cluster,
		client,
		async openScene(settings) {
			const scene = await openScene(stage, { seed: randomInt(2 ** 31), ...settings });
			return queueSceneOf(scene, cluster);
		},
		async close() {
			await cluster.dispose();
			await witness.close();
		},
	};
}
