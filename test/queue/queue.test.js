'use strict';

const { outputItems } = require('../e2e/harness');
const { jsonOf, pairsOf } = require('../e2e/support/run');
const { until } = require('../e2e/support/until');
const { items, manualStart, wanVideo } = require('../e2e/support/workflows');
const { PATIENCE_MS, openClusterStage } = require('./scenes');
const { submitForTrigger } = require('./trigger');

/** A worker that was killed is noticed in seconds; with n8n's own settings it takes a minute. */
const QUICK_TO_NOTICE = {
	QUEUE_WORKER_LOCK_DURATION: '15000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '3000',
	QUEUE_WORKER_STALLED_INTERVAL: '5000',
};

let stage;

beforeAll(async () => {
	stage = await openClusterStage({ env: QUICK_TO_NOTICE });
}, 600_000);

afterAll(async () => await stage?.close());

const inScene = (body) => async () => {
	const scene = await stage.openScene();
	try {
		await body(scene, stage.cluster);
	} finally {
		await scene.apixo.close();
	}
};

/** It went on once, with its one video, which was paid for once. */
async function expectOneVideo(scene, run) {
	const execution = await scene.ended(run);
	expect(execution.status).toBe('success');
	expect(jsonOf(execution, 'Wan')).toMatchObject([
		{ state: 'success', taskId: scene.taskIds()[0] },
	]);
	expect(scene.wentOn()).toHaveLength(1);
	expect(scene.apixo.ledger()).toHaveLength(1);
}

describe('in queue mode', () => {
	it.concurrent(
		'a worker polls, and the editor finds the video',
		inScene(async ({ polling, ended, finishAll, taskIds, workersThatNamed, apixo }) => {
			const run = await polling({ download: true });
			const [taskId] = taskIds();
			finishAll();

			const execution = await ended(run);

			expect(execution.status).toBe('success');
			expect(workersThatNamed(taskId)).toHaveLength(1);
			const [{ json, binary }] = outputItems(execution, 'Wan');
			expect(json).toMatchObject({ taskId, state: 'success' });
			const video = await stage.client.binary(binary.data.id);
			expect(video.toString('latin1', 4, 8)).toBe('ftyp');
			expect(apixo.ledger()).toHaveLength(1);
		}),
	);

	it.concurrent(
		'a worker parks, the webhook processor is called back, and the execution goes on once',
		inScene(async (scene, { webhookProcessors, main }) => {
			const { apixo, parked, ended, taskOf, wentOn } = scene;
			const run = await parked({ count: 3 });
			const tasks = [1, 2, 3].map((number) => taskOf(`prompt ${number}`).taskId);
			expect(apixo.requests({ kind: 'status' })).toHaveLength(0);
			scene.finishAll();

			const execution = await ended(run);
			await scene.delivered(3);

			expect(execution.status).toBe('success');
			expect(jsonOf(execution, 'Wan').map(({ taskId }) => taskId)).toEqual(tasks);
			expect(pairsOf(execution, 'Wan')).toEqual([0, 1, 2]);
			expect(wentOn()).toHaveLength(1);
			expect(apixo.requests({ kind: 'status' }).length).toBeLessThanOrEqual(9);
			expect(apixo.ledger()).toHaveLength(3);
			const enqueued = `Enqueued execution ${run.id} `;
			expect(webhookProcessors[0].log().split(enqueued)).toHaveLength(3);
			expect(main.log()).not.toContain(enqueued);
		}),
	);

	const failTheSecond = ({ apixo, taskOf }) => {
		const failure = { state: 'failed', failCode: 'SensitiveContent', failMsg: 'Refused' };
		const finish = (number, outcome) => apixo.finish(taskOf(`prompt ${number}`).taskId, outcome);
		finish(2, failure);
		finish(1);
		finish(3);
	};

	it.concurrent(
		'a failed task fails the parked execution, and nothing downstream runs',
		inScene(async (scene) => {
			const run = await scene.parked({ count: 3 });
			failTheSecond(scene);

			const execution = await scene.ended(run);
			await scene.delivered(3);

			expect(execution.status).toBe('error');
			const { message } = execution.data.resultData.error;
			expect(message).toContain(scene.taskOf('prompt 2').taskId);
			expect([...scene.wentOn(), ...scene.wentWrong()]).toEqual([]);
			expect(scene.apixo.ledger()).toHaveLength(3);
		}),
	);

	it.concurrent(
		'a failed task leaves by the error output, paired with its item',
		inScene(async (scene) => {
			const settings = { onError: 'continueErrorOutput' };
			const run = await scene.parked({ count: 3, settings });
			failTheSecond(scene);

			const execution = await scene.ended(run);

			expect(execution.status).toBe('success');
			expect(pairsOf(execution, 'Wan', 0)).toEqual([0, 2]);
			expect(pairsOf(execution, 'Wan', 1)).toEqual([1]);
			const { taskId } = scene.taskOf('prompt 2');
			expect(jsonOf(execution, 'Wan', 1)).toMatchObject([
				{ details: { taskId, state: 'failed', failCode: 'SensitiveContent' } },
			]);
			expect([scene.wentOn().length, scene.wentWrong().length]).toEqual([1, 1]);
		}),
	);

	it.concurrent(
		'the trigger starts once, verified, and wakes the execution that submitted',
		inScene(async (scene) => {
			const { apixo, ended, finishAll, taskIds } = scene;
			const { submitted, started } = await submitForTrigger(scene, stage);
			finishAll();

			const execution = await ended(submitted);
			await scene.delivered(1);
			await until(async () => (await started()).length > 0, PATIENCE_MS);

			const [taskId] = taskIds();
			expect(execution.status).toBe('success');
			const [woken] = jsonOf(execution, 'Wait');
			expect(woken.body).toMatchObject({ taskId, state: 'success', verified: true });
			const [callback] = apixo.callbacks();
			const headers = { 'content-type': 'application/json' };
			const again = await stage.client.postWebhook(callback.url, callback.body, headers);
			expect(again).toMatchObject({ status: 200, data: { message: 'Handled before' } });
			const executions = await started();
			expect(executions).toHaveLength(1);
			const report = await ended(executions[0]);
			expect(jsonOf(report, 'Trigger')).toMatchObject([
				{ taskId, state: 'success', verified: true, resumed: true, context: { row: 7 } },
			]);
			expect(apixo.requests({ kind: 'status' })).toHaveLength(1);
		}),
	);

	it.concurrent(
		'a worker killed while it polls has named the task, which is never paid for again',
		inScene(async (scene) => {
			const { apixo, ended, workersThatNamed, taskIds } = scene;
			const run = await scene.polling();
			const [taskId] = taskIds();
			const [worker] = workersThatNamed(taskId);
			await worker.kill();

			expect((await ended(run)).status).toBe('error');
			await worker.restart();
			await stage.client.retry(run.id);
			expect(apixo.ledger()).toHaveLength(1);

			scene.finishAll();
			const { credentials } = scene;
			const fetching = await scene.start([
				manualStart(),
				items([{ taskId }]),
				wanVideo({ operation: 'wait', taskId: '={{ $json.taskId }}' }, { credentials }),
			]);
			expect(jsonOf(await ended(fetching), 'Wan')).toMatchObject([{ taskId, state: 'success' }]);
			expect(apixo.ledger()).toHaveLength(1);
		}),
	);
});

describe('an execution parked in queue mode', () => {
	it(
		'survives that all workers are killed and started again',
		inScene(async (scene, { workers }) => {
			const run = await scene.parked();
			await Promise.all(workers.map(async ({ kill }) => await kill()));
			await Promise.all(workers.map(async ({ restart }) => await restart()));
			scene.finishAll();
			await expectOneVideo(scene, run);
		}),
	);

	it(
		'is called back while no worker lives, and goes on with the next one',
		inScene(async (scene, { workers, addWorker }) => {
			const run = await scene.parked();
			await Promise.all(workers.splice(0).map(async ({ kill }) => await kill()));
			try {
				scene.finishAll();
				await scene.delivered(1);
				expect(scene.apixo.callbacks()).toMatchObject([{ status: 200 }]);
			} finally {
				await addWorker();
			}
			await expectOneVideo(scene, run);
		}),
	);

	it(
		'goes on although the webhook processor was killed while it handled the callback; a worker that was killed at the same time while it downloaded has named its task',
		inScene(async (scene, { webhookProcessors: [processor] }) => {
			const { apixo, credentials, ended, taskOf, workersThatNamed } = scene;
			const parked = await scene.parked();
			const options = { firstPollDelay: 1, pollInterval: 1 };
			const film = { prompt: 'A film', download: true, options };
			const downloading = await scene.start([manualStart(), wanVideo(film, { credentials })]);
			await until(() => taskOf('A film'), PATIENCE_MS);
			const underWay = (kind) =>
				apixo.requests({ kind }).some(({ endedAt }) => endedAt === undefined);
			const held = [
				apixo.misbehave({ on: 'file', do: { delayMs: 600_000 } }),
				apixo.misbehave({
					on: 'status',
					match: { promptIncludes: 'prompt 1' },
					do: { delayMs: 600_000 },
				}),
			];
			scene.finishAll();
			await until(() => underWay('file') && underWay('status'), PATIENCE_MS);
			const { taskId } = taskOf('A film');
			const [worker] = workersThatNamed(taskId);
			await Promise.all([processor.kill(), worker.kill()]);
			held.forEach((rule) => rule.remove());
			await Promise.all([processor.restart(), worker.restart()]);

			const execution = await ended(parked);
			expect(execution.status).toBe('success');
			expect(jsonOf(execution, 'Wan')).toMatchObject([{ taskId: taskOf('prompt 1').taskId }]);
			expect(scene.wentOn()).toHaveLength(1);
			expect(['crashed', 'error']).toContain((await ended(downloading)).status);
			// Where n8n has nothing to retry, it says so.
			await stage.client.retry(downloading.id).catch(() => {});
			expect(apixo.ledger()).toHaveLength(2);
		}),
	);

	it.each([['redis'], ['postgres']])(
		'survives that %s crashes and starts again',
		async (name) =>
			await inScene(async (scene, { [name]: service }) => {
				const run = await scene.parked();
				await service.kill();
				await service.start();
				scene.finishAll();
				await expectOneVideo(scene, run);
			})(),
	);

	it.each([['redis'], ['postgres']])(
		'goes on although %s was down when the callback came',
		async (name) =>
			await inScene(async (scene, { [name]: service }) => {
				const run = await scene.parked();
				await service.kill();
				scene.finishAll();
				await until(() => scene.apixo.callbacks().length > 0);
				await service.start();
				await expectOneVideo(scene, run);
			})(),
	);
});
