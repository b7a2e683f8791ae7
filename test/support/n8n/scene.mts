import { randomUUID } from 'node:crypto';
import { DEFAULT_KEY, startEmulator } from '../../../emulator/index.mts';
import { runOf } from './run.mts';
import { openStage } from './stage.mts';
import { until } from './until.mts';
import { chain, items, manualStart, tell, wanVideo, webhookStart } from './workflows.mts';
import type { Stage } from './stage.mts';

/** Deliveries that failed are repeated after 9, 18 and 36 s; a receiver has 9 s to answer. */
const QUICK = { timeScale: 0.3, generationMs: Infinity };

const prompts = (count) =>
	Array.from({ length: count }, (_, index) => ({ prompt: `prompt ${index + 1}` }));

/**
 * What one test needs: an APIXO of its own, and workflows against it on the stage's n8n.
 *
 * @param settings of the emulator; tasks are not final before `finish` unless
 *   `generationMs` is given. `apiKey`: of the credential
 */
export async function openScene(stage: Stage, { apiKey = DEFAULT_KEY, ...settings }: object = {}) {
	const { client, n8n, witness } = stage;
	const apixo = await startEmulator({ ...QUICK, ...settings });
	const id = randomUUID();
	const data = { apiKey, baseUrl: apixo.baseUrl };
	const credential = await client.createCredential({ name: id, type: 'apixoApi', data });
	const credentials = { apixoApi: { id: credential.id, name: credential.name } };

	const startNode = (production) => (production ? webhookStart(id) : manualStart());

	/** Runs a workflow from its Start node, by hand or in production. */
	async function start(steps) {
		const workflow = await client.createWorkflow(chain(id, steps));
		if (steps[0].type.endsWith('.manualTrigger')) {
			return runOf(client, workflow.id, await client.run(workflow.id, 'Start'));
		}
		await client.activate(workflow.id);
		const { status } = await client.postWebhook(`${n8n.url}/webhook/${id}`, {});
		if (status !== 200) throw new Error(`The webhook of the workflow answered ${status}`);
		// Looked at once only: while an execution changes its state, n8n's list may lack it.
		let started;
		await until(async () => {
			[started] = await client.executions({ workflowId: workflow.id });
			return started !== undefined;
		});
		return runOf(client, workflow.id, started.id);
	}

	return {
		...stage,
		apixo,
		credentials,
		start,
		startNode,
		until,
		/**
		 * Generates videos by callback wait.
		 *
		 * @param options `settings` of the node
		 */
		async park({
			count = 1,
			production = false,
			parameters,
			settings: nodeSettings,
		}: { count?: number; production?: boolean; parameters?: object; settings?: object } = {}) {
			return await start([
				startNode(production),
				items(prompts(count)),
				wanVideo({ waitFor: 'callback', ...parameters }, { credentials, ...nodeSettings }),
				[tell('Good', witness.url(`${id} good`)), tell('Bad', witness.url(`${id} bad`))],
			]);
		},
		/** How often, and with which items, a workflow went on after `Wan`. */
		wentOn: () => witness.visits(`${id} good`).map(({ body }) => body),
		wentWrong: () => witness.visits(`${id} bad`).map(({ body }) => body),
		witnessUrl: (name) => witness.url(`${id} ${name}`),
		visits: (name) => witness.visits(`${id} ${name}`),
		taskIds: () => apixo.tasks().map(({ taskId }) => taskId),
		taskOf: (prompt) => apixo.tasks().find((task) => task.prompt === prompt),
		finishAll: () => apixo.tasks().forEach(({ taskId }) => apixo.finish(taskId)),
		/** Waits until so many deliveries were answered, or lost. */
		delivered: async (count) =>
			await until(() => apixo.callbacks().filter(({ endedAt }) => endedAt).length >= count),
	};
}

/**
 * Boots n8n for the tests of a file.
 *
 * @param settings of n8n
 * @returns wraps the body of a test
 */
export function useStage(
	settings?: Parameters<typeof openStage>[0],
): (
	body: (scene: Awaited<ReturnType<typeof openScene>>, ...row: unknown[]) => Promise<void>,
	settings?: object,
) => (...row: unknown[]) => Promise<void> {
	let stage;
	beforeAll(async () => {
		stage = await openStage(settings);
	});
	afterAll(async () => await stage?.close());
	return (body, emulatorSettings) =>
		async (...row) => {
			const scene = await openScene(stage, emulatorSettings);
			try {
				await body(scene, ...row);
			} finally {
				await scene.apixo.close();
			}
		};
}
