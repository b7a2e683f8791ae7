import { FAIL_CODES } from '../../support/model/documented.mts';
import { adviceFor } from '../../../nodes/WanVideo/model/failCodes.ts';

const fallback = adviceFor(undefined);

test.each(FAIL_CODES)('%s gets advice of its own', (code, advice) => {
	expect(adviceFor(code)).toMatch(advice);
	expect(adviceFor(code)).not.toBe(fallback);
});

test.each(['promptinvalid', 'Prompt_Invalid', 'PROMPT INVALID', ' PromptInvalid '])(
	'the spelling %j is understood',
	(code) => expect(adviceFor(code)).toBe(adviceFor('PromptInvalid')),
);

test.each([[undefined], [''], ['Novel_Code'], ['constructor'], ['💥']])(
	'the unknown code %j gets sensible advice',
	(code) => {
		expect(adviceFor(code)).toBe(fallback);
		expect(fallback).toMatch(/again/);
	},
);

test('advice avoids the words that n8n asks to avoid', () => {
	const all = [...FAIL_CODES.map(([code]) => adviceFor(code)), fallback].join(' ');
	expect(all).not.toMatch(/\b(errors?|problems?|failures?|mistakes?)\b/i);
});
