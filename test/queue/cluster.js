'use strict';

const { randomBytes } = require('node:crypto');
const { installPackage, packPackage, startN8n } = require('../e2e/harness');
const { ensureN8n } = require('../runtime');
const { scratchFolder } = require('../runtime/scratch');
const { startBalancer } = require('./balancer');
const { startPostgres } = require('./postgres');
const { ensurePrograms } = require('./programs');
const { startRedis } = require('./redis');

/**
 * n8n in queue mode. Each process has a user folder of its own with the package installed.
 *
 * @typedef {object} Cluster
 * @property {import('../e2e/harness/server').N8nServer} main the editor; starts manual runs
 * @property {import('../e2e/harness/server').N8nServer[]} webhookProcessors
 * @property {import('../e2e/harness/server').N8nServer[]} workers
 * @property {() => Promise<import('../e2e/harness/server').N8nServer>} addWorker one more, also in
 *   `workers`; a new machine, that knows nothing of those before it
 * @property {import('./redis').Redis} redis
 * @property {import('./service').Service} postgres
 * @property {string} webhookUrl the one address in front of all webhook processors
 * @property {() => Promise<void>} dispose
 */

/**
 * Starts everything that queue mode takes. It ends with this process at the latest.
 *
 * @param {object} [options]
 * @param {number} [options.workers]
 * @param {number} [options.webhookProcessors]
 * @param {number} [options.concurrency] executions that one worker runs at once
 * @param {NodeJS.ProcessEnv} [options.env] for all processes of n8n
 * @returns {Promise<Cluster>}
 * @throws {Error} with the last lines of the log of what did not start
 */
async function startCluster({ workers = 2, webhookProcessors = 1, concurrency = 5, env } = {}) {
	const runtime = await ensureN8n();
	const tarball = process.env.PACKAGE_UNDER_TEST ?? (await packPackage());
	const { redisDir, postgresDir } = await ensurePrograms();
	/** @type {Array<() => unknown>} newest first */
	const undo = [];
	const dispose = async () => {
		for (const step of undo.splice(0)) await step();
	};
	const undoable = (thing, step) => {
		undo.unshift(async () => await step(thing));
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
		const start = async (...command) => {
			const userFolder = scratchFolder('homes');
			await installPackage(tarball, userFolder);
			const webhookUrl = `${balancer.url}/`;
			const options = { runtime, userFolder, webhookUrl, command, env: shared };
			return undoable(await startN8n(options), async (server) => await server.dispose());
		};
		const several = (count, make) => Array.from({ length: count }, async () => await make());

		const startWorker = async () => await start('worker', `--concurrency=${concurrency}`);

		// The others expect a database that main has migrated.
		const main = await start('start');
		const processors = several(webhookProcessors, async () => await start('webhook'));
		const others = several(workers, startWorker);
		await Promise.allSettled([...processors, ...others]);
		const cluster = {
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
		balancer.setPorts(cluster.webhookProcessors.map(({ port }) => port));
		return cluster;
	} catch (error) {
		await dispose();
		throw error;
	}
}

module.exports = { startCluster };
