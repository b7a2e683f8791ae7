import { jsonOf, pairsOf } from '../../support/n8n/run.mts';
import type { NodeSettings } from '../../support/n8n/workflows.mts';
import { failureOf } from '../support/execution.mts';
import type { Scene, WithScene } from '../../support/n8n/scene.mts';

/** Minutes; just longer than n8n needs to be parked. */
const TIMEOUT = 1.1;
const DEADLINE_CHECK_MS = 130_000;

const REFUSED = { failCode: 'SensitiveContent', failMsg: 'Not for children' };

/** Three items wait, and every callback is lost: one finishes, one fails, one is still under way. */
async function waitUncalled(scene: Scene, settings: NodeSettings, production = false) {
	scene.apixo.misbehave({ on: 'callback', do: { lose: true } });
	const parameters = { options: { timeout: TIMEOUT } };
	const run = await scene.park({ count: 3, parameters, settings, production });
	await run.parked();
	scene.apixo.finish(scene.taskOf('prompt 1').taskId);
	scene.apixo.finish(scene.taskOf('prompt 2').taskId, { state: 'failed', ...REFUSED });
	return run;
}

const inOrder = ({ taskOf }: Scene) => [1, 2, 3].map((n) => taskOf(`prompt ${n}`).taskId);

/** What the items of those that brought no video say. */
const told = (scene: Scene) => {
	const [, failed, late] = inOrder(scene);
	return [
		{
			error: expect.stringContaining(REFUSED.failMsg),
			details: expect.objectContaining({ taskId: failed, state: 'failed', ...REFUSED }),
		},
		{
			error: expect.stringContaining(`${late} was not finished in time`),
			details: expect.objectContaining({ taskId: late, hint: expect.stringContaining('Wait') }),
		},
	];
};

export const testDeadlines = (withScene: WithScene) => {
	it.concurrent.each([
		['by hand', false],
		['in production', true],
	])(
		'Where every callback is lost, the deadline fails the execution with what is true of each task, run %s; Retry pays for the failed one alone',
		withScene(async (scene, _name, production) => {
			const run = await waitUncalled(scene, {}, production);
			const execution = await run.final(DEADLINE_CHECK_MS);

			expect(execution.status).toBe('error');
			const { message, description } = failureOf(execution);
			const [first, failed, late] = inOrder(scene);
			expect(`${message} ${description}`).toContain(REFUSED.failMsg);
			for (const taskId of [first, failed, late])
				expect(`${message} ${description}`).toContain(taskId);
			expect(scene.wentOn()).toEqual([]);
			expect(scene.wentWrong()).toEqual([]);

			scene.apixo.behave();
			scene.apixo.finish(late);
			scene.apixo.setGeneration(1_500);
			const { id } = await scene.client.retry(run.id, { loadWorkflow: production });
			const retried = await scene.client.waitForExecution(id);
			const again = scene.taskIds()[3];
			expect(jsonOf(retried, 'Wan').map(({ taskId }) => taskId)).toEqual([first, again, late]);
			expect(scene.apixo.ledger()).toHaveLength(4);
		}),
	);

	it.concurrent(
		'Where every callback is lost, each item has its true outcome at the deadline, On Error = Continue (using error output)',
		withScene(async (scene) => {
			const run = await waitUncalled(scene, { onError: 'continueErrorOutput' });
			const execution = await run.final(DEADLINE_CHECK_MS);

			expect(execution.status).toBe('success');
			expect(scene.wentOn()).toEqual([[expect.objectContaining({ taskId: inOrder(scene)[0] })]]);
			expect(scene.wentWrong()).toEqual([told(scene).map(expect.objectContaining)]);
			expect(pairsOf(execution, 'Wan', 0)).toEqual([0]);
			expect(pairsOf(execution, 'Wan', 1)).toEqual([1, 2]);
			expect(scene.apixo.ledger()).toHaveLength(3);
		}),
	);

	it.concurrent(
		'Where every callback is lost, each item has its true outcome at the deadline, On Error = Continue',
		withScene(async (scene) => {
			const run = await waitUncalled(scene, { onError: 'continueRegularOutput' });
			const execution = await run.final(DEADLINE_CHECK_MS);

			expect(execution.status).toBe('success');
			const good = expect.objectContaining({ taskId: inOrder(scene)[0], state: 'success' });
			expect(scene.wentOn()).toEqual([[good, ...told(scene)]]);
			expect(pairsOf(execution, 'Wan')).toEqual([0, 1, 2]);
			expect(scene.apixo.ledger()).toHaveLength(3);
		}),
	);
};
