import { jsonOf, pairsOf } from '../support/n8n/run.mts';
import { type Scene, useStage } from '../support/n8n/scene.mts';
import type { NodeSettings } from '../support/n8n/workflows.mts';
import { failureOf } from './support/execution.mts';

const REFUSED = { failCode: 'SensitiveContent', failMsg: 'Not for children' };

const withScene = useStage();

/** Three items are parked, and the second one's task fails. */
async function parkThree(scene: Scene, settings: NodeSettings) {
	const run = await scene.park({ count: 3, settings });
	await run.parked();
	failSecond(scene);
	return run;
}

function failSecond({ apixo, taskOf }: Scene) {
	apixo.finish(taskOf('prompt 1').taskId);
	apixo.finish(taskOf('prompt 2').taskId, { state: 'failed', ...REFUSED });
	apixo.finish(taskOf('prompt 3').taskId);
}

/** What its item says. */
const told = ({ taskOf }: Scene) => {
	const { taskId } = taskOf('prompt 2');
	return {
		error: expect.stringContaining(taskId),
		details: { taskId, state: 'failed', ...REFUSED, hint: expect.stringMatching(/change/i) },
	};
};

describe('one of three tasks fails', () => {
	it.concurrent.each([
		['by hand', false],
		['in production', true],
	])(
		'On Error = Stop, run %s: the execution fails, nothing after the node runs, no task is lost',
		withScene(async (scene, _name, production) => {
			const run = await scene.park({ count: 3, production });
			await run.parked();
			failSecond(scene);
			const execution = await run.final();
			await scene.delivered(3);

			expect(execution.status).toBe('error');
			const { message, description } = failureOf(execution);
			const [first, second, third] = [1, 2, 3].map((n) => scene.taskOf(`prompt ${n}`).taskId);
			expect(message).toContain(second);
			expect(message).toMatch(/\[item 1: ".+"\]/);
			expect(description).toContain(first);
			expect(description).toContain(third);
			expect(scene.wentOn()).toEqual([]);
			expect(scene.wentWrong()).toEqual([]);
			expect(Object.keys(execution.data.resultData.runData)).not.toContain('Good');
			expect(scene.apixo.ledger()).toHaveLength(3);
		}),
	);

	it.concurrent(
		'On Error = Continue: its item tells why, in its place among the others',
		withScene(async (scene) => {
			const run = await parkThree(scene, { onError: 'continueRegularOutput' });
			const execution = await run.final();

			expect(execution.status).toBe('success');
			const [came] = scene.wentOn();
			expect(came).toEqual([
				expect.objectContaining({ taskId: scene.taskOf('prompt 1').taskId, state: 'success' }),
				told(scene),
				expect.objectContaining({ taskId: scene.taskOf('prompt 3').taskId, state: 'success' }),
			]);
			expect(pairsOf(execution, 'Wan')).toEqual([0, 1, 2]);
			expect(scene.wentOn()).toHaveLength(1);
			expect(scene.wentWrong()).toEqual([]);
			expect(scene.apixo.ledger()).toHaveLength(3);
		}),
	);

	it.concurrent(
		'On Error = Continue (using error output): its item goes there, with the details',
		withScene(async (scene) => {
			const run = await parkThree(scene, { onError: 'continueErrorOutput' });
			const execution = await run.final();

			expect(execution.status).toBe('success');
			const good = [1, 3].map((n) => scene.taskOf(`prompt ${n}`).taskId);
			expect(scene.wentOn().map((came) => came.map(({ taskId }) => taskId))).toEqual([good]);
			expect(scene.wentWrong()).toHaveLength(1);
			const [[failed]] = scene.wentWrong();
			expect(failed).toMatchObject(told(scene));
			expect(pairsOf(execution, 'Wan', 0)).toEqual([0, 2]);
			expect(pairsOf(execution, 'Wan', 1)).toEqual([1]);
			expect(scene.apixo.ledger()).toHaveLength(3);
		}),
	);
});

describe('Retry On Fail', () => {
	const retrying = { retryOnFail: true, maxTries: 3, waitBetweenTries: 200 };
	const parameters = { options: { firstPollDelay: 1, pollInterval: 1 } };

	it.concurrent(
		'pays for nothing twice when an item could not be submitted at first',
		withScene(async (scene) => {
			const { apixo, park, taskIds } = scene;
			const refusal = { httpStatus: 400, message: 'Not now' };
			apixo.misbehave({
				on: 'submit',
				match: { promptIncludes: 'prompt 3' },
				times: 1,
				do: refusal,
			});
			apixo.setGeneration(1_500);
			const run = await park({ count: 3, parameters, settings: retrying });
			const execution = await run.final();

			expect(execution.status).toBe('success');
			const inOrder = [1, 2, 3].map((n) => scene.taskOf(`prompt ${n}`).taskId);
			expect(jsonOf(execution, 'Wan').map(({ taskId }) => taskId)).toEqual(inOrder);
			expect(taskIds()).toHaveLength(3);
			expect(apixo.ledger()).toHaveLength(3);
			expect(scene.wentOn()).toHaveLength(1);
		}),
	);

	it.concurrent.each([
		['stopWorkflow'],
		['continueRegularOutput'],
		['continueErrorOutput'],
	] as const)(
		'pays anew for the task alone that failed after parking, On Error = %s',
		withScene(async (scene, onError) => {
			const { apixo, park, taskOf, taskIds, until } = scene;
			const run = await park({ count: 3, settings: { ...retrying, onError } });
			await run.parked();
			apixo.finish(taskOf('prompt 2').taskId);
			apixo.finish(taskOf('prompt 3').taskId);
			apixo.finish(taskOf('prompt 1').taskId, { state: 'failed', ...REFUSED });
			await until(() => taskIds().length === 4);
			await run.parked();
			const again = taskIds()[3];
			apixo.finish(again);
			const execution = await run.final();

			expect(execution.status).toBe('success');
			const others = [2, 3].map((n) => taskOf(`prompt ${n}`).taskId);
			const inOrder = [again, ...others];
			expect(scene.wentOn().map((came) => came.map(({ taskId }) => taskId))).toEqual([inOrder]);
			expect(scene.wentWrong()).toEqual([]);
			expect(apixo.ledger()).toHaveLength(4);
		}),
	);

	it.concurrent(
		'ends after its tries when the task fails each time, though n8n counts them anew after each park',
		withScene(async (scene) => {
			const { apixo, park, until } = scene;
			apixo.misbehave({ on: 'submit', do: { fail: REFUSED, generationMs: 1_000 } });
			const settings: NodeSettings = { ...retrying, maxTries: 2, onError: 'continueRegularOutput' };
			const run = await park({ settings });
			const execution = await run.final();
			await until(() => scene.wentOn().length > 0);

			expect(execution.status).toBe('success');
			expect(scene.wentOn()).toEqual([[expect.objectContaining({ error: expect.any(String) })]]);
			expect(apixo.ledger()).toHaveLength(2);
		}),
	);
});
