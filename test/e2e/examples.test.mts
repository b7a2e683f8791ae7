import { isAssignmentCollectionValue } from 'n8n-workflow';
import { outputItems } from '../../tools/n8n/driver/index.mts';
import { required } from '../support/required.mts';
import { readItem } from '../support/item.mts';
import { exampleFiles, importExample, nodeOf } from '../support/n8n/examples.mts';
import { type Execution, jsonOf, pairsOf } from '../support/n8n/run.mts';
import { type Scene, useStage } from '../support/n8n/scene.mts';
import { type NewWorkflow, tell } from '../support/n8n/workflows.mts';
import { contentOf, fileOf } from './support/execution.mts';

const withScene = useStage();

const SOON = { generationMs: 1_500 };

/** Runs on by itself, and pays what its note says. */
async function runToTheEnd(scene: Scene, number: string) {
	const example = await importExample(scene, number);
	const execution = await (await example.run()).final();
	expect(execution.data.resultData.error).toBeUndefined();
	expect(execution.status).toBe('success');
	expect(spent(scene)).toBeCloseTo(example.cost);
	return execution;
}

const spent = ({ apixo }: Scene) => apixo.ledger().reduce((sum, { usd }) => sum + usd, 0);

const inputsOf = ({ apixo }: Scene) => apixo.ledger().map(({ request }) => request.input);

async function expectVideos(
	{ client }: Scene,
	execution: Execution,
	nodeName: string,
	fileNames: string[],
) {
	const files = outputItems(execution, nodeName).map((item) => fileOf(item));
	expect(files.map(({ fileName }) => fileName)).toEqual(fileNames);
	expect(files.map(({ mimeType }) => mimeType)).toEqual(fileNames.map(() => 'video/mp4'));
	for (const file of files) {
		expect((await contentOf(client, file)).toString('latin1', 4, 8)).toBe('ftyp');
	}
}

test('every example is run by a test', () => {
	const tested = ['1', '2', '3', '4', '5', '6', '7', '8'];
	expect(exampleFiles().map((name) => name.split('-')[0])).toEqual(tested);
});

describe('an example, imported into n8n and run', () => {
	it.concurrent(
		'1 turns a list of prompts into as many files',
		withScene(async (scene) => {
			const execution = await runToTheEnd(scene, '1');
			await expectVideos(scene, execution, 'Save or Send', ['fox.mp4', 'boat.mp4', 'clouds.mp4']);
			expect(pairsOf(execution, 'Wan Video')).toEqual([0, 1, 2]);
		}, SOON),
	);

	it.concurrent(
		'2 lets an image speak, with sound and voice',
		withScene(async (scene) => {
			const execution = await runToTheEnd(scene, '2');
			await expectVideos(scene, execution, 'Save or Send', ['talking.mp4']);
			const [input] = inputsOf(scene);
			expect(input).toMatchObject({
				sound: true,
				image_urls: ['https://example.com/speaker.png'],
				audio_urls: ['https://example.com/voice.mp3'],
			});
		}, SOON),
	);

	it.concurrent(
		'3 gives the same references, in order, to every scene',
		withScene(async (scene) => {
			const execution = await runToTheEnd(scene, '3');
			const files = ['scene-1.mp4', 'scene-2.mp4', 'scene-3.mp4'];
			await expectVideos(scene, execution, 'Save or Send', files);
			const references = ['https://example.com/anna.png', 'https://example.com/robot.mp4'];
			for (const input of inputsOf(scene)) expect(input.reference_urls).toEqual(references);
		}, SOON),
	);

	it.concurrent(
		'4 ends at once, and a second execution brings each video with its row',
		withScene(
			async (scene) => {
				const { n8n, client, apixo, until } = scene;
				const example = await importExample(scene, '4', (workflow) => {
					const { webhookId } = nodeOf(workflow, 'Wan Video Trigger');
					const callbackUrl = `${n8n.url}/webhook/${webhookId}/wan-video`;
					nodeOf(workflow, 'Submit').parameters.callbackUrl = callbackUrl;
				});
				await client.activate(example.id);
				const submitting = await (await example.run()).final();
				expect(jsonOf(submitting, 'Submit').map(({ state }) => state)).toEqual([
					'pending',
					'pending',
				]);
				expect(spent(scene)).toBeCloseTo(example.cost);

				const [good, bad] = apixo.tasks().map(({ taskId }) => taskId);
				apixo.finish(good);
				apixo.finish(bad, { state: 'failed', failCode: 'NSFW', failMsg: 'Not for children' });
				const notified = async () =>
					(await client.executions({ workflowId: example.id })).filter(
						({ mode, status }) => mode === 'webhook' && status === 'success',
					);
				await until(async () => (await notified()).length === 2);
				const runs = await Promise.all(
					(await notified()).map(async ({ id }) => await client.execution(id)),
				);
				const came = (name: string) => runs.flatMap((run) => outputItems(run, name));
				expect(came('Send the Video')).toMatchObject([
					{
						json: { taskId: good, context: { row: 7 } },
						binary: { data: { mimeType: 'video/mp4' } },
					},
				]);
				expect(came('Tell What Happened')).toMatchObject([
					{ json: { taskId: bad, context: { row: 8 }, failMsg: 'Not for children' } },
				]);
				expect(came('Tell What Happened')[0].json.hint).toBeTruthy();
			},
			{ generationMs: Infinity },
		),
	);

	/** As its note says: a node that sends the form's address, before the one that asks. */
	const sendFormAddress = (scene: Scene) => (workflow: NewWorkflow) => {
		const send = tell('Send Address', scene.witnessUrl('form'));
		send.parameters.jsonBody = '={{ JSON.stringify({ form: $execution.resumeFormUrl }) }}';
		workflow.nodes.push(send);
		const outputs = workflow.connections['Within the Limit?'].main;
		workflow.connections['Send Address'] = { main: [outputs[1]] };
		outputs[1] = [{ node: 'Send Address', type: 'main', index: 0 }];
	};

	async function decide(scene: Scene, decision: string) {
		const example = await importExample(scene, '5', sendFormAddress(scene));
		const run = await example.run();
		await run.parked();
		expect(scene.apixo.ledger()).toEqual([]);
		const [{ body }] = scene.visits('form');
		const address = String(readItem(body).form);
		const form = await scene.client.http.get(address);
		expect(form.data).toContain('It costs about $1.20: 8 seconds in 1080p.');
		const answer = new FormData();
		answer.append('field-0', decision);
		expect((await scene.client.http.post(address, answer)).status).toBe(200);
		return { example, execution: await run.final() };
	}

	it.concurrent(
		'5 asks, and generates when somebody agrees',
		withScene(async (scene) => {
			const { example, execution } = await decide(scene, 'Generate');
			expect(execution.status).toBe('success');
			expect(jsonOf(execution, 'Generate')).toMatchObject([{ state: 'success' }]);
			expect(spent(scene)).toBeCloseTo(example.cost);
		}, SOON),
	);

	it.concurrent(
		'5 spends nothing when somebody does not',
		withScene(async (scene) => {
			const { execution } = await decide(scene, 'Do not generate');
			expect(execution.status).toBe('success');
			expect(scene.apixo.ledger()).toEqual([]);
		}, SOON),
	);

	it.concurrent(
		'5 does not ask for what is within the limit',
		withScene(async (scene) => {
			const example = await importExample(scene, '5', (workflow) => {
				const { assignments: fields } = nodeOf(workflow, 'Request').parameters;
				if (!isAssignmentCollectionValue(fields)) throw new Error('Request assigns no fields');
				const limit = fields.assignments.find(({ name }) => name === 'freeUpToUsd');
				required(limit, 'freeUpToUsd').value = 2;
			});
			const execution = await (await example.run()).final();
			expect(jsonOf(execution, 'Generate')).toMatchObject([{ state: 'success' }]);
			expect(jsonOf(execution, 'Ask')).toEqual([]);
		}, SOON),
	);

	it.concurrent(
		'6 submits what failed at APIXO once more, and nothing else',
		withScene(async (scene) => {
			const fail = { failCode: 'PromptInvalid', failMsg: 'Too stormy' };
			scene.apixo.misbehave({
				on: 'submit',
				match: { promptIncludes: 'storm' },
				times: 1,
				do: { fail },
			});
			// Accepted and paid, though the answer is lost: may become a video.
			scene.apixo.misbehave({
				on: 'submit',
				match: { promptIncludes: 'dancer' },
				do: { loseAnswer: true },
			});
			const example = await importExample(scene, '6');
			const execution = await (await example.run()).final();
			expect(execution.status).toBe('success');
			const prompts = inputsOf(scene).map(({ prompt }) => prompt);
			expect(prompts).toHaveLength(4);
			expect(prompts[3]).toMatch(/^A storm .* Calm, friendly, suitable for all ages$/);
			const firstTries = scene.apixo.ledger().slice(0, 3);
			expect(firstTries.reduce((sum, { usd }) => sum + usd, 0)).toBeCloseTo(example.cost);
			expect(jsonOf(execution, 'Second Try')).toMatchObject([{ state: 'success' }]);
			expect(jsonOf(execution, 'To Look At')).toMatchObject([
				{ id: 3, error: expect.stringContaining('A task may exist') },
			]);
		}, SOON),
	);
});
