import { randomBytes } from 'node:crypto';
import { installPackage, packPackage, startN8n } from '../../../tools/n8n/driver/index.mts';
import { ensureN8n } from '../../../tools/n8n/index.mts';
import { scratchFolder } from '../../../tools/shared/scratch.mts';
import { startBalancer } from './balancer.mts';
import { startPostgres } from './postgres.mts';
import { ensurePrograms } from './programs.mts';
import { startRedis } from './redis.mts';
import type { N8nServer, StartOptions } from '../../../tools/n8n/driver/index.mts';
import type { Redis } from './redis.mts';
import type { Service } from './service.mts';

type Command = NonNullable<StartOptions['command']>;

/** n8n in queue mode. Each process has a user folder of its own with the package installed. */
export interface Cluster {
	/** the editor; starts manual runs */
	main: N8nServer;
	webhookProcessors: N8nServer[];
	workers: N8nServer[];
	/** one more, also in `workers`; a new machine, that knows nothing of those before it */
	addWorker: () => Promise<N8nServer>;
	redis: Redis;
	postgres: Service;
	/** the one address in front of all webhook processors, and of main for what is below `/rest/` */
	webhookUrl: string;
	dispose: () => Promise<void>;
}

export interface ClusterOptions {
	/** default 2 */
	workers?: number;
	/** default 1 */
	webhookProcessors?: number;
	/** executions that one worker runs at once, default 5 */
	concurrency?: number;
	/** for all processes of n8n */
	env?: NodeJS.ProcessEnv;
}

/**
 * Starts everything that queue mode takes. It ends with this process at the latest.
 *
 * @throws with the last lines of the log of what did not start
 */
export async function startCluster({
	workers = 2,
	webhookProcessors = 1,
	concurrency = 5,
	env,
}: ClusterOptions = {}): Promise<Cluster> {
	const runtime = await ensureN8n();
	const tarball = process.env.PACKAGE_UNDER_TEST ?? (await packPackage());
	const { redisDir, postgresDir } = await ensurePrograms();
	/** newest first */
	const undo: Array<() => Promise<void> | void> = [];
	const dispose = async () => {
		for (const step of undo.splice(0)) await step();
	};
	const undoable = <T,>(thing: T, step: (thing: T) => Promise<void> | void): T => {
		undo.unshift(() => step(thing));
		return thing;
	};

	try {
		const redis = undoable(await startRedis(redisDir), async ({ kill }) => await kill());
		const postgres = undoable(await startPostgres(postgresDir), async ({ kill }) => await kill());
		const balancer = undoable(await startBalancer(), ({ close }) => close());
		const shared = {
			EXECUTIONS_MODE: 'queue',
			N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
			OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
			...redis.env,
			...postgres.env,
			...env,
		};
		const start = async (...command: Command): Promise<N8nServer> => {
			const userFolder = scratchFolder('homes');
			await installPackage(tarball, userFolder);
			const webhookUrl = `${balancer.url}/`;
			const options = { runtime, userFolder, webhookUrl, command, env: shared };
			return undoable(await startN8n(options), async (server) => await server.dispose());
		};
		const several = (count: number, make: () => Promise<N8nServer>) =>
			Array.from({ length: count }, async () => await make());

		const startWorker = async () => await start('worker', `--concurrency=${concurrency}`);

		// The others expect a database that main has migrated.
		const main = await start('start');
		const processors = several(webhookProcessors, async () => await start('webhook'));
		const others = several(workers, startWorker);
		await Promise.allSettled([...processors, ...others]);
		const cluster: Cluster = {
			main,
			webhookProcessors: await Promise.all(processors),
			workers: await Promise.all(others),
			async addWorker() {
				const worker = await startWorker();
				cluster.workers.push(worker);
				return worker;
			},
			redis,
			postgres,
			webhookUrl: balancer.url,
			dispose,
		};
		const processorPorts = cluster.webhookProcessors.map(({ port }) => port);
		balancer.setPorts(processorPorts, main.port);
		return cluster;
	} catch (error) {
		await dispose();
		throw error;
	}
}
