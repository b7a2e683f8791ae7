import type { IBinaryData, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { DEFAULT_KEY } from '../../../emulator/index.mts';
import { outputItems } from '../../../tools/n8n/driver/index.mts';
import { ESTIMATE, GENERATE, chat } from '../../support/n8n/chat.mts';
import { jsonOf, pairsOf } from '../../support/n8n/run.mts';
import { required } from '../../support/required.mts';
import type { Scene } from '../../support/n8n/scene.mts';
import { FILE_CHECKS } from './files.mts';
import { PARKING_CHECKS } from './parking.mts';
import { listen, outputOf, submitTo } from '../../support/n8n/trigger.mts';
import {
	type NodeSettings,
	items,
	tell,
	waitNode,
	wanVideo,
} from '../../support/n8n/workflows.mts';

type WaitFor = 'polling' | 'callback';

const QUICK = { firstPollDelay: 1, pollInterval: 1 };
/** n8n saves the data of an execution some moments after it says that it has ended. */
const SAVING_MS = 10_000;

const REFUSED = { failCode: 'NSFW', failMsg: 'Not for children' };

interface Generating {
	waitFor?: WaitFor;
	parameters?: INodeParameters;
	settings?: NodeSettings;
	/** of all three; default: `prompt 1` to `prompt 3` */
	prompt?: string;
}

/** Generates three videos; the node's two outputs report to the scene's witness. */
async function generate(
	scene: Scene,
	{ parameters, settings, waitFor = 'polling', prompt }: Generating = {},
) {
	const list = [1, 2, 3].map((n) => ({ prompt: prompt ?? `prompt ${n}` }));
	const node = wanVideo(
		{ waitFor, options: QUICK, ...parameters },
		{ credentials: scene.credentials, ...settings },
	);
	const branches = ['good', 'bad'].map((name) => tell(name, scene.witnessUrl(name)));
	return await scene.start([scene.startNode(false), items(list), node, branches]);
}

const fileOf = ({ binary }: INodeExecutionData): IBinaryData =>
	required(binary?.data, 'file of the item');

/** n8n 1 has no ID for a file: it keeps it in the item. */
const contentOf = async ({ client }: Scene, { id, data }: IBinaryData) =>
	id === undefined ? Buffer.from(data, 'base64') : await client.binary(id);

/** All three came out once, in order, paired, paid for once, their files with them. */
async function succeeds(scene: Scene, waitFor: WaitFor) {
	const run = await generate(scene, { waitFor, parameters: { download: true } });
	const execution = await run.final();
	expect(execution.status).toBe('success');
	const inOrder = [1, 2, 3].map((n) => scene.taskOf(`prompt ${n}`).taskId);
	expect(jsonOf(execution, 'Wan').map(({ taskId }) => taskId)).toEqual(inOrder);
	expect(pairsOf(execution, 'Wan')).toEqual([0, 1, 2]);
	expect(scene.visits('good').length).toBe(1);
	expect(scene.apixo.ledger().length).toBe(3);
	for (const item of outputItems(execution, 'Wan')) {
		expect((await contentOf(scene, fileOf(item))).toString('latin1', 4, 8)).toBe('ftyp');
	}
	return '✓';
}

/**
 * The second of three tasks fails at APIXO: on which output its item comes out, and with its input
 * if n8n counts it as failed.
 */
async function errorOutput(scene: Scene, waitFor: WaitFor) {
	const match = { promptIncludes: 'prompt 2' };
	scene.apixo.misbehave({ on: 'submit', match, do: { fail: REFUSED } });
	const settings: NodeSettings = { onError: 'continueErrorOutput' };
	const execution = await (await generate(scene, { waitFor, settings })).final();
	expect(execution.status).toBe('success');
	const toErrorOutput = jsonOf(execution, 'Wan', 1);
	const failed = toErrorOutput[0] ?? jsonOf(execution, 'Wan', 0)[1];
	expect(failed.details).toMatchObject({
		failMsg: REFUSED.failMsg,
		taskId: scene.taskOf('prompt 2').taskId,
	});
	if (toErrorOutput.length === 0) return 'failed items are among the good ones';
	expect(failed.prompt).toBe('prompt 2');
	expect(pairsOf(execution, 'Wan', 0)).toEqual([0, 2]);
	return '✓';
}

/** One after the other: of two tests at the same time, n8n fails one with `Node not found`. */
async function credentialTest({ client, apixo }: Scene) {
	const statusWith = async (apiKey: string) => {
		const data = { apiKey, baseUrl: apixo.baseUrl };
		return (await client.testCredential({ type: 'apixoApi', data })).status;
	};
	expect(await statusWith(DEFAULT_KEY)).toBe('OK');
	expect(await statusWith('wrong-key')).toBe('Error');
	return '✓';
}

/** The first try ends because a poll is refused, when all are paid for. */
async function retryOnFail(scene: Scene) {
	scene.apixo.misbehave({ on: 'status', times: 1, do: { httpStatus: 403 } });
	const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 };
	const execution = await (await generate(scene, { settings })).final();
	expect(execution.status).toBe('success');
	expect(scene.apixo.requests({ kind: 'status' })[0].status).toBe(403);
	expect(scene.apixo.ledger().length).toBe(3);
	return '✓';
}

async function trigger(scene: Scene) {
	const { url, runs } = await listen(scene, { download: true });
	await (await submitTo(scene, url, { context: '{"row": 7}' })).final();
	const executions = await runs(1);
	const [output] = outputOf(executions);
	expect([output.state, output.context, output.verified]).toEqual(['success', { row: 7 }, true]);
	const [item] = outputItems(executions[0], 'Trigger');
	expect(fileOf(item).mimeType).toBe('video/mp4');
	await scene.delivered(1);
	expect(scene.apixo.callbacks().map(({ status }) => status)).toEqual([200]);
	return '✓';
}

async function resumedWaitNode(scene: Scene) {
	const { url, runs } = await listen(scene);
	const steps = [waitNode(), tell('After', scene.witnessUrl('after'))];
	const run = await submitTo(scene, url, { resumeExecution: true }, { steps });
	const [{ query }] = jsonOf(await run.final(), 'Wait');
	expect(query).toMatchObject({ taskId: scene.taskIds()[0] });
	expect(scene.visits('after').length).toBe(1);
	expect(outputOf(await runs(1))[0].resumed).toBe(true);
	return '✓';
}

async function agentTool(scene: Scene) {
	const { execution, agentSaid } = await chat(scene, [ESTIMATE, GENERATE]);
	expect(execution.status).toBe('success');
	const [{ taskId, request }, ...more] = scene.apixo.ledger();
	expect(more).toEqual([]);
	expect(request.input.prompt).toBe(GENERATE.arguments.Prompt);
	expect(agentSaid).toContain(`${scene.apixo.origin}/files/${taskId}.mp4`);
	return '✓';
}

/** Where a user who stopped an execution finds the tasks that were paid for. */
async function stoppedByUser(scene: Scene) {
	scene.apixo.setGeneration(Infinity);
	const run = await generate(scene);
	await scene.until(() => scene.apixo.ledger().length === 3);
	await scene.client.stop(run.id);
	const isLogged = () => scene.taskIds().every((taskId) => scene.n8n.log().includes(taskId));
	await scene.until(isLogged);
	await scene.until(async () => (await run.now()).status === 'canceled');
	const namedTasks = async () => (await run.now()).customData?.wanVideoTasks;
	await scene.until(async () => (await namedTasks()) !== undefined, SAVING_MS).catch(() => {});
	const named = await namedTasks();
	if (named === undefined) return 'log';
	expect(named.split(' ').sort()).toEqual(scene.taskIds().sort());
	return 'log and execution';
}

/** How n8n keeps a video that was downloaded, by default. */
async function keptFile(scene: Scene) {
	const run = await generate(scene, { parameters: { download: true } });
	const [item] = outputItems(await run.final(), 'Wan');
	return fileOf(item).id === undefined ? 'in the item, in memory' : 'in a file';
}

async function hints(scene: Scene) {
	const execution = await (await generate(scene, { prompt: 'x'.repeat(1_501) })).final();
	const [{ hints: shown = [] }] = execution.data.resultData.runData.Wan;
	return shown.some(({ message }) => message.includes('1500')) ? '✓' : '–';
}

async function resumeToken(scene: Scene) {
	await (await generate(scene, { waitFor: 'callback' })).final();
	const urls = scene.apixo
		.tasks()
		.map(({ callbackUrl }) => new URL(required(callbackUrl, 'callback URL')));
	expect(urls.length).toBe(3);
	return urls.every(({ searchParams }) => searchParams.get('signature')) ? '✓' : '–';
}

/** What becomes of an execution whose second task fails while it is parked. */
async function failureWhileParked(scene: Scene) {
	const match = { promptIncludes: 'prompt 2' };
	scene.apixo.misbehave({ on: 'submit', match, do: { fail: REFUSED } });
	const execution = await (await generate(scene, { waitFor: 'callback' })).final();
	expect(scene.apixo.ledger().length).toBe(3);
	expect(scene.visits('good')).toEqual([]);
	expect(execution.data.resultData.error?.message).toMatch(/Not for children/);
	return execution.status === 'error' ? 'the execution fails' : execution.status;
}

/**
 * What the package does, by the words of docs/compatibility.md: each check gives the table's cell,
 * or throws.
 */
export const CHECKS: Record<string, (scene: Scene, version: string) => Promise<string>> = {
	'Credential test': credentialTest,
	'Generate, waiting by polling, with download': async (scene) => await succeeds(scene, 'polling'),
	'Generate, waiting by callback, with download': async (scene) =>
		await succeeds(scene, 'callback'),
	'Error output, waiting by polling': async (scene) => await errorOutput(scene, 'polling'),
	'Error output, waiting by callback': async (scene) => await errorOutput(scene, 'callback'),
	'Retry On Fail pays once': retryOnFail,
	'Wan Video Trigger': trigger,
	'Trigger resumes a Wait node': resumedWaitNode,
	'Tool of an AI agent': agentTool,
	'Names of paid tasks after a stop by the user': stoppedByUser,
	'Downloaded videos, by default': keptFile,
	'Hints beside the output': hints,
	'Resume URLs carry a secret token of n8n': resumeToken,
	'Task fails at a callback wait, On Error = Stop': failureWhileParked,
	...FILE_CHECKS,
	...PARKING_CHECKS,
};
