const { jsonOf } = require('./support/run');
const { useStage } = require('./support/scene');
const { items, tell, wanVideo } = require('./support/workflows');

const withScene = useStage();

describe('a stop by the user', () => {
	it.concurrent.each([
		['by hand', false],
		['in production', true],
	])(
		'while the node polls leaves the task IDs in the record, run %s',
		withScene(async (scene, _name, production) => {
			const run = await scene.start([
				scene.startNode(production),
				items([1, 2, 3].map((n) => ({ prompt: `prompt ${n}` }))),
				wanVideo({ options: { firstPollDelay: 1 } }, { credentials: scene.credentials }),
				tell('Good', scene.witnessUrl('good')),
			]);
			await scene.until(() => scene.apixo.ledger().length === 3);
			await scene.client.stop(run.id);

			await scene.until(async () => (await run.now()).customData.wanVideoTasks);
			const { status, customData } = await run.now();
			expect(status).toBe('canceled');
			expect(customData.wanVideoTasks.split(' ').sort()).toEqual(scene.taskIds().sort());
			expect(scene.wentOn()).toEqual([]);
		}),
	);

	it.concurrent(
		'leaves the IDs of fifty tasks, too',
		withScene(async (scene) => {
			const run = await scene.start([
				scene.startNode(false),
				items(Array.from({ length: 50 }, (_, n) => ({ prompt: `prompt ${n}` }))),
				wanVideo({ duration: 2 }, { credentials: scene.credentials }),
			]);
			await scene.until(() => scene.apixo.ledger().length === 50);
			await scene.client.stop(run.id);
			await scene.until(async () => (await run.now()).customData.wanVideoTasks);
			const record = JSON.stringify((await run.now()).customData);
			expect(scene.taskIds().filter((taskId) => !record.includes(taskId))).toEqual([]);
		}),
	);

	it.concurrent(
		'of a parked execution keeps the task IDs, and no callback revives it',
		withScene(async (scene) => {
			const run = await scene.park({ count: 3 });
			await run.parked();
			await scene.client.stop(run.id);
			scene.finishAll();
			await scene.delivered(3);

			const execution = await run.now();
			expect(execution.status).toBe('canceled');
			const shown = jsonOf(execution, 'Wan').map(({ taskId }) => taskId);
			expect(shown.sort()).toEqual(scene.taskIds().sort());
			expect(scene.apixo.callbacks().filter(({ status }) => status === 200)).toEqual([]);
			expect(scene.wentOn()).toEqual([]);
			expect(scene.wentWrong()).toEqual([]);
		}),
	);
});
