import type { WithScene } from '../../support/n8n/scene.mts';

/** Seconds. */
const HELD_UP = 12;

/** Callbacks that n8n refuses are not repeated while the test lasts. */
const UNHURRIED = { timeScale: 100 };

export const testHeldUpSubmissions = (withScene: WithScene) => {
	it.concurrent(
		'What APIXO reports while another item is held up, and then refused, is looked at before parking',
		withScene(async (scene) => {
			const { apixo, park, hasTask, taskOf, until } = scene;
			const match = { promptIncludes: 'prompt 2' };
			apixo.misbehave({ on: 'submit', match, times: 1, do: { retryAfter: HELD_UP } });
			apixo.misbehave({ on: 'submit', match, do: { httpStatus: 400, message: 'Not now' } });
			const run = await park({ count: 2, settings: { onError: 'continueRegularOutput' } });
			await until(() => hasTask('prompt 1'));
			scene.finishAll();
			const execution = await run.final();

			expect(execution.status).toBe('success');
			const { taskId } = taskOf('prompt 1');
			expect(scene.wentOn()).toEqual([
				[
					expect.objectContaining({ taskId, state: 'success' }),
					expect.objectContaining({ error: expect.stringContaining('Not now') }),
				],
			]);
			expect(apixo.callbacks().filter(({ status }) => status === 200)).toEqual([]);
			expect(apixo.requests({ kind: 'status' })).toHaveLength(1);
			expect(apixo.ledger()).toHaveLength(1);
		}, UNHURRIED),
	);
};
