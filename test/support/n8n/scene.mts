import { randomUUID } from 'node:crypto';
import { DEFAULT_KEY, startEmulator } from '../../../emulator/index.mts';
import { readItem } from '../item.mts';
import { required } from '../required.mts';
import { runOf } from './run.mts';
import { openStage } from './stage.mts';
import { until } from './until.mts';
import { chain, items, manualStart, tell, wanVideo, webhookStart } from './workflows.mts';
import type { INode, INodeParameters } from 'n8n-workflow';
import type { Emulator, EmulatorOptions, TaskView } from '../../../emulator/index.mts';
import type { N8nClient } from '../../../tools/n8n/driver/index.mts';
import type { Item } from '../item.mts';
import type { Run } from './run.mts';
import type { Stage, StageOptions } from './stage.mts';
import type { Visit, Witness } from './witness.mts';
import type { NodeSettings, Steps } from './workflows.mts';

/** A delivery that failed is repeated after 9, 18 and 36 s; a receiver has 9 s to answer. */
const QUICK = { timeScale: 0.3, generationMs: Infinity };

/** What a scene needs of its stage. */
export interface SceneStage {
	client: N8nClient;
	witness: Witness;
	/** `url`: at which webhooks are called */
	n8n: { url: string };
}

/** Settings of the emulator. Tasks are not final before `finish` unless `generationMs` is given. */
export interface SceneSettings extends EmulatorOptions {
	/** of the credential */
	apiKey?: string;
}

export interface ParkOptions {
	/** of videos, default 1 */
	count?: number;
	/** started at its webhook instead of by hand */
	production?: boolean;
	parameters?: INodeParameters;
	settings?: NodeSettings;
}

export interface SceneTools {
	apixo: Emulator;
	credentials: { apixoApi: { id: string; name: string } };
	/** Runs a workflow from its Start node, by hand or in production. */
	start: (steps: [INode, ...Steps]) => Promise<Run>;
	startNode: (production?: boolean) => INode;
	until: typeof until;
	/** Generates videos by callback wait; their prompts are `prompt 1`, `prompt 2` … */
	park: (options?: ParkOptions) => Promise<Run>;
	/** With which items `park`'s workflow went on after `Wan`, each time. */
	wentOn: () => Item[][];
	/** The same for the error output. */
	wentWrong: () => Item[][];
	witnessUrl: (name: string) => string;
	visits: (name: string) => Visit[];
	/** In the order in which they were submitted. */
	taskIds: () => string[];
	hasTask: (prompt: string) => boolean;
	/** @throws when nothing was submitted with this prompt */
	taskOf: (prompt: string) => TaskView;
	finishAll: () => void;
	/** Waits until so many deliveries were answered, or lost. */
	delivered: (count: number) => Promise<void>;
}

/** What one test needs: an APIXO of its own, and workflows against it on the stage's n8n. */
export type Scene = Stage & SceneTools;

const prompts = (count: number) =>
	Array.from({ length: count }, (_, index) => ({ prompt: `prompt ${index + 1}` }));

/** The json of the items that `tell` sent. */
function itemsIn({ body }: Visit): Item[] {
	if (!Array.isArray(body)) throw new Error(`Not a list of items: ${JSON.stringify(body)}`);
	return body.map(readItem);
}

export async function openScene<S extends SceneStage>(
	stage: S,
	{ apiKey = DEFAULT_KEY, ...settings }: SceneSettings = {},
): Promise<S & SceneTools> {
	const { client, n8n, witness } = stage;
	const apixo = await startEmulator({ ...QUICK, ...settings });
	const id = randomUUID();
	const data = { apiKey, baseUrl: apixo.baseUrl };
	const credential = await client.createCredential({ name: id, type: 'apixoApi', data });
	const credentials = { apixoApi: { id: credential.id, name: credential.name } };

	const startNode = (production = false) => (production ? webhookStart(id) : manualStart());
	const findTask = (prompt: string) => apixo.tasks().find((task) => task.prompt === prompt);
	const visits = (name: string) => witness.visits(`${id} ${name}`);

	async function start(steps: [INode, ...Steps]): Promise<Run> {
		const workflow = await client.createWorkflow(chain(id, steps));
		if (steps[0].type.endsWith('.manualTrigger')) {
			return runOf(client, workflow.id, await client.run(workflow.id, 'Start'));
		}
		await client.activate(workflow.id);
		const { status } = await client.postWebhook(`${n8n.url}/webhook/${id}`, {});
		if (status !== 200) throw new Error(`The webhook of the workflow answered ${status}`);
		// Kept from the poll that found it: while an execution changes its state, n8n's list may lack it.
		let executionId: string | undefined;
		await until(async () => {
			const [started] = await client.executions({ workflowId: workflow.id });
			executionId = started?.id;
			return executionId !== undefined;
		});
		return runOf(client, workflow.id, required(executionId, 'execution'));
	}

	return {
		...stage,
		apixo,
		credentials,
		start,
		startNode,
		until,
		async park({ count = 1, production = false, parameters, settings: nodeSettings } = {}) {
			return await start([
				startNode(production),
				items(prompts(count)),
				wanVideo({ waitFor: 'callback', ...parameters }, { credentials, ...nodeSettings }),
				[tell('Good', witness.url(`${id} good`)), tell('Bad', witness.url(`${id} bad`))],
			]);
		},
		wentOn: () => visits('good').map(itemsIn),
		wentWrong: () => visits('bad').map(itemsIn),
		witnessUrl: (name) => witness.url(`${id} ${name}`),
		visits,
		taskIds: () => apixo.tasks().map(({ taskId }) => taskId),
		hasTask: (prompt) => findTask(prompt) !== undefined,
		taskOf: (prompt) => required(findTask(prompt), `task with the prompt "${prompt}"`),
		finishAll: () => apixo.tasks().forEach(({ taskId }) => apixo.finish(taskId)),
		delivered: async (count) =>
			await until(() => apixo.callbacks().filter(({ endedAt }) => endedAt).length >= count),
	};
}

/** Wraps the body of a test. The test takes the row of its table, if it has one. */
export type WithScene = <Row extends unknown[]>(
	body: (scene: Scene, ...row: Row) => Promise<void>,
	settings?: SceneSettings,
) => (...row: Row) => Promise<void>;

/** Boots n8n for the tests of a file. */
export function useStage(options?: StageOptions): WithScene {
	let stage: Stage | undefined;
	beforeAll(async () => {
		stage = await openStage(options);
	});
	afterAll(async () => await stage?.close());
	return (body, settings) =>
		async (...row) => {
			const scene = await openScene(required(stage, 'n8n'), settings);
			try {
				await body(scene, ...row);
			} finally {
				await scene.apixo.close();
			}
		};
}
