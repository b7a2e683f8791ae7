import { randomUUID } from 'node:crypto';
import type { INode, INodeParameters } from 'n8n-workflow';
import type { Execution } from '../../../tools/n8n/driver/index.mts';
import { nodeOf } from '../../support/n8n/examples.mts';
import { type Run, hintsOf, jsonOf, pairsOf, runOf } from '../../support/n8n/run.mts';
import {
	type Scene,
	type SceneStage,
	type SceneTools,
	openScene,
} from '../../support/n8n/scene.mts';
import { openServer } from '../../support/n8n/stage.mts';
import { UNSAVED_RUNS, retryTwice } from '../../support/n8n/unsaved-runs.mts';
import {
	type NewWorkflow,
	type NodeSettings,
	callWorkflow,
	calledStart,
	chain,
	items,
	loop,
	manualStart,
	node,
	tell,
	wanVideo,
	wired,
} from '../../support/n8n/workflows.mts';
import { environmentFor } from './environment.mts';

/** Long enough to be parked for, however slowly n8n submits. */
const PARKS = { firstPollDelay: 75, pollInterval: 62 };
const TWO_PARKS_MS = 100_000;
const PATIENCE_MS = 240_000;

const prompts = (...numbers: number[]) => items(numbers.map((n) => ({ prompt: `prompt ${n}` })));

const tasksOf = ({ taskOf }: Pick<SceneTools, 'taskOf'>, ...numbers: number[]) =>
	numbers.map((n) => taskOf(`prompt ${n}`).taskId);

const byCallback = ({ credentials }: Scene, settings?: NodeSettings): INode =>
	wanVideo({ waitFor: 'callback' }, { credentials, ...settings });

async function run({ client }: Scene, workflow: NewWorkflow): Promise<Run> {
	const { id } = await client.createWorkflow(workflow);
	return runOf(client, id, await client.run(id, 'Start'));
}

/** The three videos of `park` came out once, in order, paired, in one run of the node. */
function expectThree(scene: SceneTools, execution: Execution) {
	expect([execution.status, execution.data.resultData.error?.message]).toEqual([
		'success',
		undefined,
	]);
	const inOrder = tasksOf(scene, 1, 2, 3);
	expect(jsonOf(execution, 'Wan').map(({ taskId }) => taskId)).toEqual(inOrder);
	expect(pairsOf(execution, 'Wan')).toEqual([0, 1, 2]);
	expect(execution.data.resultData.runData.Wan.length).toBe(1);
	expect(scene.wentOn().map((came) => came.map(({ taskId }) => taskId))).toEqual([inOrder]);
	expect(scene.apixo.ledger().length).toBe(3);
}

async function parkedTwice(scene: Scene) {
	scene.apixo.setGeneration(TWO_PARKS_MS);
	const parameters: INodeParameters = { waitFor: 'parked', options: PARKS };
	const execution = await (await scene.park({ count: 3, parameters })).final(PATIENCE_MS);
	expectThree(scene, execution);
	expect(scene.apixo.requests({ kind: 'status' }).length).toBe(6);
	return '✓';
}

/** On an n8n of its own, since all that n8n does is killed with it. */
async function killedWhileParked(_: Scene, version: string) {
	const stage = await openServer({ version, env: environmentFor(version) });
	const byTime = await openScene(stage);
	const byCall = await openScene(stage);
	try {
		const options = PARKS;
		const timed = await byTime.park({ count: 3, parameters: { waitFor: 'parked', options } });
		const called = await byCall.park({ count: 3 });
		await Promise.all([timed.parked(), called.parked()]);
		await stage.n8n.kill();
		byTime.finishAll();
		await stage.n8n.restart();
		byCall.finishAll();
		expectThree(byCall, await called.final());
		expectThree(byTime, await timed.final(PATIENCE_MS));
	} finally {
		for (const { apixo } of [byTime, byCall]) await apixo.close();
		await stage.close();
	}
	return '✓';
}

/** On an n8n of its own, too. */
async function killedUnsaved(_: Scene, version: string) {
	const stage = await openServer({ version, env: environmentFor(version) });
	const killed: Array<{ scene: SceneStage & SceneTools; run: Run }> = [];
	try {
		for (const { begin } of Object.values(UNSAVED_RUNS)) {
			const scene = await openScene(stage, { timeScale: 100 });
			killed.push({ scene, run: await begin(scene) });
		}
		await stage.n8n.kill();
		await stage.n8n.restart();
		for (const { scene, run } of killed) {
			await run.final();
			scene.finishAll();
			expect(await retryTwice(scene, run)).toEqual([]);
		}
	} finally {
		for (const { scene } of killed) await scene.apixo.close();
		await stage.close();
	}
	return '✓';
}

async function wokenTwice(scene: Scene) {
	scene.apixo.setGeneration(Infinity);
	const parked = await scene.park({ count: 3 });
	await parked.parked();
	for (const { callbackUrl, taskId } of scene.apixo.tasks()) {
		const { status } = await scene.client.postWebhook(String(callbackUrl), { data: { taskId } });
		expect(status).toBe(200);
	}
	await scene.until(() => scene.apixo.requests({ kind: 'status' }).length === 3);
	await parked.parked();
	scene.finishAll();
	expectThree(scene, await parked.final());
	return '✓';
}

/** The second of three tasks fails once; its user retries the execution in both ways. */
async function retried(scene: Scene) {
	const { apixo, client, park } = scene;
	for (const loadWorkflow of [false, true]) {
		const before = apixo.ledger().length;
		const match = { promptIncludes: 'prompt 2' };
		apixo.misbehave({ on: 'submit', match, times: 1, do: { fail: { failMsg: 'No' } } });
		const failed = await park({ count: 3 });
		expect((await failed.final()).status).toBe('error');
		await client.updateWorkflow(failed.workflowId, (workflow) => {
			nodeOf(workflow, 'Wan').parameters.prompt = "={{ $json.prompt.replace('2', 'two') }}";
		});
		const { id } = await client.retry(failed.id, { loadWorkflow });
		const execution = await client.waitForExecution(id);
		expect(execution.status).toBe('success');
		const paid = apixo.ledger().slice(before);
		const [, second] = jsonOf(execution, 'Wan');
		expect(paid.map(({ request }) => request.input.prompt).sort()).toEqual(
			['prompt 1', 'prompt 2', loadWorkflow ? 'prompt two' : 'prompt 2', 'prompt 3'].sort(),
		);
		expect(second.taskId).toBe(paid[3].taskId);
		expect(jsonOf(execution, 'Wan').map(({ state }) => state)).toEqual(Array(3).fill('success'));
	}
	return '✓';
}

async function inLoop(scene: Scene) {
	const done = tell('Done', scene.witnessUrl('done'));
	const nodes = [manualStart(), prompts(1, 2, 3, 4), loop(2), byCallback(scene), done];
	const looping = wired(randomUUID(), nodes, [
		['Start', 0, 'Items', 0],
		['Items', 0, 'Loop', 0],
		['Loop', 0, 'Done', 0],
		['Loop', 1, 'Wan', 0],
		['Wan', 0, 'Loop', 0],
	]);
	expect((await (await run(scene, looping)).final()).status).toBe('success');
	expect(scene.visits('done').map(({ body }) => body)).toEqual([
		tasksOf(scene, 1, 2, 3, 4).map((taskId) => expect.objectContaining({ taskId })),
	]);
	expect(scene.apixo.ledger().length).toBe(4);
	return '✓';
}

async function beforeMerge(scene: Scene) {
	for (const executionOrder of ['v0', 'v1']) {
		const before = scene.apixo.ledger().length;
		const merge = node('Merge', 'merge', { typeVersion: 3, parameters: { mode: 'append' } });
		const nodes = [manualStart(), prompts(1, 2, 3), byCallback(scene), merge];
		const links: Parameters<typeof wired>[2] = [
			['Start', 0, 'Items', 0],
			['Items', 0, 'Wan', 0],
			['Items', 0, 'Merge', 1],
			['Wan', 0, 'Merge', 0],
		];
		const merging = wired(randomUUID(), nodes, links, { executionOrder });
		const execution = await (await run(scene, merging)).final();
		const videos = scene.apixo.ledger().slice(before);
		expect([executionOrder, execution.status]).toEqual([executionOrder, 'success']);
		expect(jsonOf(execution, 'Merge').map(({ taskId, prompt }) => taskId ?? prompt)).toEqual([
			...jsonOf(execution, 'Wan').map(({ taskId }) => taskId),
			'prompt 1',
			'prompt 2',
			'prompt 3',
		]);
		expect(videos.length).toBe(3);
	}
	return '✓';
}

async function behindTrigger(scene: Scene) {
	const wan = wanVideo({ waitFor: 'callback', prompt: 'prompt 1' }, scene);
	const told = tell('Good', scene.witnessUrl('told'));
	const execution = await (
		await run(scene, chain(randomUUID(), [manualStart(), wan, told]))
	).final();
	expect(execution.status).toBe('success');
	expect(scene.visits('told').map(({ body }) => body)).toEqual([
		[expect.objectContaining({ taskId: tasksOf(scene, 1)[0] })],
	]);
	return '✓';
}

/** The editor's Execute Step, at a node whose input is there from a run before. */
async function singleStep(scene: Scene) {
	const { client } = scene;
	const told = tell('Good', scene.witnessUrl('told'));
	const steps = [manualStart(), prompts(1, 2, 3), byCallback(scene), told];
	// In a workflow from the editor, what is pinned is an object.
	const workflow = { ...chain(randomUUID(), steps), pinData: {} };
	const { id } = await client.createWorkflow(workflow);
	const step = async (nodeName: string, runData?: object) => {
		const { executionId } = await client.post<{ executionId: string }>(`/workflows/${id}/run`, {
			destinationNode: { nodeName, mode: 'inclusive' },
			...(runData ? { runData, dirtyNodeNames: [] } : { triggerToStartFrom: { name: 'Start' } }),
		});
		return await client.waitForExecution(executionId);
	};
	const before = await step('Items');
	const execution = await step('Wan', before.data.resultData.runData);
	expect(execution.status).toBe('success');
	expect(jsonOf(execution, 'Wan').map(({ taskId }) => taskId)).toEqual(tasksOf(scene, 1, 2, 3));
	expect(jsonOf(execution, 'Wan').map(({ state }) => state)).toEqual(Array(3).fill('success'));
	expect(scene.visits('told')).toEqual([]);
	expect(scene.apixo.ledger().length).toBe(3);
	return '✓';
}

/** What comes out of a node with one of n8n's own settings, by number of items, and what was paid. */
async function withSettings(scene: Scene) {
	const { apixo } = scene;
	const started = async (settings: NodeSettings) => {
		const before = apixo.ledger().length;
		const workflow = chain(randomUUID(), [
			manualStart(),
			prompts(1, 2, 3),
			byCallback(scene, settings),
		]);
		const execution = await (await run(scene, workflow)).final();
		const states = jsonOf(execution, 'Wan').map(({ state }) => state);
		return { states, paid: apixo.ledger().length - before };
	};
	const three = Array(3).fill('success');
	expect(await started({ alwaysOutputData: true })).toEqual({ states: three, paid: 3 });
	expect(await started({ executeOnce: true })).toEqual({ states: ['success'], paid: 1 });
	const match = { promptIncludes: 'prompt 2' };
	apixo.misbehave({ on: 'submit', match, times: 1, do: { fail: { failMsg: 'No' } } });
	const retrying = { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 };
	expect(await started(retrying)).toEqual({ states: three, paid: 4 });
	return '✓';
}

async function called(scene: Scene, version: string) {
	const { client, apixo } = scene;
	const child = await client.createWorkflow(chain('Called', [calledStart(), byCallback(scene)]));
	// n8n 1 calls a workflow that is not active, and cannot activate one that only others start.
	if (!version.startsWith('1.')) await client.activate(child.id);
	const steps = [manualStart(), prompts(1, 2, 3), callWorkflow(child.id, 'once')];
	const execution = await (await run(scene, chain(randomUUID(), steps))).final();
	expect(execution.status).toBe('success');
	expect(jsonOf(execution, 'Call').map(({ taskId }) => taskId)).toEqual(tasksOf(scene, 1, 2, 3));
	expect(apixo.ledger().length).toBe(3);
	const [{ id }] = await client.executions({ workflowId: child.id });
	const hints = hintsOf(await client.execution(id), 'Wan').join();
	return hints.includes('waited by polling') ? 'by polling, as a hint says' : '✓';
}

async function retriedAfterStop(scene: Scene) {
	const { apixo, client, park } = scene;
	apixo.setGeneration(Infinity);
	for (const loadWorkflow of [false, true]) {
		const before = apixo.ledger().length;
		const stopped = await park({ count: 3 });
		await stopped.parked();
		await client.stop(stopped.id);
		scene.finishAll();
		const { id } = await client.retry(stopped.id, { loadWorkflow });
		const execution = await client.waitForExecution(id);
		const paid = apixo
			.ledger()
			.slice(before)
			.map(({ taskId }) => taskId);
		expect(execution.status).toBe('success');
		expect(
			jsonOf(execution, 'Wan')
				.map(({ taskId }) => taskId)
				.sort(),
		).toEqual(paid.sort());
		expect(jsonOf(execution, 'Wan').map(({ state }) => state)).toEqual(Array(3).fill('success'));
		expect(paid.length).toBe(3);
	}
	return '✓';
}

/** What a parked execution leans on in n8n's engine. */
export const PARKING_CHECKS = {
	'Parked twice, then on once, all items paired': parkedTwice,
	'Parked, n8n killed: on by its time, and by callback': killedWhileParked,
	'n8n killed before it had saved what was paid: Retry': killedUnsaved,
	'Woken by callback, parked again, woken again': wokenTwice,
	'Retry after a failure, original and corrected': retried,
	'Retry after a stop while parked, original and current': retriedAfterStop,
	'Parked in a loop': inLoop,
	'Parked before a Merge, in both execution orders': beforeMerge,
	'Parked right behind the trigger': behindTrigger,
	'Parked in a single step of the editor': singleStep,
	'Parked with Always Output Data, Execute Once, Retry On Fail': withSettings,
	'Called by another workflow, once with all items': called,
};
