import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
	N8nClient,
	installPackage,
	newUserFolder,
	startN8n,
} from '../../tools/n8n/driver/index.mts';
import { DEFAULT_KEY, startEmulator } from '../../emulator/index.mts';
import { ensureN8n } from '../../tools/n8n/index.mts';
import { heapProbeEnvironment, liveHeapMb } from '../support/measure/process.mts';

const POLL_MS = 250;

/** n8n under load may take its time to answer. */
const ANSWER_TIMEOUT_MS = 120_000;

/** A task takes as long as its prompt says, so that every way to run a batch gets the same tasks. */
const generationMs = ({ prompt }) => Number(/(\d+) ms/.exec(prompt)?.[1] ?? 0);

/** @param times milliseconds each task takes */
export const requestsTaking = (times: number[]): { prompt: string }[] =>
	times.map((ms, index) => ({ prompt: `Video ${index + 1}, ${ms} ms` }));

/** @returns a stand-in for APIXO with money for any number of tasks */
export const startApixo = async (): Promise<unknown> =>
	await startEmulator({ generationMs, keys: { [DEFAULT_KEY]: { balanceUsd: 1e9 } } });

/** A fresh n8n with the package in it, and a stand-in for APIXO beside it. */
async function openStage({ tarball }: { tarball: string }) {
	const probe = heapProbeEnvironment();
	const env = { ...probe, N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem' };
	const apixo = await startApixo();
	let n8n;
	try {
		const runtime = await ensureN8n();
		const userFolder = await newUserFolder(runtime);
		await installPackage(tarball, userFolder);
		n8n = await startN8n({ runtime, userFolder, env });
		const client = new N8nClient(n8n.url);
		client.http.defaults.timeout = ANSWER_TIMEOUT_MS;
		await client.setupOwner();
		const data = { apiKey: DEFAULT_KEY, baseUrl: apixo.baseUrl };
		const saved = await client.createCredential({ name: 'APIXO', type: 'apixoApi', data });
		const credentials = { apixoApi: { id: saved.id, name: saved.name } };
		return { apixo, client, credentials, n8n, ...controls({ apixo, client, n8n, probe }) };
	} catch (error) {
		await n8n?.dispose();
		await apixo.close();
		throw error;
	}
}

/** Looks at the state alone: an execution's data is large, and n8n would be measured sending it. */
async function untilEnded(client, workflowId, timeoutMs) {
	const deadline = Date.now() + timeoutMs;
	for (;;) {
		const [execution] = await client.executions({ workflowId }).catch((error) => {
			// n8n says so while it has too much to do.
			if (error.status === 503) return [];
			throw error;
		});
		// A parked execution has a time of its end, and keeps it for a moment when it goes on.
		if (execution?.stoppedAt && !['waiting', 'running'].includes(execution.status)) return;
		if (Date.now() > deadline) throw new Error(`Workflow ${workflowId} did not end`);
		await sleep(POLL_MS);
	}
}

function controls({ apixo, client, n8n, probe }) {
	return {
		/** Runs a workflow to its end. */
		async run(
			workflow,
			{ timeoutMs = 900_000 } = {},
		): Promise<{ execution: unknown; wallMs: number }> {
			const { id } = await client.createWorkflow(workflow);
			const executionId = await client.run(id, 'Start');
			await untilEnded(client, id, timeoutMs);
			const execution = await client.execution(executionId);
			if (execution.status !== 'success') {
				const { error } = execution.data.resultData;
				throw new Error(`${workflow.name} ended as ${execution.status}: ${error?.message}`);
			}
			const wallMs = Date.parse(execution.stoppedAt) - Date.parse(execution.startedAt);
			return { execution, wallMs };
		},
		/** @returns MiB */
		liveHeapMb: async (): Promise<number> => await liveHeapMb(n8n.pid, probe),
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
export async function onStage(settings, work) {
	const stage = await openStage(settings);
	try {
		return await work(stage);
	} finally {
		await stage.close();
	}
}
