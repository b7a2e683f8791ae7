/** Errors that last, and the API key in them. */

import { startEmulator } from '../../emulator/index.mts';
import { API_KEY, scene } from '../support/engine/wan.mts';
import { errorText } from './error-text.mts';
import { CONTINUE, ERROR_OUTPUT } from './settings.mts';

// One group, because Jest runs the concurrent tests of one group together: these take long.
describe('trouble that lasts', () => {
	test.concurrent(
		'because APIXO cannot be reached ends with an error after a few attempts, unpaid',
		scene(async ({ run, apixo }) => {
			const { failure } = await run({}, { baseUrl: 'http://127.0.0.1:9/api/v1' });
			expect(failure.message).toMatch(/reach/i);
			expect(errorText(failure)).not.toMatch(/may (exist|be billed)/);
			expect(apixo.requests()).toEqual([]);
		}),
		60_000,
	);

	test.concurrent(
		'as a storm of 5xx on submit ends with an error after a few attempts, unpaid',
		scene(async ({ run, apixo }) => {
			apixo.misbehave({ on: 'submit', do: { httpStatus: 503 } });
			const { failure } = await run();
			expect(failure.message).toMatch(/APIXO/);
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
			const { failure } = await run({ options: { timeout: 0.1 } });
			expect(failure.message).toContain(apixo.tasks()[0].taskId);
			expect(apixo.ledger()).toHaveLength(1);
		}),
		60_000,
	);

	test.concurrent(
		'as a balance without a number is not taken for a balance',
		scene(async ({ run, apixo }) => {
			const envelope = { code: 200, message: 'success', data: { balance: 5 } };
			apixo.misbehave({ on: 'balance', do: { envelope } });
			const parameters = { resource: 'account', operation: 'getBalance' };
			const [item] = (await run(parameters, ERROR_OUTPUT)).items('Bad');
			expect(item.error).toMatch(/\w+ \w+/);
		}),
		60_000,
	);

	test.concurrent.each(['submit', 'status'] as const)(
		'as 429 on %s ends with the timeout',
		scene(async ({ run, apixo }, on) => {
			apixo.misbehave({ on, do: { retryAfter: 3600 } });
			const startedAt = Date.now();
			const { failure } = await run({ options: { timeout: 0.04 } });
			expect(Date.now() - startedAt).toBeLessThan(8000);
			if (on === 'status') expect(failure.message).toContain(apixo.ledger()[0].taskId);
			else expect(apixo.ledger()).toEqual([]);
		}),
	);
});

describe('a credential that cannot work', () => {
	test.concurrent(
		'because its Base URL is not a URL is named as the cause, and no task is said to exist',
		scene(async ({ run }) => {
			const { failure } = await run({}, { baseUrl: 'apixo' });
			expect(errorText(failure)).toMatch(/credential/i);
			expect(errorText(failure)).not.toMatch(/may (exist|be billed)/);
		}),
		60_000,
	);

	test.concurrent(
		'because its Base URL redirects does not send the key elsewhere',
		scene(async ({ run, apixo }) => {
			const elsewhere = await startEmulator({ port: 0 });
			const location = `${elsewhere.baseUrl}/generateTask/wan-2-6-video`;
			apixo.misbehave({ on: 'submit', do: { httpStatus: 307, headers: { location } } });
			const { failure } = await run();
			const requests = elsewhere.requests();
			await elsewhere.close();
			expect(requests).toEqual([]);
			expect(errorText(failure)).toMatch(/Base URL/);
		}),
	);
});

describe('the API key', () => {
	test.concurrent.each(['submit', 'status'] as const)(
		'is not repeated when an answer to %s quotes it',
		scene(async ({ run, apixo }, on) => {
			const message = `Invalid API key: Bearer ${API_KEY}`;
			apixo.misbehave({ on, do: { code: 401, message } });
			// run() looks for the key in everything that is stored.
			const stopped = await run();
			expect(stopped.error).toBeDefined();
			const [item] = (await run({}, CONTINUE)).items('Good');
			expect(item.error).toBeDefined();
		}),
	);

	test.concurrent(
		'is not repeated when a failed task quotes it',
		scene(async ({ run, apixo }) => {
			const fail = { failCode: 'BadRequest', failMsg: `Header was Bearer ${API_KEY}` };
			apixo.misbehave({ on: 'submit', do: { fail } });
			const [item] = (await run({}, CONTINUE)).items('Good');
			expect(item.details?.failCode).toBe('BadRequest');
		}),
	);

	test.concurrent(
		'that is wrong is an error that names the credential',
		scene(async ({ run, apixo }) => {
			const { failure } = await run({}, { apiKey: 'sk-wrong' });
			expect(errorText(failure)).toMatch(/credential/i);
			expect(apixo.ledger()).toEqual([]);
		}),
	);
});
