import fc from 'fast-check';
import { TypedTexts } from '../../../nodes/shared/templates.ts';
import { checkRequest } from '../../../nodes/WanVideo/model/request.ts';
import { required } from '../../support/required.mts';

const MODE = 'text-to-video';

/** What is found about a prompt, and how it was typed, where that matters. */
const check = (prompt: unknown, typed?: string) =>
	checkRequest({ mode: MODE, prompt, typed: new TypedTexts({ prompt: typed }) });

const checkNegative = (negativePrompt: unknown, typed?: string) =>
	checkRequest({
		mode: MODE,
		prompt: 'a fox',
		additionalFields: { negativePrompt },
		typed: new TypedTexts({ additionalFields: { negativePrompt: typed } }),
	});

describe('text that was plainly not meant is refused', () => {
	test.each([
		['{{ $json.prompt }}'],
		['A fox in {{ $json.place }}'],
		['A fox in {{ $json.place'],
		['$json.prompt'],
	])('the Fixed text %j: switch the field', (text) => {
		for (const { faults } of [check(text, text), checkNegative(text, text)]) {
			expect(faults).toEqual([
				expect.stringMatching(/Prompt holds .*: switch the field from Fixed to Expression$/),
			]);
		}
	});

	test('an expression that finds an expression: switching would not help', () => {
		const { faults } = check('A fox in {{ $json.place }}', '={{ $json.template }}');
		expect(faults).toEqual([expect.stringMatching(/^Prompt holds \{\{ \$json.place \}\}/)]);
		expect(faults[0]).not.toContain('Fixed');
	});

	test.each([
		['undefined'],
		[' null '],
		['NaN'],
		['[object Object]'],
		['Invalid DateTime'],
		['#N/A'],
		['#REF!'],
	])('%j alone', (text) => {
		const fault = expect.stringMatching(/Prompt is ".*": its expression found no text$/);
		expect(check(text).faults).toEqual([fault]);
		expect(checkNegative(text).faults).toEqual([fault]);
	});

	test.each([
		['A video of [object Object]'],
		['A video of [object Promise] in the rain'],
		['[Object: {"prompt":"a fox"}]'],
		['A video of function trim() { [native code] }'],
	])('%j', (text) => {
		expect(check(text).faults).toEqual([expect.stringMatching(/^Prompt holds "/)]);
		expect(checkNegative(text).faults).toEqual([expect.stringMatching(/^Negative Prompt holds "/)]);
	});

	test.each([
		['A video of undefined'],
		['A video of undefined, in the rain'],
		['A fox. Style: null.'],
		['A fox in the style of "NaN"'],
		['Prompt: undefined'],
	])('the expression that gave %j', (text) => {
		expect(check(text, '={{ $json.x }}').faults).toEqual([
			expect.stringMatching(/^Prompt is ".*": an expression in it found no text$/s),
		]);
	});

	test.each([
		['=Prompt: {{ $json.prompt }}', 'Prompt: '],
		['=Prompt：{{ $json.prompt }}', 'Prompt：'],
		['=A video of {{ $json.product }}', 'A video of '],
		['=A video of {{ $json.a }} {{ $json.b }}', 'A video of  '],
		['=A sign that says "{{ $json.a }}', 'A sign that says "'],
	])('%j with nothing behind it', (typed, text) => {
		expect(check(text, typed).faults).toEqual([
			expect.stringMatching(/an expression in it found no text$/),
		]);
	});

	test.each([
		[{ prompt: 'a fox', model: 'x' }, 'prompt'],
		[{ id: 5, output: 'a fox' }, 'output'],
		[{ x: 'a' }, 'x'],
	])('%j, with the field that may be meant', (value, field) => {
		expect(check(value).faults).toEqual([
			expect.stringMatching(
				`^Prompt must be text, but is ".*"\\. Its field "${field}" holds text$`,
			),
		]);
	});

	test.each([[{}], [[]], [['a', 'b']], [true], [Infinity]])('%j', (value) => {
		expect(check(value).faults).toEqual([
			expect.stringMatching(/^Prompt must be text, but is .*$/),
		]);
	});

	test('a blank cell, also if it only looks blank', () => {
		for (const blank of ['', ' ', '\u00a0', '\u200b\ufeff', '\0']) {
			expect(check(blank).faults).toEqual(['Prompt is empty']);
			expect(checkNegative(blank).request).not.toHaveProperty('negative_prompt');
		}
	});
});

describe('text that may be meant is sent, with a hint', () => {
	const hintsOf = (text: string, typed?: string) => {
		const { request, faults, hints } = check(text, typed);
		expect(faults).toEqual([]);
		expect(required(request, 'request').prompt).toBe(text);
		return hints;
	};

	test.each([
		['A cat shows undefined behaviour', undefined, /the word undefined/],
		['A man says: null and void', undefined, /the word null/],
		['Hello {{name}}, in neon', undefined, /holds \{\{name\}\}/],
		['A fox in ${place}', undefined, /holds \$\{place\}/],
		['A fox, ', '=A fox, {{ $json.style }}', /^No expression in Prompt found anything/],
		['```\nA fox\n```', undefined, /code fence/],
		['<think>The user wants a fox.</think>A fox', undefined, /<think>/],
		['{"prompt": "a fox", "seconds": 5}', undefined, /JSON; its field "prompt"/],
		['Sure! Here is your prompt:\n\nA fox', undefined, /what a model says about it/],
		['Here’s a cinematic prompt:\nA fox', undefined, /what a model says about it/],
		["I'm sorry, but I can't help with that.", undefined, /refused/],
		['<!DOCTYPE html><html></html>', undefined, /web page/],
	])('%j', (text, typed, hint) => {
		expect(hintsOf(text, typed)).toEqual([expect.stringMatching(hint)]);
	});

	test('JSON in a code fence has both', () => {
		expect(hintsOf('```json\n{"scene": "a fox"}\n```')).toEqual([
			expect.stringMatching(/code fence/),
			expect.stringMatching(/its field "scene"/),
		]);
	});
});

test.each([
	['A cat shows undefined behaviour', 'A cat shows undefined behaviour'],
	['The sum of null', 'The sum of null'],
	['A dream of a place to dream of', '={{ $json.text }}'],
	['Dialogue: "Sure, here we go!"', undefined],
	['A man says sure. Here is a fox: red', undefined],
	['A fox looks sorry', undefined],
	['Shot 1 [0-3s] A fox. Shot 2 [3-5s] A cat', undefined],
	['A { curly } set of braces, [brackets] and $100', undefined],
	['A screen with `code`', undefined],
	['NaNny and nullify', undefined],
	['一只狐狸，赛博朋克风格：霓虹', undefined],
	['[fox]', undefined],
	['Infinity', undefined],
	['{a fox}', undefined],
])('%j is sent without a word', (text, typed) => {
	expect(check(text, typed)).toMatchObject({ request: { prompt: text }, faults: [], hints: [] });
	expect(checkNegative(text, typed)).toMatchObject({ faults: [], hints: [] });
});

/** Told apart from the code under test by being spelled out. */
const NEVER_MEANT = [
	'{{ $json.x }}',
	'{{$json["x y"]}}',
	'[object Object]',
	"{{ $('A').item.json.x }}",
];

test('wherever it stands in a text, nothing is paid for what was plainly not meant', () => {
	const junk = fc.constantFrom(...NEVER_MEANT);
	const around = fc
		.string({ unit: 'grapheme', maxLength: 30 })
		.filter((text) => !/[{}]/.test(text));
	fc.assert(
		fc.property(around, junk, around, fc.boolean(), (before, thing, behind, isFixed) => {
			const text = before + thing + behind;
			const typed = isFixed ? text : '={{ $json.text }}';
			for (const { request, faults } of [check(text, typed), checkNegative(text, typed)]) {
				expect(request).toBeUndefined();
				expect(faults).toEqual([expect.stringMatching(/^(Negative )?Prompt /)]);
			}
		}),
	);
});

test('hostile texts take no time', () => {
	for (const part of [
		'a ',
		' \n',
		': ',
		'`',
		'```',
		'undefined ',
		'[Object: [',
		'sure ',
		'<',
		'"',
		'｛',
	]) {
		// A reader that took quadratic time would not come back from so long a text.
		expect(() => check(part.repeat(200_000))).not.toThrow();
	}
});
