import fc from 'fast-check';
import { anything } from '../../support/model/odd.mts';
import {
	booleanValue,
	excerpt,
	isShallow,
	isUnset,
	omitUndefined,
	quote,
} from '../../../nodes/shared/values.ts';

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
])('%j as a switch is %s', (value, expected) => expect(booleanValue(value)).toBe(expected));

test.each([
	[undefined, true],
	[null, true],
	['', true],
	[' \t\n\u00a0', true],
	['\u200b \ufeff', true],
	['0', false],
	[0, false],
	[false, false],
	[[], false],
])('%j was not given: %s', (value, expected) => expect(isUnset(value)).toBe(expected));

test('any value can be quoted, in few characters', () => {
	const circular: Record<string, unknown> = {};
	circular.self = circular;
	expect(quote(circular)).toBe('"a value that refers to itself"');
	expect(quote({ toJSON: () => undefined })).toBe('"a value without content"');
	expect([quote(5n), quote(undefined)]).toEqual(['"5"', '"undefined"']);
	expect([quote(16), quote(NaN), quote('16')]).toEqual(['16', 'NaN', '"16"']);
	fc.assert(
		fc.property(anything, (value) => {
			expect(quote(value)).toMatch(typeof value === 'number' ? /^[-\w.+]+$/ : /^"[^]{0,80}"$/);
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

test('only values up to 50 levels deep count as shallow', () => {
	const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
	expect(isShallow(nested(50))).toBe(true);
	expect(isShallow(nested(51))).toBe(false);
	expect(isShallow({ a: 1, b: nested(10_000) })).toBe(false);
	expect(isShallow(null)).toBe(true);
});

test('only what is undefined is left out', () => {
	expect(omitUndefined({ a: undefined, b: null, c: 0, d: '', e: false })).toStrictEqual({
		b: null,
		c: 0,
		d: '',
		e: false,
	});
});
