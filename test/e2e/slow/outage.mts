import { jsonOf } from '../../support/n8n/run.mts';
import { listen, submitTo } from '../../support/n8n/trigger.mts';
import type { Scene, WithScene } from '../../support/n8n/scene.mts';

/** A callback tries for 8 s to ask APIXO, so the receiver gets more than that to answer: 18 s. */
const PATIENT = { timeScale: 0.6 };

const answersOf = ({ apixo }: Scene) => apixo.callbacks().map(({ status }) => status);

export const testOutage = (withScene: WithScene) => {
	it.concurrent(
		'An execution stays parked while APIXO cannot be asked, and loses nothing: 503, delivered again',
		withScene(async (scene) => {
			const { apixo, park, delivered, taskOf } = scene;
			const run = await park({ count: 3 });
			await run.parked();
			const down = apixo.misbehave({ on: 'status', do: { httpStatus: 503 } });
			scene.finishAll();
			await delivered(3);
			expect(apixo.callbacks().map(({ status }) => status)).toEqual([503, 503, 503]);
			expect((await run.now()).status).toBe('waiting');

			down.remove();
			const execution = await run.final();
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
