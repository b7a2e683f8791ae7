import { useStage } from '../support/n8n/scene.mts';
import { listen, submitTo } from '../support/n8n/trigger.mts';
import { failureOf } from './support/execution.mts';

/** As in a network that the internet does not reach; APIXO is not in it. */
const withScene = useStage({ webhookUrl: 'http://n8n.internal:5678/' });

describe('an n8n that APIXO cannot call', () => {
	it.concurrent.each([
		['by hand', false],
		['in production', true],
	])(
		'refuses the callback wait before anything is paid, run %s',
		withScene(async (scene, _name, production) => {
			const run = await scene.park({ count: 3, production });
			const execution = await run.final();
			expect(execution.status).toBe('error');
			const { message, description } = failureOf(execution);
			expect(message).toContain('http://n8n.internal');
			expect(message).toContain('Nothing was submitted');
			expect(description).toContain('WEBHOOK_URL');
			expect(scene.wentOn()).toEqual([]);
			expect(scene.apixo.requests({ kind: 'submit' })).toEqual([]);
		}),
	);

	it.concurrent(
		'refuses Submit with Resume Execution before anything is paid',
		withScene(async (scene) => {
			const trigger = await listen(scene);
			const run = await submitTo(scene, trigger.url, { resumeExecution: true });
			const execution = await run.final();
			expect(execution.status).toBe('error');
			expect(failureOf(execution).message).toContain('http://n8n.internal');
			expect(scene.apixo.requests({ kind: 'submit' })).toEqual([]);
		}),
	);
});
