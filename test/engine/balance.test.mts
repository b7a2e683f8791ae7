/** Keep Balance Above (USD): the judge is the emulator's ledger. */

import { API_KEY, scene, toldBy } from '../support/engine/wan.mts';
import { byPrompt, prompts } from './batch.mts';
import { errorText } from './error-text.mts';
import { CONTINUE, RETRY_ON_FAIL } from './settings.mts';

const three = { items: prompts('one', 'two', 'three') };

/** The balance that the three videos for $0.50 each are paid from. */
const balance = (balanceUsd: number) => ({ keys: { [API_KEY]: { balanceUsd } } });

describe.each(['generate', 'submit'])('%s', (operation) => {
	test.concurrent(
		'submits nothing that would take the balance below the limit, and says all figures',
		scene(async ({ run, apixo }) => {
			const options = { keepBalance: 8.51 };
			const { failure } = await run({ operation, ...byPrompt, options }, three);
			for (const figure of ['$10.00', '$1.50', '$8.51']) {
				expect(failure.message).toContain(figure);
			}
			expect(apixo.ledger()).toEqual([]);
		}, balance(10)),
	);

	test.concurrent(
		'asks once, and submits what leaves exactly so much',
		scene(async ({ run, apixo }) => {
			const options = { keepBalance: 8.5 };
			const result = await run({ operation, ...byPrompt, options }, three);
			expect(result.items('Good')).toHaveLength(3);
			expect(apixo.requests({ kind: 'balance' })).toHaveLength(1);
		}, balance(10)),
	);
});

test.concurrent(
	'tells each item under On Error = Continue',
	scene(async ({ run, apixo }) => {
		const options = { keepBalance: 9 };
		const result = await run({ ...byPrompt, options }, { ...three, ...CONTINUE });
		for (const item of result.items('Good')) expect(toldBy(item)).toContain('Keep Balance');
		expect(apixo.ledger()).toEqual([]);
	}, balance(10)),
);

test.concurrent(
	'is asked again while APIXO has trouble',
	scene(async ({ run, apixo }) => {
		apixo.misbehave({ on: 'balance', times: 2, do: { httpStatus: 503 } });
		const result = await run({ options: { keepBalance: 1 } });
		expect(result.items('Good')).toHaveLength(1);
		expect(apixo.requests({ kind: 'balance' })).toHaveLength(3);
	}),
);

test.concurrent(
	'submits nothing if APIXO does not tell the balance, and says so',
	scene(async ({ run, apixo }) => {
		apixo.misbehave({ on: 'balance', do: { httpStatus: 403 } });
		const { failure } = await run({ options: { keepBalance: 1 } });
		expect(errorText(failure)).toMatch(/could not be checked: .* Nothing was submitted/);
		expect(apixo.ledger()).toEqual([]);
	}),
);

test.concurrent(
	'keeps no paid task from being picked up, although the balance is below it by now',
	scene(async ({ run, apixo }) => {
		apixo.misbehave({ on: 'status', times: 1, do: { httpStatus: 403 } });
		const options = { keepBalance: 8.5 };
		const result = await run({ ...byPrompt, options }, { ...three, settings: RETRY_ON_FAIL });
		expect(result.items('Good')).toHaveLength(3);
		expect(apixo.ledger()).toHaveLength(3);
	}, balance(10)),
);

test.concurrent(
	'is not asked for where the option is not set',
	scene(async ({ run, apixo }) => {
		await run();
		expect(apixo.requests({ kind: 'balance' })).toEqual([]);
	}),
);
