import {
	type Unit,
	amountValue,
	choiceValue,
	flagValue,
	wholeNumber,
} from '../../../nodes/shared/fields.ts';

test.each([
	[true, true],
	['TRUE', true],
	[' False ', false],
	['yes', true],
	[' Off', false],
	['Ｙｅｓ', true],
	[0, false],
	[1, true],
	['1', true],
	[[true], true],
	['["false"]', false],
	['maybe', undefined],
	['', undefined],
	[2, undefined],
	[null, undefined],
	[[true, true], undefined],
	[{}, undefined],
])('%j as a field that is on or off is %s', (value, expected) => {
	expect(flagValue(value)).toBe(expected);
});

test.each([
	[5, 5],
	['5', 5],
	['5.0', 5],
	['-5', -5],
	[5.5, undefined],
	['5e0', undefined],
	['', undefined],
	[true, undefined],
	[' ５\u200b', 5],
	[[5], 5],
	['["5"]', 5],
	[[5, 5], undefined],
	[[[5]], undefined],
	['5s', undefined],
	[2 ** 53, undefined],
	[NaN, undefined],
])('%j as a whole number is %s', (value, expected) => expect(wholeNumber(value)).toBe(expected));

const UNITS: Array<[value: unknown, unit: Unit, expected: number]> = [
	['5s', 'seconds', 5],
	['5 Seconds', 'seconds', 5],
	['5秒', 'seconds', 5],
	['5', 'seconds', 5],
	[5, 'seconds', 5],
	['20 min', 'minutes', 20],
	['$0.50', 'usd', 0.5],
	['0.50 USD', 'usd', 0.5],
	['100 MB', 'megabytes', 100],
	['5 m', 'seconds', NaN],
	['5 min', 'seconds', NaN],
	['5 €', 'usd', NaN],
	['0,50', 'usd', NaN],
	['1,000', 'usd', NaN],
	['5s 6s', 'seconds', NaN],
	['s', 'seconds', NaN],
	[`5${' '.repeat(50_000)}s`, 'seconds', NaN],
];

test.each(UNITS)('%j as a number of %s is %d', (value, unit, expected) => {
	expect(amountValue(value, unit)).toBe(expected);
	const isWhole = Number.isInteger(expected);
	expect(wholeNumber(value, unit)).toBe(isWhole ? expected : undefined);
});

test.each([
	['720p', '720p'],
	['720P', '720p'],
	[' 720 p ', '720p'],
	['720', '720p'],
	[720, '720p'],
	[['720p'], '720p'],
	['["720p"]', '720p'],
	['７２０ｐ', '720p'],
	['1080\u200bp', '1080p'],
	['72', undefined],
	['7200', undefined],
	['', undefined],
	[' ', undefined],
	['-', undefined],
	[null, undefined],
	[['720p', '1080p'], undefined],
	[{}, undefined],
])('%j as a choice between 720p and 1080p is %s', (value, expected) => {
	const choices = ['720p', '1080p'] as const;
	expect(choiceValue(value, choices, (one) => [one.replace('p', '')])).toBe(expected);
});
