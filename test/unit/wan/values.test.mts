import fc from 'fast-check';
import { anything } from '../../support/model/odd.mts';
import {
	excerpt,
	isShallow,
	shown,
	truthValue,
	wholeNumber,
} from '../../../nodes/WanVideo/wan/values.ts';

test.each([
	[true, true],
	[false, false],
	['true', true],
	['TRUE', true],
	[' False ', false],
	['yes', undefined],
	['', undefined],
	[0, undefined],
	[1, undefined],
	[null, undefined],
	[[true], undefined],
	[{}, undefined],
])('%j as a switch is %s', (value, expected) => expect(truthValue(value)).toBe(expected));

test.each([
	[5, 5],
	['5', 5],
	['5.0', 5],
	['-5', -5],
	[5.5, undefined],
	['5e0', undefined],
	['', undefined],
	[true, undefined],
	[[5], undefined],
	[2 ** 53, undefined],
	[NaN, undefined],
])('%j as a whole number is %s', (value, expected) => expect(wholeNumber(value)).toBe(expected));

test('any value can be quoted, in few characters', () => {
	const circular = {};
	circular.self = circular;
	expect(shown(circular)).toBe('"a value that refers to itself"');
	expect([shown(5n), shown(undefined)]).toEqual(['"5"', '"undefined"']);
	expect([shown(16), shown(NaN), shown('16')]).toEqual(['16', 'NaN', '"16"']);
	fc.assert(
		fc.property(anything, (value) => {
			expect(shown(value)).toMatch(typeof value === 'number' ? /^[-\w.+]+$/ : /^"[^]{0,80}"$/);
		}),
	);
});

test('text of others becomes one line of a message', () => {
	expect(excerpt('as it is')).toBe('as it is');
	expect(excerpt('two\r\nlines, \u202ereversed, half an emoji \ud83e!')).toBe(
		'two lines,  reversed, half an emoji  !',
	);
	expect(excerpt('x'.repeat(301))).toBe(`${'x'.repeat(299)}…`);
	expect(excerpt('x'.repeat(300))).toBe('x'.repeat(300));
});

test('what is nested too deep is told from what is not, however deep it is', () => {
	const nested = (levels) => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
	expect(isShallow(nested(50))).toBe(true);
	expect(isShallow(nested(51))).toBe(false);
	expect(isShallow({ a: 1, b: nested(10_000) })).toBe(false);
	expect(isShallow(null)).toBe(true);
});
