/** A refusal that every other item would meet ends the submissions of a run. */

import type { Effects } from '../../emulator/index.mts';
import { API_KEY, scene } from '../support/engine/wan.mts';
import { byPrompt, prompts } from './batch.mts';
import { CONTINUE } from './settings.mts';

const eight = prompts('one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight');

/** One at a time, so that nothing is under way when the refusal comes. */
const oneByOne = { ...byPrompt, options: { maxParallelTasks: 1 } };

test.concurrent(
	'after the balance is used up nothing more is sent, and each item says why',
	scene(
		async ({ apixo, run, charged }) => {
			const result = await run(oneByOne, { items: eight, ...CONTINUE });
			expect(charged()).toHaveLength(2);
			expect(apixo.requests({ kind: 'submit' })).toHaveLength(3);
			const told = result.items('Good').map(({ error }) => error ?? 'made');
			expect(told.slice(0, 2)).toEqual(['made', 'made']);
			expect(told[2]).toMatch(/^The APIXO balance or quota is used up/);
			for (const error of told.slice(3)) {
				expect(error).toMatch(
					/^Not submitted, because another item was refused: The APIXO balance/,
				);
			}
		},
		{ keys: { [API_KEY]: { balanceUsd: 1.2 } } },
	),
);

test.concurrent.each<[name: string, effect: Effects]>([
	['the key is refused', { httpStatus: 401 }],
	['the key may not use the model', { httpStatus: 403, message: 'Model not allowed for this key' }],
	['a proxy asks for a login', { httpStatus: 407, text: 'Proxy Authentication Required' }],
])(
	'after %s nothing more is sent',
	scene(async ({ apixo, run }, _name, effect) => {
		apixo.misbehave({ on: 'submit', do: effect });
		const result = await run(oneByOne, { items: eight, ...CONTINUE });
		expect(apixo.requests({ kind: 'submit' })).toHaveLength(1);
		expect(result.items('Good')).toHaveLength(8);
	}),
);

test.concurrent.each<[name: string, effect: Effects]>([
	['what an item asks for is invalid', { httpStatus: 400, message: 'Prompt is too rude' }],
	['its content is not allowed', { httpStatus: 403, message: 'The content is not allowed' }],
])(
	'but not after %s: the others may be fine',
	scene(async ({ apixo, run, charged }, _name, effect) => {
		apixo.misbehave({ on: 'submit', match: { promptIncludes: 'one' }, do: effect });
		await run(oneByOne, { items: eight, ...CONTINUE });
		expect(charged()).toHaveLength(7);
	}),
);
