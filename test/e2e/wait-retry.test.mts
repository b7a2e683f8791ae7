import { jsonOf, pairsOf } from '../support/n8n/run.mts';
import { type Scene, useStage } from '../support/n8n/scene.mts';
import { contentOf, failureOf, fileOf } from './support/execution.mts';
import { nodeOf } from '../support/n8n/examples.mts';
import { outputItems } from '../../tools/n8n/driver/index.mts';

const withScene = useStage();

const QUICK = { firstPollDelay: 1, pollInterval: 1 };

/** The two entries of the editor's menu. */
const RETRIES = [
	['its original workflow', false],
	['the current workflow', true],
] as const;

/** Three videos are waited for by callback, and the second one's task fails. */
async function failSecond(scene: Scene) {
	const run = await scene.park({ count: 3 });
	await run.parked();
	scene.apixo.finish(scene.taskOf('prompt 1').taskId);
	scene.apixo.finish(scene.taskOf('prompt 3').taskId);
	scene.apixo.finish(scene.taskOf('prompt 2').taskId, { state: 'failed', failMsg: 'No' });
	const failed = await run.final();
	expect(failed.status).toBe('error');
	expect(failureOf(failed).message).toContain(scene.taskOf('prompt 2').taskId);
	return run;
}

/** @returns the execution that repeats another, when it has ended */
async function retried({ client }: Scene, executionId: string, loadWorkflow: boolean) {
	const { id } = await client.retry(executionId, { loadWorkflow });
	return await client.waitForExecution(id);
}

describe('Retry of an execution that failed after it was parked', () => {
	it.concurrent.each(RETRIES)(
		'with %s: pays for the task alone that failed, and goes on with all three',
		withScene(async (scene, _name, loadWorkflow) => {
			const { apixo, taskIds } = scene;
			const run = await failSecond(scene);
			apixo.setGeneration(1_500);
			const execution = await retried(scene, run.id, loadWorkflow);

			const [first, , third, again] = taskIds();
			expect(execution.status).toBe('success');
			expect(jsonOf(execution, 'Wan').map(({ taskId }) => taskId)).toEqual([first, again, third]);
			expect(pairsOf(execution, 'Wan')).toEqual([0, 1, 2]);
			expect(apixo.ledger()).toHaveLength(4);
			expect(scene.wentOn()).toHaveLength(1);
		}),
	);

	it.concurrent(
		'with a corrected prompt, and by polling: pays for the corrected video alone',
		withScene(async (scene) => {
			const { apixo, client, taskIds } = scene;
			const run = await failSecond(scene);
			await client.updateWorkflow(run.workflowId, (workflow) => {
				Object.assign(nodeOf(workflow, 'Wan').parameters, {
					prompt: "={{ $json.prompt.replace('2', 'two') }}",
					waitFor: 'polling',
					options: QUICK,
				});
			});
			apixo.setGeneration(500);
			const execution = await retried(scene, run.id, true);

			const [first, , third, again] = taskIds();
			expect(execution.status).toBe('success');
			expect(jsonOf(execution, 'Wan').map(({ taskId }) => taskId)).toEqual([first, again, third]);
			expect(scene.taskOf('prompt two').taskId).toBe(again);
			expect(apixo.ledger()).toHaveLength(4);
		}),
	);

	it.concurrent.each(RETRIES)(
		'because of a download, with %s: fetches the video, and pays nothing',
		withScene(async (scene, _name, loadWorkflow) => {
			const { apixo, client, park } = scene;
			const gone = apixo.misbehave({ on: 'file', do: { httpStatus: 404 } });
			const run = await park({ count: 2, parameters: { download: true } });
			await run.parked();
			scene.finishAll();
			expect((await run.final()).status).toBe('error');
			gone.remove();
			const execution = await retried(scene, run.id, loadWorkflow);

			expect(execution.status).toBe('success');
			const inOrder = [1, 2].map((n) => scene.taskOf(`prompt ${n}`).taskId);
			expect(jsonOf(execution, 'Wan').map(({ taskId }) => taskId)).toEqual(inOrder);
			for (const item of outputItems(execution, 'Wan')) {
				expect((await contentOf(client, fileOf(item))).toString('latin1', 4, 8)).toBe('ftyp');
			}
			expect(apixo.ledger()).toHaveLength(2);
		}),
	);

	it.concurrent.each(RETRIES)(
		'because it was stopped while parked, with %s: goes on with the videos, and pays nothing',
		withScene(async (scene, _name, loadWorkflow) => {
			const { apixo, client, park } = scene;
			const run = await park({ count: 3 });
			await run.parked();
			await client.stop(run.id);
			expect((await run.now()).status).toBe('canceled');
			scene.finishAll();
			const execution = await retried(scene, run.id, loadWorkflow);

			expect(execution.status).toBe('success');
			const inOrder = [1, 2, 3].map((n) => scene.taskOf(`prompt ${n}`).taskId);
			expect(scene.wentOn().map((came) => came.map(({ taskId }) => taskId))).toEqual([inOrder]);
			expect(jsonOf(execution, 'Wan').map(({ state }) => state)).toEqual(Array(3).fill('success'));
			expect(pairsOf(execution, 'Wan')).toEqual([0, 1, 2]);
			expect(apixo.ledger()).toHaveLength(3);
		}),
	);
});
