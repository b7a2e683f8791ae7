import { N8nClient } from '../../../tools/n8n/driver/index.mts';
import type { N8nServer } from '../../../tools/n8n/driver/index.mts';
import { openStage } from '../../support/n8n/stage.mts';
import { startWitness } from '../../support/n8n/witness.mts';
import { startCluster } from '../../support/queue/cluster.mts';
import type { SceneStage } from '../../support/n8n/scene.mts';

/** Ends something at once, and starts it again. */
export interface Kill {
	of: string;
	hit: () => Promise<void>;
}

/** An n8n that can be killed. */
export interface Place extends SceneStage {
	name: string;
	kills: Kill[];
	close: () => Promise<void>;
}

const together = async (servers: N8nServer[]) => {
	await Promise.all(servers.map(async ({ kill }) => await kill()));
	await Promise.all(servers.map(async ({ restart }) => await restart()));
};

export async function openServer(): Promise<Place> {
	const stage = await openStage();
	return {
		...stage,
		name: 'one server',
		kills: [{ of: 'n8n', hit: async () => await together([stage.n8n]) }],
	};
}

/** n8n notices a killed worker within seconds; with its own settings it takes a minute. */
const QUICK_STALL_DETECTION = {
	QUEUE_WORKER_LOCK_DURATION: '15000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '3000',
	QUEUE_WORKER_STALLED_INTERVAL: '5000',
};

export async function openCluster(): Promise<Place> {
	const cluster = await startCluster({ concurrency: 20, env: QUICK_STALL_DETECTION });
	const { main, workers, webhookProcessors, redis, postgres } = cluster;
	const client = new N8nClient(main.url);
	await client.setupOwner();
	const witness = await startWitness();
	const again = (service: typeof postgres) => async () => {
		await service.kill();
		await service.start();
	};
	return {
		name: 'queue mode',
		client,
		witness,
		n8n: { url: cluster.webhookUrl },
		kills: [
			{ of: 'a worker', hit: async () => await together(workers.slice(0, 1)) },
			{ of: 'main', hit: async () => await together([main]) },
			{ of: 'Redis', hit: again(redis) },
			{ of: 'PostgreSQL', hit: again(postgres) },
			{ of: 'the webhook processor', hit: async () => await together(webhookProcessors) },
			{ of: 'all', hit: async () => await together([main, ...webhookProcessors, ...workers]) },
		],
		async close() {
			await cluster.dispose();
			await witness.close();
		},
	};
}
