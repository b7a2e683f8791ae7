/** Trouble that lasts, and the API key in it. */

import { startEmulator } from '../../emulator/index.mts';
import { API_KEY, scene } from '../support/engine/wan.mts';

// One group, because Jest runs the concurrent tests of one group together: these take long.
describe('trouble that lasts', () => {
	test.concurrent(
		'because APIXO cannot be reached is told after a few attempts, and nothing was paid for',
		scene(async ({ run, apixo }) => {
			const { error } = await run({}, { baseUrl: 'http://127.0.0.1:9/api/v1' });
			expect(error.message).toMatch(/reach/i);
			expect(`${error.message}${error.description}`).not.toMatch(/may (exist|be billed)/);
			expect(apixo.requests()).toEqual([]);
		}),
		60_000,
	);

	test.concurrent(
		'as a storm of 5xx on submit ends with an error after a few attempts, unpaid',
		scene(async ({ run, apixo }) => {
			apixo.misbehave({ on: 'submit', do: { httpStatus: 503 } });
			const { error } = await run();
			expect(error.message).toMatch(/APIXO/);
			expect(apixo.ledger()).toEqual([]);
			const attempts = apixo.requests({ kind: 'submit' }).length;
			expect(attempts).toBeGreaterThanOrEqual(2);
			expect(attempts).toBeLessThanOrEqual(10);
		}),
		60_000,
	);

	test.concurrent(
		'as a storm of 5xx while waiting ends with the timeout, and the task ID is kept',
		scene(async ({ run, apixo }) => {
			apixo.misbehave({ on: 'status', do: { httpStatus: 502 } });
			const { error } = await run({ options: { timeout: 0.1 } });
			expect(error.message).toContain(apixo.tasks()[0].taskId);
			expect(apixo.ledger()).toHaveLength(1);
		}),
		60_000,
	);

	test.concurrent(
		'as a balance without a number is not taken for a balance',
		scene(async ({ run, apixo }) => {
			const envelope = { code: 200, message: 'success', data: { balance: 5 } };
			apixo.misbehave({ on: 'balance', do: { envelope } });
			const settings = { onError: 'continueErrorOutput' };
			const [item] = (
				await run({ resource: 'account', operation: 'getBalance' }, { settings })
			).items('Bad');
			expect(item.error).toMatch(/\w+ \w+/);
		}),
		60_000,
	);

	test.concurrent.each(['submit', 'status'])(
		'as 429 on %s ends with the timeout',
		scene(async ({ run, apixo }, on) => {
			apixo.misbehave({ on, do: { retryAfter: 3600 } });
			const startedAt = Date.now();
			const { error } = await run({ options: { timeout: 0.04 } });
			expect(Date.now() - startedAt).toBeLessThan(8000);
			if (on === 'status') expect(error.message).toContain(apixo.ledger()[0].taskId);
			else expect(apixo.ledger()).toEqual([]);
		}),
	);
});

describe('a credential that cannot work', () => {
	test.concurrent(
		'because its Base URL is none is said to be the cause, and no task is feared',
		scene(async ({ run }) => {
			const { error } = await run({}, { baseUrl: 'apixo' });
			const told = `${error.message}\n${error.description}`;
			expect(told).toMatch(/credential/i);
			expect(told).not.toMatch(/may (exist|be billed)/);
		}),
		60_000,
	);

	test.concurrent(
		'because its Base URL redirects does not send the key elsewhere',
		scene(async ({ run, apixo }) => {
			const elsewhere = await startEmulator({ port: 0 });
			const location = `${elsewhere.baseUrl}/generateTask/wan-2-6-video`;
			apixo.misbehave({ on: 'submit', do: { httpStatus: 307, headers: { location } } });
			const { error } = await run();
			const asked = elsewhere.requests();
			await elsewhere.close();
			expect(asked).toEqual([]);
			expect(`${error.message}\n${error.description}`).toMatch(/Base URL/);
		}),
	);
});

describe('the API key', () => {
	test.concurrent.each(['submit', 'status'])(
		'is not repeated when an answer to %s quotes it',
		scene(async ({ run, apixo }, on) => {
			const message = `Invalid API key: Bearer ${API_KEY}`;
			apixo.misbehave({ on, do: { code: 401, message } });
			// run() looks for the key in everything that is stored.
			const stopped = await run();
			expect(stopped.error).toBeDefined();
			const [item] = (await run({}, { settings: { onError: 'continueRegularOutput' } })).items(
				'Good',
			);
			expect(item.error).toBeDefined();
		}),
	);

	test.concurrent(
		'is not repeated when a failed task quotes it',
		scene(async ({ run, apixo }) => {
			const fail = { failCode: 'BadRequest', failMsg: `Header was Bearer ${API_KEY}` };
			apixo.misbehave({ on: 'submit', do: { fail } });
			const [item] = (await run({}, { settings: { onError: 'continueRegularOutput' } })).items(
				'Good',
			);
			expect(item.details.failCode).toBe('BadRequest');
		}),
	);

	test.concurrent(
		'that is wrong is said to be wrong, with its credential',
		scene(async ({ run, apixo }) => {
			const { error } = await run({}, { apiKey: 'sk-wrong' });
			expect(`${error.message}\n${error.description}`).toMatch(/credential/i);
			expect(apixo.ledger()).toEqual([]);
		}),
	);
});
