import { type Run, jsonOf } from '../support/n8n/run.mts';
import { type Scene, useStage } from '../support/n8n/scene.mts';
import { listen, outputOf, submitTo } from '../support/n8n/trigger.mts';

const withStage = useStage();

/** Deliveries that failed are repeated after 6 s. */
const withScene = (body: (scene: Scene) => Promise<void>) => withStage(body, { timeScale: 0.2 });

/** They are repeated when the test says so: n8n answers 200 to whatever comes while it starts. */
const UNHURRIED = { timeScale: 10 };

const SIGNALS: Array<[NodeJS.Signals]> = [['SIGTERM'], ['SIGKILL']];

/** All three items came out, once, paid for once. */
async function expectThree(scene: Scene, run: Run) {
	const execution = await run.final();
	expect(execution.status).toBe('success');
	const inOrder = [1, 2, 3].map((n) => scene.taskOf(`prompt ${n}`).taskId);
	expect(jsonOf(execution, 'Wan').map(({ taskId }) => taskId)).toEqual(inOrder);
	expect(scene.wentOn()).toHaveLength(1);
	expect(scene.apixo.ledger()).toHaveLength(3);
}

describe.each(SIGNALS)('a restart of n8n by %s', (signal) => {
	it(
		'does not matter to a parked execution',
		withScene(async (scene) => {
			const run = await scene.park({ count: 3, production: signal === 'SIGKILL' });
			await run.parked();
			await scene.n8n.restart(signal);
			scene.finishAll();
			await expectThree(scene, run);
		}),
	);
});

describe('n8n that is down', () => {
	it(
		'while APIXO calls back costs nothing: APIXO delivers again, the execution goes on',
		withStage(async (scene) => {
			const run = await scene.park({ count: 3 });
			await run.parked();
			await scene.n8n.kill();
			scene.finishAll();
			await scene.delivered(3);
			expect(scene.apixo.callbacks().map(({ error }) => error)).toEqual(
				Array(3).fill('ECONNREFUSED'),
			);
			await scene.n8n.restart();
			scene.apixo.retryCallbacks();
			await expectThree(scene, run);
		}, UNHURRIED),
	);

	it(
		'between submit and callback: the trigger handles the report once',
		withStage(async (scene) => {
			const trigger = await listen(scene);
			await (await submitTo(scene, trigger.url, { context: '{"row": 7}' })).final();
			await scene.n8n.kill();
			scene.finishAll();
			await scene.delivered(1);
			await scene.n8n.restart();
			scene.apixo.retryCallbacks();

			const [output] = outputOf(await trigger.runs(1));
			expect(output).toMatchObject({ state: 'success', context: { row: 7 }, verified: true });
			await scene.delivered(2);
			expect(scene.apixo.callbacks()).toMatchObject([{ error: 'ECONNREFUSED' }, { status: 200 }]);
			expect(await trigger.count()).toBe(1);
		}, UNHURRIED),
	);

	it(
		'after reports were handled: the trigger still knows all of them, should they come again',
		withScene(async (scene) => {
			const { apixo, client, finishAll, delivered, taskIds } = scene;
			const trigger = await listen(scene);
			// One by one, then some at the same time.
			for (const count of [1, 2, 3]) {
				await (await submitTo(scene, trigger.url)).final();
				apixo.finish(taskIds()[count - 1]);
				await delivered(count);
			}
			for (let more = 0; more < 4; more += 1) {
				await (await submitTo(scene, trigger.url)).final();
			}
			finishAll();
			await delivered(7);
			await trigger.runs(7);
			await trigger.remembers(7);
			await scene.n8n.restart('SIGKILL');

			for (const { url, body } of apixo.callbacks()) {
				const answer = await client.postWebhook(url, JSON.parse(body));
				expect(answer).toMatchObject({ status: 200, data: { message: 'Handled before' } });
			}
			expect(await trigger.count()).toBe(7);
		}),
	);
});
