/** A credential that cannot be used: from the beginning, or when a parked execution goes on. */

import { CONTINUE, ERROR_OUTPUT } from './settings.mts';
import { retryPlan, type Execution, type RunOptions } from '../support/engine/index.mts';
import { scene } from '../support/engine/wan.mts';
import { required } from '../support/required.mts';
import { errorText } from './error-text.mts';
import { PARKING_WAYS, parkedScene, taskIdsOf, three } from './parked-scene.mts';

/** Of the credential while the execution is parked. @returns how to mend it */
function breakCredential({ plan }: Execution): () => void {
	const { apixoApi } = required(plan.credentials, 'credentials');
	const { baseUrl } = apixoApi;
	apixoApi.baseUrl = 'nonsense';
	return () => {
		apixoApi.baseUrl = baseUrl;
	};
}

describe('a credential that cannot be used', () => {
	const BROKEN: Array<[what: string, credentials: RunOptions['credentials']]> = [
		['its Base URL is wrong', { apixoApi: { apiKey: 'sk-apixo', baseUrl: 'nonsense' } }],
		['it is gone', {}],
	];

	test.concurrent.each(
		BROKEN.flatMap(([what, credentials]) => [
			[what, 'the output', credentials, CONTINUE, ['Good', 'Bad']] as const,
			[what, 'the error output', credentials, ERROR_OUTPUT, ['Bad', 'Good']] as const,
		]),
	)(
		'fails item by item under Continue instead of passing the input on: %s, %s',
		scene(async ({ plan, start }, _what, _where, credentials, settings, [failed, other]) => {
			const planned = { ...plan({}, { ...three, ...settings }), credentials };
			const result = await start(planned).result;
			expect(result.items(failed)).toMatchObject(
				three.items.map(() => ({
					error: expect.stringMatching(/credential/),
					details: { hint: expect.any(String) },
				})),
			);
			expect(result.items(other)).toEqual([]);
		}),
	);
});

describe.each(PARKING_WAYS)('a credential that was broken while parked by %s', (way) => {
	test.concurrent(
		'fails with every paid task named, and Retry picks them up once it is mended',
		parkedScene(async ({ start, outcomeOf, n8n, apixo }) => {
			const execution = start(way, three);
			await execution.parked;
			const mend = breakCredential(execution);
			const failed = await outcomeOf(execution);
			expect(failed.status).toBe('error');
			expect(failed.failure.message).toContain('The Base URL of the APIXO credential');
			const text = errorText(failed.failure);
			for (const taskId of taskIdsOf(apixo)) expect(text).toContain(taskId);
			expect(text).not.toContain('Nothing was submitted');
			mend();
			const retried = n8n.start(retryPlan(failed, execution.plan));
			const result = await outcomeOf(retried);
			expect(result.items('Good').map(({ taskId }) => taskId)).toEqual(taskIdsOf(apixo));
			expect(apixo.ledger()).toHaveLength(3);
		}),
	);

	test.concurrent.each([
		['the error output', ERROR_OUTPUT, 'Bad'],
		['the output', CONTINUE, 'Good'],
	])(
		'says so on %s under Continue, item by item, with the task',
		parkedScene(async ({ start, outcomeOf, apixo }, _name, settings, output) => {
			const execution = start(way, { ...three, ...settings });
			await execution.parked;
			breakCredential(execution);
			const result = await outcomeOf(execution);
			// n8n adds the input item on the error output.
			expect(result.items(output)).toMatchObject(
				taskIdsOf(apixo).map((taskId) => ({
					error: expect.stringContaining('The Base URL of the APIXO credential'),
					details: { taskId },
				})),
			);
			if (output === 'Bad') expect(result.items('Good')).toEqual([]);
		}),
	);
});
