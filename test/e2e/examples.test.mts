import { outputItems } from '../../tools/n8n/driver/index.mts';
import { exampleFiles, importExample, nodeOf } from '../support/n8n/examples.mts';
import { type Execution, jsonOf, pairsOf } from '../support/n8n/run.mts';
import { type Scene, useStage } from '../support/n8n/scene.mts';
import { contentOf, fileOf } from './support/execution.mts';
import { startUploadService } from './support/upload-service.mts';

const withScene = useStage();

const SOON = { generationMs: 200 };

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
	const tested = ['1', '10', '2', '3', '4', '5', '6', '7', '8', '9'];
	expect(
		exampleFiles()
			.map((name) => name.split('-')[0])
			.toSorted(),
	).toEqual(tested);
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
		'1 gives the other videos when one is refused',
		withScene(async (scene) => {
			const fail = { failCode: 'NSFW', failMsg: 'Not for children' };
			scene.apixo.misbehave({ on: 'submit', match: { promptIncludes: 'boat' }, do: { fail } });
			const execution = await (await importExample(scene, '1')).run().then((run) => run.final());
			expect(execution.status).toBe('success');
			await expectVideos(scene, execution, 'Save or Send', ['fox.mp4', 'clouds.mp4']);
			expect(jsonOf(execution, 'What Failed')).toMatchObject([
				{ title: 'boat', error: expect.stringContaining('Not for children') },
			]);
		}, SOON),
	);

	it.concurrent(
		'3 makes each scene from the character and the scene before',
		withScene(async (scene) => {
			const execution = await runToTheEnd(scene, '3');
			const files = ['scene-1.mp4', 'scene-2.mp4', 'scene-3.mp4'];
			await expectVideos(scene, execution, 'Save or Send', files);
			const [first, second] = jsonOf(execution, 'Save or Send').map(({ videoUrl }) => videoUrl);
			const character = 'https://example.com/anna.png';
			expect(inputsOf(scene).map((input) => input.reference_urls)).toEqual([
				[character],
				[character, first],
				[character, second],
			]);
		}, SOON),
	);

	it.concurrent(
		'3 goes on with the scene that failed, and pays for no other again',
		withScene(async (scene) => {
			const { apixo, client } = scene;
			const rule = apixo.misbehave({
				on: 'submit',
				match: { promptIncludes: 'closes the book' },
				do: { fail: { failMsg: 'No books' } },
			});
			const example = await importExample(scene, '3');
			const failed = await (await example.run()).final();
			expect(failed.status).toBe('error');
			rule.remove();
			const { id } = await client.retry(failed.id, { loadWorkflow: true });
			const execution = await client.waitForExecution(id);
			expect(execution.status).toBe('success');
			const files = ['scene-1.mp4', 'scene-2.mp4', 'scene-3.mp4'];
			await expectVideos(scene, execution, 'Save or Send', files);
			const prompts = inputsOf(scene).map(({ prompt }) => String(prompt));
			expect(prompts.map((prompt) => /reads|closes|leaves/.exec(prompt)?.[0])).toEqual([
				'reads',
				'closes',
				'closes',
				'leaves',
			]);
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

	it.concurrent(
		'10 uploads the file with its texts, and a Retry after a failed upload pays for nothing',
		withScene(async (scene) => {
			const { client } = scene;
			const service = await startUploadService((number) => number > 1);
			try {
				const example = await importExample(scene, '10', (workflow) => {
					nodeOf(workflow, 'Upload').parameters.url = service.url;
				});
				const failed = await (await example.run()).final();
				expect(failed.status).toBe('error');
				expect(spent(scene)).toBeCloseTo(example.cost);

				const execution = await client.retry(failed.id);
				expect(execution.status).toBe('success');
				expect(jsonOf(execution, 'Published')).toEqual([{ id: 'published' }]);
				const [form] = service.forms();
				expect([form.get('title'), form.get('description')]).toEqual([
					'Fox in the rain',
					'Made with Wan 2.6',
				]);
				const file = form.get('file');
				if (!(file instanceof File)) throw new Error('No file was uploaded');
				expect([file.name, file.type]).toEqual(['Fox in the rain.mp4', 'video/mp4']);
				expect(Buffer.from(await file.arrayBuffer()).toString('latin1', 4, 8)).toBe('ftyp');
				expect(spent(scene)).toBeCloseTo(example.cost);
			} finally {
				await service.close();
			}
		}, SOON),
	);
});
