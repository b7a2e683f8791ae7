import { jsonOf } from '../../support/n8n/run.mts';
import type { WithScene } from '../../support/n8n/scene.mts';

/** Seconds. */
const HELD_UP = 12;

/** Callbacks that n8n refuses are not repeated while the test lasts. */
const UNHURRIED = { timeScale: 100 };

export const testHeldUpSubmissions = (withScene: WithScene) => {
	it.concurrent(
		'What APIXO reports while other items are still being submitted is looked at before parking',
		withScene(async (scene) => {
			const { apixo, park, hasTask, taskOf, until } = scene;
			apixo.misbehave({
				on: 'submit',
				match: { promptIncludes: 'prompt 3' },
				times: 1,
				do: { retryAfter: HELD_UP },
			});
			const run = await park({ count: 3 });
			await until(() => hasTask('prompt 1') && hasTask('prompt 2'));
			apixo.finish(taskOf('prompt 1').taskId);
			apixo.finish(taskOf('prompt 2').taskId);
			await run.parked();
			const accepted = apixo.callbacks().filter(({ status }) => status === 200);
			expect([apixo.callbacks().length, accepted]).toEqual([2, []]);

			apixo.finish(taskOf('prompt 3').taskId);
			const execution = await run.final();
			expect(execution.status).toBe('success');
			const inOrder = [1, 2, 3].map((n) => taskOf(`prompt ${n}`).taskId);
			expect(jsonOf(execution, 'Wan').map(({ taskId }) => taskId)).toEqual(inOrder);
			expect(apixo.requests({ kind: 'status' })).toHaveLength(3);
			expect(apixo.ledger()).toHaveLength(3);
		}, UNHURRIED),
	);
};
