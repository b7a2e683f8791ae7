import { TypedTexts, placeholderIn, variableIn } from '../../../nodes/shared/templates.ts';

test.each([
	['{{ $json.prompt }}', '{{ $json.prompt }}'],
	['A video of {{$json["my prompt"]}} in the rain', '{{$json["my prompt"]}}'],
	['{{ $("Set").item.json.text }}', '{{ $("Set").item.json.text }}'],
	['{{ JSON.parse($json.output).prompt }}', '{{ JSON.parse($json.output).prompt }}'],
	['{{ $now.toISO() }}', '{{ $now.toISO() }}'],
	['a fox {{ $json.place', '{{ $json.place'],
	['a fox {{ $json.place }', '{{ $json.place }'],
	['$json.prompt', '$json.prompt'],
	['=$json["prompt"]', '=$json["prompt"]'],
	[" $('Set').item.json.text\n", "$('Set').item.json.text"],
])('in %j, %s was to be filled in', (text, variable) => expect(variableIn(text)).toBe(variable));

test.each([
	['a neon sign that says {{ 50% off }}'],
	['{{name}} walks'],
	['a price tag of {{ $5 }}'],
	['it costs $json'],
	['the text $(none)'],
	['{ $json.a }'],
	['a $100 bill'],
	['undefined behaviour'],
	[''],
])('in %j, nothing was', (text) => expect(variableIn(text)).toBeUndefined());

test.each([
	['Hello {{name}}', '{{name}}'],
	['a fox in ${place}', '${place}'],
	['a {{}} b {c} $d', undefined],
])('in %j, what looks like a placeholder is %s', (text, placeholder) => {
	expect(placeholderIn(text)).toBe(placeholder);
});

test('a long variable is shortened, and hostile texts take no time', () => {
	expect(variableIn(`{{ $json.${'x'.repeat(1000)} }}`)).toHaveLength(40);
	for (const part of ['{{', '{{ $', '$json.', '${', '= ']) {
		// A reader that took quadratic time would not come back from so long a text.
		const text = part.repeat(300_000);
		expect(() => [variableIn(text), placeholderIn(text)]).not.toThrow();
	}
});

describe('the panel as it was typed', () => {
	const typed = new TypedTexts({
		prompt: 'a {{ $json.a }}',
		style: '=Style: {{ $json.style }}, {{ $json.mood }}',
		whole: '={{ $json.whole }}',
		additionalFields: { negativePrompt: 'null' },
		references: { reference: [{ url: '=https://example.com/{{ $json.file }}' }] },
	});

	test('tells what is fixed', () => {
		expect(typed.isFixed('a {{ $json.a }}')).toBe(true);
		expect(typed.isFixed('null')).toBe(true);
		expect(typed.isFixed('={{ $json.whole }}')).toBe(false);
		expect(typed.adviceFor('a {{ $json.a }}')).toContain('from Fixed to Expression');
		expect(typed.adviceFor('b {{ $json.b }}')).not.toContain('Fixed');
	});

	test('tells what is left when no expression finds anything', () => {
		expect(typed.isLeftOver('Style: , ')).toBe(true);
		expect(typed.isLeftOver('https://example.com/')).toBe(true);
		expect(typed.isLeftOver('Style: dark, ')).toBe(false);
		expect(typed.isLeftOver('null')).toBe(false);
	});

	test.each([[undefined], [null], [5], ['text'], [{ a: null }]])('may be %j', (parameters) => {
		expect(new TypedTexts(parameters).isFixed('a')).toBe(false);
	});
});
