import fs from 'node:fs';
import path from 'node:path';
import type { INodeParameters } from 'n8n-workflow';
import { outputItems } from '../../tools/n8n/driver/index.mts';
import { type Scene, useStage } from '../support/n8n/scene.mts';
import { required } from '../support/required.mts';
import { listen, outputOf, submitTo } from '../support/n8n/trigger.mts';
import { contentOf, fileOf } from './support/execution.mts';

const VIDEO = fs.readFileSync(
	path.join(import.meta.dirname, '..', '..', 'emulator', 'media', 'sample.mp4'),
);
const REFUSED = { failCode: 'NSFW', failMsg: 'Not for children' };

const withScene = useStage();

/** A trigger, and a task that reports to it and is not final yet. */
async function submitted(
	scene: Scene,
	{ parameters, options }: { parameters?: INodeParameters; options?: INodeParameters } = {},
) {
	const trigger = await listen(scene, parameters);
	await (await submitTo(scene, trigger.url, options)).final();
	const [task] = scene.apixo.tasks();
	const callbackUrl = required(task.callbackUrl, 'callback URL');
	return { trigger, task, callbackUrl };
}

const answers = ({ apixo }: Scene) => apixo.callbacks().map(({ status }) => status);

describe('a finished task', () => {
	it.concurrent(
		'starts the workflow once, verified, with the context that Submit was given',
		withScene(async (scene) => {
			const options = { context: '{"row": 7, "name": "Füchse"}' };
			const { trigger, task } = await submitted(scene, { options });
			scene.apixo.finish(task.taskId);
			const runs = await trigger.runs(1);

			const videoUrl = `${scene.apixo.origin}/files/${task.taskId}.mp4`;
			expect(outputOf(runs)).toEqual([
				{
					taskId: task.taskId,
					state: 'success',
					videoUrl,
					videoUrls: [videoUrl],
					createdAt: expect.any(String),
					completedAt: expect.any(String),
					costTimeMs: expect.any(Number),
					context: { row: 7, name: 'Füchse' },
					verified: true,
				},
			]);
			expect(runs[0].mode).toBe('webhook');
			expect(answers(scene)).toEqual([200]);
			expect(scene.apixo.ledger()).toHaveLength(1);
		}),
	);

	it.concurrent(
		'that failed starts it too, and says why',
		withScene(async (scene) => {
			const { trigger, task } = await submitted(scene, { options: { context: '[1]' } });
			scene.apixo.finish(task.taskId, { state: 'failed', ...REFUSED });
			expect(outputOf(await trigger.runs(1))).toEqual([
				{
					taskId: task.taskId,
					state: 'failed',
					...REFUSED,
					hint: expect.stringMatching(/change/i),
					createdAt: expect.any(String),
					completedAt: expect.any(String),
					context: [1],
					verified: true,
				},
			]);
		}),
	);

	it.concurrent(
		'that is reported three times at once starts it once',
		withScene(
			async (scene) => {
				scene.apixo.misbehave({ on: 'callback', do: { duplicate: 2 } });
				const { trigger, task } = await submitted(scene);
				scene.apixo.finish(task.taskId);
				// What comes while the first is handled may be sent away, to come again.
				await scene.until(() => answers(scene).filter((status) => status === 200).length === 3);
				expect(await trigger.count()).toBe(1);
			},
			{ timeScale: 0.1 },
		),
	);

	it.concurrent(
		'that is reported again later does not start it again, and APIXO is told to stop',
		withScene(async (scene) => {
			const { trigger, task, callbackUrl } = await submitted(scene);
			scene.apixo.finish(task.taskId);
			await trigger.runs(1);
			const [{ body }] = scene.apixo.callbacks();
			const again = await scene.client.postWebhook(callbackUrl, JSON.parse(body));
			expect(again.status).toBe(200);
			expect(await trigger.count()).toBe(1);
		}),
	);

	it.concurrent.each<[state: 'success' | 'failed', events: string[]]>([
		['success', ['failed']],
		['failed', ['success']],
	])(
		'with the state %s is taken without a run if Trigger On is %j',
		withScene(async (scene, state, events) => {
			const { trigger, task } = await submitted(scene, { parameters: { events } });
			scene.apixo.finish(task.taskId, { state });
			await scene.delivered(1);
			expect(answers(scene)).toEqual([200]);
			expect(await trigger.count()).toBe(0);
		}),
	);

	it.concurrent(
		'brings its video',
		withScene(async (scene) => {
			const parameters = { download: true, binaryPropertyName: 'video' };
			const { trigger, task } = await submitted(scene, { parameters });
			scene.apixo.finish(task.taskId);
			const [execution] = await trigger.runs(1);
			const [item] = outputItems(execution, 'Trigger');
			const video = await contentOf(scene.client, fileOf(item, 'video'));
			expect(VIDEO.equals(video)).toBe(true);
		}),
	);

	it.concurrent(
		'in a body of 5 MB starts the workflow like any other',
		withScene(async (scene) => {
			scene.apixo.misbehave({ on: 'callback', do: { oversizedBytes: 5_000_000 } });
			const { trigger, task } = await submitted(scene);
			scene.apixo.finish(task.taskId);
			const [output] = outputOf(await trigger.runs(1));
			expect(output).toMatchObject({ taskId: task.taskId, verified: true });
			expect(JSON.stringify(output).length).toBeLessThan(2_000);
		}),
	);

	it.concurrent(
		'starts a test run at the Test URL',
		withScene(async (scene) => {
			const trigger = await listen(scene, {}, { isActive: false });
			await trigger.listenForTest();
			await submitTo(scene, trigger.testUrl, { context: '{"row": 8}' });
			await scene.until(() => scene.apixo.tasks().length === 1);
			scene.finishAll();
			const [execution] = await trigger.runs(1);
			expect(execution.mode).toBe('manual');
			expect(outputOf([execution])[0]).toMatchObject({ context: { row: 8 }, verified: true });
			expect(answers(scene)).toEqual([200]);
		}),
	);
});

describe('a claim that a task is finished', () => {
	it.concurrent(
		'is not believed while APIXO says that it is not',
		withScene(async (scene) => {
			const { trigger, task, callbackUrl } = await submitted(scene);
			const resultJson = '{"resultUrls":["https://evil.example/a.mp4"]}';
			const data = { taskId: task.taskId, state: 'success', resultJson };
			const { status } = await scene.client.postWebhook(callbackUrl, { code: 200, data });
			expect(status).toBe(503);
			expect(await trigger.count()).toBe(0);

			scene.apixo.finish(task.taskId);
			const [output] = outputOf(await trigger.runs(1));
			expect(output.videoUrl).toBe(`${scene.apixo.origin}/files/${task.taskId}.mp4`);
		}),
	);

	it.concurrent(
		'of failure is corrected by what APIXO says',
		withScene(async (scene) => {
			const forge = { data: { state: 'failed', failCode: 'NSFW' } };
			scene.apixo.misbehave({ on: 'callback', do: { forge } });
			const { trigger, task } = await submitted(scene);
			scene.apixo.finish(task.taskId);
			const [output] = outputOf(await trigger.runs(1));
			expect(output).toMatchObject({ state: 'success', taskId: task.taskId });
			expect(output).not.toHaveProperty('failCode');
		}),
	);
});
