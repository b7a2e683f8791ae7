import fs from 'node:fs';
import path from 'node:path';
import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';
import { installPackage, outputItems, packPackage } from '../../tools/n8n/driver/index.mts';
import { exampleFiles, importExample, nodeOf } from '../support/n8n/examples.mts';
import { type Run, jsonOf, pairsOf } from '../support/n8n/run.mts';
import { type Scene, openScene } from '../support/n8n/scene.mts';
import { type Stage, openStage } from '../support/n8n/stage.mts';
import { required } from '../support/required.mts';
import { contentOf, fileOf } from './support/execution.mts';
import { filesBelow } from './support/key-search.mts';

/** The version before this one; how it was made stands in the README beside it. */
const PREVIOUS = path.join(import.meta.dirname, 'fixtures', 'n8n-nodes-apixo-0.1.0.tgz');

/** What examples with a Start node do; 4 is run before the update. 10 has nowhere to upload to. */
const RUNS = [
	['1', 'success'],
	['3', 'success'],
	['5', 'waiting'],
	['6', 'success'],
	['9', 'success'],
] as const;

/** Titles of what is ordered in example 4. */
const ORDERS = ['A kite', 'A mill'];

const ERROR_OUTPUT = { onError: 'continueErrorOutput' } as const;

/** Minutes: longer than the update takes. */
const TIMEOUT = 2.5;
const UNTIL_DEADLINE_MS = 240_000;

const NUMBERS = exampleFiles().map((name) => name.split('-')[0]);

interface SavedExample {
	id: string;
	run: () => Promise<Run>;
	/** As it was saved. */
	workflow: Awaited<ReturnType<typeof opened>>;
}

let stage: Stage;
let previousCode: string;
/** An APIXO each for what is parked, for what reports to a trigger, and for examples. */
let parking: Scene;
let oneByOne: Scene;
let failing: Scene;
let uncalled: Scene;
let reporting: Scene;
let importing: Scene;
let parked: Run;
let parkedOneByOne: Run;
let parkedFailing: Run;
let parkedUncalled: Run;
let reported: string;
let types: INodeTypeDescription[];
const saved = new Map<string, SavedExample>();

/** All code of the package that n8n has installed. */
function installedCode(): string {
	const modules = path.join(stage.n8n.userFolder, '.n8n', 'nodes', 'node_modules');
	const files = filesBelow(path.join(modules, 'n8n-nodes-apixo', 'dist'));
	return files.map((file) => `${file}\n${fs.readFileSync(file, 'utf8')}`).join('\n');
}

async function replacePackage(tarball: string) {
	await stage.n8n.stop();
	await installPackage(tarball, stage.n8n.userFolder);
	await stage.n8n.restart();
}

/** What the editor shows of a workflow. */
async function opened(id: string) {
	const { name, nodes, connections, settings } = await stage.client.workflow(id);
	return { name, nodes, connections, settings };
}

/** The node types that the editor knows. */
async function readNodeTypes(): Promise<INodeTypeDescription[]> {
	const { client } = stage;
	const headers = { Cookie: client.cookie };
	return (await client.http.get<INodeTypeDescription[]>('/types/nodes.json', { headers })).data;
}

/** Names of a node's fields, and of the options that they offer. */
const fieldNames = (properties: INodeProperties[]): string[] =>
	properties.flatMap(({ name, options = [] }) => [name, ...options.map((option) => option.name)]);

/** Orders two videos in example 4, whose trigger listens in production. @returns its ID */
async function submitExample4(): Promise<string> {
	const example = await importExample(reporting, '4', (workflow) => {
		const { webhookId } = nodeOf(workflow, 'Wan Video Trigger');
		const callbackUrl = `${stage.n8n.url}/webhook/${webhookId}/wan-video`;
		nodeOf(workflow, 'Submit').parameters.callbackUrl = callbackUrl;
	});
	await stage.client.activate(example.id);
	for (const Title of ORDERS) {
		const order = { Title, 'What happens': `${Title} turns in the wind` };
		await (await example.run('Order', order)).final();
	}
	return example.id;
}

beforeAll(async () => {
	stage = await openStage();
	await replacePackage(PREVIOUS);
	previousCode = installedCode();
	parking = await openScene(stage);
	oneByOne = await openScene(stage);
	failing = await openScene(stage);
	uncalled = await openScene(stage);
	reporting = await openScene(stage);
	importing = await openScene(stage, { generationMs: 1_500 });

	parked = await parking.park({ count: 2, parameters: { download: '={{ $itemIndex === 1 }}' } });
	parkedOneByOne = await oneByOne.park({ count: 2, production: true });
	parkedFailing = await failing.park({ count: 2, settings: ERROR_OUTPUT });
	const options = { timeout: TIMEOUT };
	parkedUncalled = await uncalled.park({ parameters: { options }, settings: ERROR_OUTPUT });
	for (const run of [parked, parkedOneByOne, parkedFailing, parkedUncalled]) await run.parked();
	reported = await submitExample4();
	for (const number of NUMBERS) {
		const { id, run } = await importExample(importing, number);
		saved.set(number, { id, run, workflow: await opened(id) });
	}

	await replacePackage(process.env.PACKAGE_UNDER_TEST ?? (await packPackage()));
	types = await readNodeTypes();
});
afterAll(async () => {
	for (const scene of [parking, oneByOne, failing, uncalled, reporting, importing])
		await scene?.apixo.close();
	await stage?.close();
});

const savedExample = (number: string): SavedExample =>
	required(saved.get(number), `example ${number}`);

describe('an update of the package', () => {
	it('is one: n8n has other code than before', () => {
		expect(installedCode()).not.toBe(previousCode);
	});

	it('lets an execution that was parked before end with both videos, each paid for once', async () => {
		expect((await parked.now()).status).toBe('waiting');
		parking.finishAll();
		const execution = await parked.final();
		await parking.delivered(2);

		expect(execution.data.resultData.error).toBeUndefined();
		expect(execution.status).toBe('success');
		const tasks = [1, 2].map((n) => parking.taskOf(`prompt ${n}`).taskId);
		expect(jsonOf(execution, 'Wan')).toMatchObject(
			tasks.map((taskId) => ({
				taskId,
				state: 'success',
				mode: 'text-to-video',
				videoUrl: `${parking.apixo.origin}/files/${taskId}.mp4`,
			})),
		);
		expect(pairsOf(execution, 'Wan')).toEqual([0, 1]);
		const [first, second] = outputItems(execution, 'Wan');
		expect(first).not.toHaveProperty('binary');
		const video = await contentOf(stage.client, fileOf(second));
		expect(video.toString('latin1', 4, 8)).toBe('ftyp');
		expect(parking.wentOn().map((items) => items.map(({ taskId }) => taskId))).toEqual([tasks]);
		expect(parking.apixo.ledger()).toHaveLength(2);
	});

	it('lets an execution that was parked before be parked again, until its second video is there', async () => {
		const { apixo, taskOf, until, wentOn } = oneByOne;
		const [first, second] = [1, 2].map((n) => taskOf(`prompt ${n}`).taskId);
		apixo.finish(first);
		await until(() => apixo.requests({ kind: 'status' }).length === 2);
		await parkedOneByOne.parked();
		expect(wentOn()).toEqual([]);
		apixo.finish(second);
		const execution = await parkedOneByOne.final();
		await oneByOne.delivered(2);

		expect(execution.status).toBe('success');
		expect(jsonOf(execution, 'Wan').map(({ taskId }) => taskId)).toEqual([first, second]);
		expect(pairsOf(execution, 'Wan')).toEqual([0, 1]);
		expect(wentOn()).toHaveLength(1);
		expect(apixo.callbacks().map(({ status }) => status)).toEqual([200, 200]);
		expect(apixo.ledger()).toHaveLength(2);
	});

	it('tells of an execution that was parked before which of its tasks failed', async () => {
		const [good, bad] = [1, 2].map((n) => failing.taskOf(`prompt ${n}`).taskId);
		failing.apixo.finish(bad, { state: 'failed', failCode: 'NSFW', failMsg: 'Not for children' });
		failing.apixo.finish(good);
		const execution = await parkedFailing.final();

		expect(execution.status).toBe('success');
		expect(failing.wentOn()).toEqual([[expect.objectContaining({ taskId: good })]]);
		expect(failing.wentWrong()).toEqual([
			[
				expect.objectContaining({
					error: expect.stringContaining('Not for children'),
					details: expect.objectContaining({ taskId: bad, state: 'failed', failCode: 'NSFW' }),
				}),
			],
		]);
		expect(failing.apixo.ledger()).toHaveLength(2);
	});

	it('lets the trigger of example 4 take reports on tasks that were submitted before', async () => {
		const { client } = stage;
		const [good, bad] = reporting.taskIds();
		reporting.apixo.finish(good);
		reporting.apixo.finish(bad, { state: 'failed', failCode: 'NSFW', failMsg: 'Not for children' });
		const notified = async () =>
			(await client.executions({ workflowId: reported })).filter(
				({ mode, status }) => mode === 'webhook' && ['success', 'waiting'].includes(status),
			);
		await reporting.until(async () => (await notified()).length === 2);
		const runs = await Promise.all((await notified()).map(({ id }) => client.execution(id)));
		const reports = runs.flatMap((run) => jsonOf(run, 'Wan Video Trigger'));
		expect(reports).toHaveLength(2);
		expect(reports).toEqual(
			expect.arrayContaining([
				expect.objectContaining({ taskId: good, state: 'success', context: { title: ORDERS[0] } }),
				expect.objectContaining({ taskId: bad, state: 'failed', context: { title: ORDERS[1] } }),
			]),
		);
		expect(reporting.apixo.ledger()).toHaveLength(2);
	});

	it.each(NUMBERS)('leaves example %s as it was saved', async (number) => {
		const { id, workflow } = savedExample(number);
		expect(await opened(id)).toEqual(workflow);
	});

	it.each(NUMBERS)('keeps the node types, versions and fields of example %s', async (number) => {
		const nodes = savedExample(number).workflow.nodes.filter(({ type }) =>
			type.startsWith('n8n-nodes-apixo.'),
		);
		expect(nodes.length).toBeGreaterThan(0);
		for (const { type, typeVersion, parameters } of nodes) {
			const found = types.find(({ name, version }) => {
				return name === type && [version].flat().includes(typeVersion);
			});
			expect([type, typeVersion, fieldNames(found?.properties ?? [])]).toEqual([
				type,
				typeVersion,
				expect.arrayContaining([
					...Object.keys(parameters),
					...Object.keys(parameters.options ?? {}),
				]),
			]);
		}
	});

	it.each(RUNS)('lets example %s run as it was saved: %s', async (number, status) => {
		const run = await savedExample(number).run();
		await importing.client.waitForExecution(run.id, { status });
	});

	it('lets an execution that was parked before, and is never called, end at its deadline and name its task', async () => {
		const { apixo, taskOf, wentOn, wentWrong } = uncalled;
		const execution = await parkedUncalled.final(UNTIL_DEADLINE_MS);

		const { taskId } = taskOf('prompt 1');
		expect(execution.status).toBe('success');
		expect(wentOn()).toEqual([]);
		expect(wentWrong()).toEqual([
			[
				expect.objectContaining({
					error: expect.stringContaining(taskId),
					details: expect.objectContaining({ taskId }),
				}),
			],
		]);
		expect(apixo.ledger()).toHaveLength(1);
	});
});
