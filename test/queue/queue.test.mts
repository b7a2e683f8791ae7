import { outputItems } from '../../tools/n8n/driver/index.mts';
import { jsonOf, pairsOf } from '../support/n8n/run.mts';
import { until } from '../support/n8n/until.mts';
import { required } from '../support/required.mts';
import { items, manualStart, wanVideo } from '../support/n8n/workflows.mts';
import { CASES, fileBecomesVideo } from '../support/n8n/form-cases.mts';
import { PATIENCE_MS, openClusterStage } from './scenes.mts';
import { submitForTrigger } from './trigger.mts';
import type { INode } from 'n8n-workflow';
import type { Outcome, RequestKind } from '../../emulator/index.mts';
import type { Cluster } from '../support/queue/cluster.mts';
import type { Run } from '../support/n8n/run.mts';
import type { ClusterStage, QueueScene } from './scenes.mts';

/** n8n notices a killed worker within seconds; with its own settings it takes a minute. */
const QUICK_STALL_DETECTION = {
	QUEUE_WORKER_LOCK_DURATION: '15000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '3000',
	QUEUE_WORKER_STALLED_INTERVAL: '5000',
};

let stage: ClusterStage;

beforeAll(async () => {
	stage = await openClusterStage({ env: QUICK_STALL_DETECTION });
}, 600_000);

afterAll(async () => await stage?.close());

type Body = (scene: QueueScene, cluster: Cluster) => Promise<void>;

const inScene = (body: Body) => async () => {
	const scene = await stage.openScene();
	try {
		await body(scene, stage.cluster);
	} finally {
		await scene.apixo.close();
	}
};

/** The execution resumed once, with the video of its one task. */
async function expectResult(scene: QueueScene, run: Run, taskId: string) {
	const execution = await scene.ended(run);
	expect(execution.status).toBe('success');
	expect(jsonOf(execution, 'Wan')).toMatchObject([{ state: 'success', taskId }]);
	expect(scene.wentOn()).toHaveLength(1);
}

/** The same, and that it was paid for once. */
async function expectOneVideo(scene: QueueScene, run: Run) {
	await expectResult(scene, run, scene.taskIds()[0]);
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
			const video = await stage.client.binary(required(binary?.data.id, 'video'));
			expect(video.toString('latin1', 4, 8)).toBe('ftyp');
			expect(apixo.ledger()).toHaveLength(1);
		}),
	);

	it.concurrent(
		'a worker parks, the webhook processor receives the callbacks, and the execution resumes once',
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

	const failTheSecond = ({ apixo, taskOf }: QueueScene) => {
		const failure: Outcome = {
			state: 'failed',
			failCode: 'SensitiveContent',
			failMsg: 'Refused',
		};
		const finish = (number: number, outcome?: Outcome) =>
			apixo.finish(taskOf(`prompt ${number}`).taskId, outcome);
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
			const { message } = required(execution.data.resultData.error, 'error');
			expect(message).toContain(scene.taskOf('prompt 2').taskId);
			expect([...scene.wentOn(), ...scene.wentWrong()]).toEqual([]);
			expect(scene.apixo.ledger()).toHaveLength(3);
		}),
	);

	it.concurrent(
		'a failed task goes to the error output, paired with its item',
		inScene(async (scene) => {
			const settings = { onError: 'continueErrorOutput' } as const;
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
		'the trigger starts once, verified, and resumes the execution that submitted',
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
});

describe.each(['polling', 'callback'] as const)('a file from a form, by %s,', (way) => {
	it.concurrent.each(CASES)(
		'%s becomes a video: main gives the file to APIXO',
		async (...row) => await inScene(async (scene) => await fileBecomesVideo(scene, way, row))(),
	);
});

describe('an execution parked in queue mode', () => {
	it(
		'survives the restart of all workers after a kill',
		inScene(async (scene, { workers }) => {
			const run = await scene.parked();
			await Promise.all(workers.map(async ({ kill }) => await kill()));
			await Promise.all(workers.map(async ({ restart }) => await restart()));
			scene.finishAll();
			await expectOneVideo(scene, run);
		}),
	);

	it(
		'is called back while there is no worker, and resumes on the next one',
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

	// One at a time, unlike those above: all executions of a killed worker die with it.
	it(
		'resumes although the webhook processor was killed while it was parked; workers killed at the same time, while polling and downloading, have logged their tasks, which are never paid for again',
		inScene(async (scene, { webhookProcessors: [processor] }) => {
			const { apixo, credentials, ended, hasTask, taskOf, workersThatNamed } = scene;
			const parked = await scene.parked();
			const byHand = async (...steps: INode[]) => await scene.start([manualStart(), ...steps]);
			const film = async (prompt: string) => {
				const options = { firstPollDelay: 1, pollInterval: 1 };
				return await byHand(wanVideo({ prompt, download: true, options }, { credentials }));
			};
			const killed = [await film('A fox'), await film('A film')];
			const underWay = (kind: RequestKind) =>
				apixo.requests({ kind }).some(({ endedAt }) => endedAt === undefined);
			const hold = (on: RequestKind, promptIncludes: string) =>
				apixo.misbehave({ on, match: { promptIncludes }, do: { delayMs: 600_000 } });
			await until(() => hasTask('A fox') && hasTask('A film'), PATIENCE_MS);
			const held = hold('file', 'A film');
			apixo.finish(taskOf('A film').taskId);
			await until(() => underWay('file'), PATIENCE_MS);

			const taskIds = ['A fox', 'A film'].map((prompt) => taskOf(prompt).taskId);
			const workers = [...new Set(taskIds.flatMap(workersThatNamed))];
			expect(taskIds.map((taskId) => workersThatNamed(taskId).length)).toEqual([1, 1]);
			await Promise.all([processor, ...workers].map(async ({ kill }) => await kill()));
			held.remove();
			await Promise.all([processor, ...workers].map(async ({ restart }) => await restart()));

			apixo.finish(taskOf('prompt 1').taskId);
			await expectResult(scene, parked, taskOf('prompt 1').taskId);
			for (const run of killed) {
				expect(['crashed', 'error']).toContain((await ended(run)).status);
				// Where n8n has nothing to retry, it says so.
				await stage.client.retry(run.id).catch(() => {});
			}
			scene.finishAll();
			const wait = { operation: 'wait', taskId: '={{ $json.taskId }}' };
			const fetching = await byHand(
				items(taskIds.map((taskId) => ({ taskId }))),
				wanVideo(wait, { credentials }),
			);
			expect(jsonOf(await ended(fetching), 'Wan').map(({ taskId }) => taskId)).toEqual(taskIds);
			expect(apixo.ledger()).toHaveLength(3);
		}),
	);

	it.each<['redis' | 'postgres']>([['redis'], ['postgres']])(
		'survives a crash of %s',
		async (name) =>
			await inScene(async (scene, { [name]: service }) => {
				const run = await scene.parked();
				await service.kill();
				await service.start();
				scene.finishAll();
				await expectOneVideo(scene, run);
			})(),
	);

	it.each<['redis' | 'postgres']>([['redis'], ['postgres']])(
		'resumes although %s was down when the callback came',
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
