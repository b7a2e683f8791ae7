import { jsonOf } from '../../support/n8n/run.mts';
import { listen, submitTo } from '../../support/n8n/trigger.mts';
import type { Scene, WithScene } from '../../support/n8n/scene.mts';

/** n8n's own polls of a parked execution are a minute apart. */
const PARK_MS = 130_000;

/** The receiver gets APIXO's own 30 s to answer: the trigger asks for up to 8 s. */
const PATIENT = { timeScale: 1 };

const answersOf = ({ apixo }: Scene) => apixo.callbacks().map(({ status }) => status);

export const testOutage = (withScene: WithScene) => {
	it.concurrent(
		'An execution that was called while APIXO cannot be asked is parked again, and loses nothing',
		withScene(async (scene) => {
			const { apixo, park, delivered, taskOf, until } = scene;
			const run = await park({ count: 3 });
			await run.parked();
			const down = apixo.misbehave({ on: 'status', do: { httpStatus: 503 } });
			scene.finishAll();
			await delivered(3);
			expect(answersOf(scene)).toEqual([200, 200, 200]);
			await until(() => apixo.requests({ kind: 'status' }).length >= 3);
			await run.parked();

			down.remove();
			const execution = await run.final(PARK_MS);
			expect(execution.status).toBe('success');
			const inOrder = [1, 2, 3].map((n) => taskOf(`prompt ${n}`).taskId);
			expect(jsonOf(execution, 'Wan').map(({ taskId }) => taskId)).toEqual(inOrder);
			expect(scene.wentOn()).toHaveLength(1);
			expect(apixo.ledger()).toHaveLength(3);
		}, PATIENT),
	);

	it.concurrent(
		'A report to the trigger is delivered again while APIXO cannot be asked (503), and handled once',
		withScene(async (scene) => {
			const trigger = await listen(scene);
			await (await submitTo(scene, trigger.url)).final();
			const down = scene.apixo.misbehave({ on: 'status', do: { reset: true } });
			scene.finishAll();
			await scene.delivered(1);
			expect(answersOf(scene)).toEqual([503]);
			expect(await trigger.count()).toBe(0);

			down.remove();
			await trigger.runs(1);
			await scene.delivered(2);
			expect(answersOf(scene)).toEqual([503, 200]);
			expect(await trigger.count()).toBe(1);
		}, PATIENT),
	);
};
