import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INodeCredentials } from 'n8n-workflow';
import type { NewWorkflow } from '../support/n8n/workflows.mts';
import {
	N8nClient,
	N8nRequestError,
	installPackage,
	newUserFolder,
	startN8n,
} from '../../tools/n8n/driver/index.mts';
import { DEFAULT_KEY, startEmulator } from '../../emulator/index.mts';
import type { Emulator } from '../../emulator/index.mts';
import type { N8nServer } from '../../tools/n8n/driver/index.mts';
import { ensureN8n } from '../../tools/n8n/index.mts';
import { required } from '../support/required.mts';
import { heapProbeEnvironment, liveHeapMb } from '../support/measure/process.mts';
import type { Request } from './workflows.mts';

const POLL_MS = 250;

/** n8n under load may take its time to respond. */
const RESPONSE_TIMEOUT_MS = 120_000;

/** A task takes as long as its prompt says, so that every way to run a batch gets the same tasks. */
const generationMs = ({ prompt }: { prompt: string }) => Number(/(\d+) ms/.exec(prompt)?.[1] ?? 0);

/** @param times milliseconds each task takes */
export const requestsTaking = (times: number[]): Request[] =>
	times.map((ms, index) => ({ prompt: `Video ${index + 1}, ${ms} ms` }));

/** @returns a stand-in for APIXO with money for any number of tasks */
export const startApixo = async (): Promise<Emulator> =>
	await startEmulator({ generationMs, keys: { [DEFAULT_KEY]: { balanceUsd: 1e9 } } });

/** Saves a credential for that APIXO. @returns what a node names it by */
export async function saveCredential(
	client: N8nClient,
	{ baseUrl }: Emulator,
): Promise<INodeCredentials> {
	const data = { apiKey: DEFAULT_KEY, baseUrl };
	const { id, name } = await client.createCredential({ name: 'APIXO', type: 'apixoApi', data });
	return { apixoApi: { id, name } };
}

export type Stage = Awaited<ReturnType<typeof openStage>>;

/** A fresh n8n with the package in it, and a stand-in for APIXO beside it. */
async function openStage(tarball: string) {
	const probe = heapProbeEnvironment();
	const env = { ...probe, N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem' };
	const apixo = await startApixo();
	let n8n: N8nServer | undefined;
	try {
		const runtime = await ensureN8n();
		const userFolder = await newUserFolder(runtime);
		await installPackage(tarball, userFolder);
		n8n = await startN8n({ runtime, userFolder, env });
		const client = new N8nClient(n8n.url);
		client.http.defaults.timeout = RESPONSE_TIMEOUT_MS;
		await client.setupOwner();
		const credentials = await saveCredential(client, apixo);
		return { apixo, client, credentials, n8n, ...controls({ apixo, client, n8n, probe }) };
	} catch (error) {
		await n8n?.dispose();
		await apixo.close();
		throw error;
	}
}

/** n8n says so while it has too much to do. */
const isBusy = (error: unknown) => error instanceof N8nRequestError && error.status === 503;

/** Reads the state alone: an execution's data is large, and n8n would be measured sending it. */
async function untilEnded(client: N8nClient, workflowId: string, timeoutMs: number) {
	const deadline = Date.now() + timeoutMs;
	for (;;) {
		const [execution] = await client.executions({ workflowId }).catch((error: unknown) => {
			if (isBusy(error)) return [];
			throw error;
		});
		// A parked execution has a time of its end, and keeps it for a moment when it goes on.
		if (execution?.stoppedAt && !['waiting', 'running'].includes(execution.status)) return;
		if (Date.now() > deadline) throw new Error(`Workflow ${workflowId} did not end`);
		await sleep(POLL_MS);
	}
}

function controls({
	apixo,
	client,
	n8n,
	probe,
}: {
	apixo: Emulator;
	client: N8nClient;
	n8n: N8nServer;
	probe: ReturnType<typeof heapProbeEnvironment>;
}) {
	return {
		/** Runs a workflow to its end. */
		async run(workflow: NewWorkflow, timeoutMs = 900_000) {
			const { id } = await client.createWorkflow(workflow);
			const executionId = await client.run(id, 'Start');
			await untilEnded(client, id, timeoutMs);
			const execution = await client.execution(executionId);
			if (execution.status !== 'success') {
				const { error } = execution.data.resultData;
				throw new Error(`${workflow.name} ended as ${execution.status}: ${error?.message}`);
			}
			const endedMs = Date.parse(required(execution.stoppedAt, 'time of the end'));
			const startedMs = Date.parse(required(execution.startedAt, 'time of the start'));
			return { execution, endedMs, wallMs: endedMs - startedMs };
		},
		/** @returns MiB */
		liveHeapMb: async () => await liveHeapMb(n8n.pid, probe),
		/** Removes the files of executions. */
		clearFiles() {
			const storage = path.join(n8n.userFolder, '.n8n', 'storage');
			fs.rmSync(path.join(storage, 'workflows'), { recursive: true, force: true });
		},
		async close() {
			await n8n.dispose();
			await apixo.close();
		},
	};
}

/** Gives a stage to some work, and closes it whatever happens. */
export async function onStage<T>(tarball: string, work: (stage: Stage) => Promise<T>): Promise<T> {
	const stage = await openStage(tarball);
	try {
		return await work(stage);
	} finally {
		await stage.close();
	}
}
