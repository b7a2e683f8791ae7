import fs from 'node:fs';
import path from 'node:path';
import { outputItems } from '../../tools/n8n/driver/index.mts';
import { type Execution, jsonOf, pairsOf } from '../support/n8n/run.mts';
import { type Scene, useStage } from '../support/n8n/scene.mts';
import { contentOf, fileOf } from './support/execution.mts';

const VIDEO = fs.readFileSync(
	path.join(import.meta.dirname, '..', '..', 'emulator', 'media', 'sample.mp4'),
);

const withScene = useStage();

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

/** All items came out once, in order, paired, each task paid for once. */
function expectAll(scene: Scene, execution: Execution, count: number) {
	expect(execution.data.resultData.error).toBeUndefined();
	expect(execution.status).toBe('success');
	const inOrder = numbers(count).map((index) => scene.taskOf(`prompt ${index + 1}`).taskId);
	expect(jsonOf(execution, 'Wan').map(({ taskId }) => taskId)).toEqual(inOrder);
	expect(pairsOf(execution, 'Wan')).toEqual(numbers(count));
	expect(scene.wentOn().map((came) => came.map(({ taskId }) => taskId))).toEqual([inOrder]);
	expect(scene.apixo.ledger()).toHaveLength(count);
}

describe('a parked execution', () => {
	it.concurrent.each([[1], [3], [25]])(
		'goes on once, with all of %i items in their places',
		withScene(
			async (scene, count) => {
				const { apixo, park, delivered } = scene;
				const run = await park({ count });
				const parked = await run.parked();
				expect(jsonOf(parked, 'Wan').map(({ state }) => state)).toEqual(
					Array(count).fill('pending'),
				);

				const execution = await run.final();
				await delivered(count);

				expectAll(scene, execution, count);
				const polls = apixo.requests({ kind: 'status' });
				expect(polls.length).toBeLessThanOrEqual(3 * count);
				const [first] = apixo.callbacks();
				expect(polls.filter(({ at }) => at < first.at)).toEqual([]);
			},
			// Out of order: the last item is final first.
			{ generationMs: ({ prompt }) => 6_000 - 100 * Number(prompt.split(' ')[1]) },
		),
	);

	it.concurrent(
		'goes on in production too',
		withScene(async (scene) => {
			const run = await scene.park({ count: 3, production: true });
			expect((await run.parked()).mode).toBe('webhook');
			scene.finishAll();
			expectAll(scene, await run.final(), 3);
		}),
	);

	it.concurrent(
		'waits for the last task, and asks APIXO only when it is called',
		withScene(async (scene) => {
			const { apixo, park, taskOf, delivered } = scene;
			const run = await park({ count: 3 });
			await run.parked();
			apixo.finish(taskOf('prompt 3').taskId);
			apixo.finish(taskOf('prompt 1').taskId);
			await delivered(2);
			expect((await run.now()).status).toBe('waiting');
			expect(apixo.callbacks().map(({ status }) => status)).toEqual([200, 200]);

			apixo.finish(taskOf('prompt 2').taskId);
			expectAll(scene, await run.final(), 3);
			expect(apixo.requests({ kind: 'status' }).length).toBeLessThanOrEqual(9);
		}),
	);

	it.concurrent(
		'goes on once although every callback comes three times',
		withScene(async (scene) => {
			scene.apixo.misbehave({ on: 'callback', do: { duplicate: 2 } });
			const run = await scene.park({ count: 3 });
			await run.parked();
			scene.finishAll();
			const execution = await run.final();
			await scene.delivered(9);
			expectAll(scene, execution, 3);
		}),
	);

	it.concurrent.each([
		['by hand', false],
		['in production', true],
	])(
		'goes on although APIXO called before it was parked, run %s: n8n refuses, APIXO tries again',
		withScene(async (scene, _name, production) => {
			scene.apixo.misbehave({ on: 'callback', do: { early: true } });
			const run = await scene.park({ count: 3, production });
			expectAll(scene, await run.final(), 3);
			const first = scene.apixo.callbacks().filter(({ attempt }) => attempt === 1);
			expect(first.filter(({ status }) => status === 200)).toEqual([]);
		}),
	);

	it.concurrent(
		'goes on with the video files, each with its item',
		withScene(async (scene) => {
			const parameters = { download: true, options: { fileName: '=fox {{ $itemIndex }}.mp4' } };
			const run = await scene.park({ count: 3, parameters });
			await run.parked();
			scene.finishAll();
			const execution = await run.final();
			expectAll(scene, execution, 3);
			const files = outputItems(execution, 'Wan').map((item) => fileOf(item));
			expect(files.map(({ fileName }) => fileName)).toEqual([
				'fox 0.mp4',
				'fox 1.mp4',
				'fox 2.mp4',
			]);
			for (const file of files) {
				expect(VIDEO.equals(await contentOf(scene.client, file))).toBe(true);
			}
		}),
	);

	it.concurrent(
		'goes on with the first of three items alone, if it executes once',
		withScene(async (scene) => {
			const run = await scene.park({ count: 3, settings: { executeOnce: true } });
			await run.parked();
			scene.finishAll();
			expectAll(scene, await run.final(), 1);
		}),
	);
});
