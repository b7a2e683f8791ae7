import fc from 'fast-check';
import * as documented from '../../support/model/documented.mts';
import { anything } from '../../support/model/odd.mts';
import { checkRequest } from '../../../nodes/WanVideo/model/request.ts';
import { jsonIn } from '../../../nodes/WanVideo/model/shots.ts';
import { required } from '../../support/required.mts';

type Panel = Record<string, unknown>;

const FOX = { text: 'A fox looks up', seconds: 3 };
const RAIN = { text: 'Rain on a neon sign', seconds: 2 };
const BOTH = [FOX, RAIN];
const PROMPT = 'Shot 1 [0-3s] A fox looks up\nShot 2 [3-5s] Rain on a neon sign';

const board = (shot: unknown, more: Panel = {}): Panel => ({
	mode: 'text-to-video',
	promptFrom: 'shots',
	shots: { shot },
	...more,
});
const json = (shotsJson: unknown, more: Panel = {}): Panel => ({
	mode: 'text-to-video',
	promptFrom: 'shotsJson',
	shotsJson,
	...more,
});

const faultsOf = (panel: Panel) => checkRequest(panel).faults;
const requestOf = (panel: Panel) => {
	const { request, faults } = checkRequest(panel);
	expect(faults).toEqual([]);
	return required(request, 'request');
};

describe('a storyboard is sent', () => {
	test('as a prompt of shots with their times, with the settings that make the model heed it', () => {
		expect(checkRequest(board(BOTH))).toEqual({
			request: {
				mode: 'text-to-video',
				prompt: PROMPT,
				resolution: '720p',
				duration: 5,
				prompt_extend: true,
				shot_type: 'multi',
			},
			faults: [],
			hints: [],
			media: [],
		});
	});

	test('with its style before the shots', () => {
		const { prompt } = requestOf(board(BOTH, { shotsStyle: 'Film noir, rain' }));
		expect(prompt).toBe(`Film noir, rain\n${PROMPT}`);
	});

	test('with each shot in a line of its own, whatever its line breaks', () => {
		const shot = { text: '  A fox\n\tlooks   up ', seconds: 5 };
		expect(requestOf(board([shot])).prompt).toBe('Shot 1 [0-5s] A fox looks up');
	});

	test('in the order of the list', () => {
		const { prompt } = requestOf(board([RAIN, FOX]));
		expect(prompt).toBe('Shot 1 [0-2s] Rain on a neon sign\nShot 2 [2-5s] A fox looks up');
	});

	test('as long as its shots, whatever Duration was before', () => {
		expect(requestOf(board([FOX, FOX, FOX], { duration: 4 })).duration).toBe(9);
		expect(requestOf(board(BOTH, { duration: 'nonsense' })).duration).toBe(5);
	});

	test('instead of the prompt, whatever that was before', () => {
		expect(requestOf(board(BOTH, { prompt: 'left over' })).prompt).toBe(PROMPT);
	});

	test('with the other fields that the user set', () => {
		const additionalFields = { seed: 7, shotType: 'multi', promptExtend: true };
		const { seed, shot_type, prompt_extend } = requestOf(board(BOTH, { additionalFields }));
		expect([seed, shot_type, prompt_extend]).toEqual([7, 'multi', true]);
	});
});

test.each([[undefined], [null], [''], ['text']])(
	'with Prompt From %j the prompt is sent',
	(from) => {
		const panel = board(BOTH, { promptFrom: from, prompt: 'a fox', duration: 4, shotsStyle: 5 });
		expect(requestOf(panel)).toEqual({
			mode: 'text-to-video',
			prompt: 'a fox',
			resolution: '720p',
			duration: 4,
		});
	},
);

describe('shots may be JSON', () => {
	const text = JSON.stringify(BOTH, null, 2);

	test.each<[string, unknown]>([
		['an array', BOTH],
		['text', text],
		['an object around the list', { shots: BOTH }],
		['a list of another name', JSON.stringify({ title: 'Fox', scenes: BOTH })],
		['the list beside other lists', { characters: ['fox'], shots: BOTH, tags: [] }],
		['an object in the output of a parser', { output: { shots: BOTH } }],
		['in a code fence', `\`\`\`json\n${text}\n\`\`\``],
		['in a code fence amid words', `My [first] draft:\n\`\`\`\n${text}\n\`\`\`\nShall I go on?`],
		['amid words', `Here it is: ${text} Enjoy!`],
		['seconds as text', BOTH.map(({ seconds, ...rest }) => ({ ...rest, seconds: `${seconds}` }))],
		[
			'seconds with a unit',
			[
				{ ...FOX, seconds: '3s' },
				{ ...RAIN, seconds: '2 seconds' },
			],
		],
		[
			'other names',
			[
				{ shot: 1, description: FOX.text, duration: 3 },
				{ shot: 2, prompt: RAIN.text, duration: '2.0' },
			],
		],
	])('%s', (_, shotsJson) => {
		expect(requestOf(json(shotsJson))).toMatchObject({ prompt: PROMPT, duration: 5 });
	});

	test('with a style, unless the user has one', () => {
		const given = { style: 'Film noir', shots: BOTH };
		expect(requestOf(json(given)).prompt).toBe(`Film noir\n${PROMPT}`);
		expect(requestOf(json({ output: given })).prompt).toBe(`Film noir\n${PROMPT}`);
		expect(requestOf(json(given, { shotsStyle: 'Cartoon' })).prompt).toBe(`Cartoon\n${PROMPT}`);
		expect(requestOf(json(given, { shotsStyle: ' ' })).prompt).toBe(`Film noir\n${PROMPT}`);
	});

	test.each<[string, unknown, RegExp]>([
		['no JSON', 'a fox, then rain', /^Shots \(JSON\) is not valid JSON$/],
		['JSON that was cut', text.slice(0, -5), /^Shots \(JSON\) is not valid JSON$/],
		['one shot without a list', FOX, /^Shots \(JSON\) must be an array of objects/],
		['two lists of other names', { a: BOTH, b: BOTH }, /^Shots \(JSON\) must be an array/],
		['a number', 5, /^Shots \(JSON\) must be an array/],
		['an empty list', '[]', /^Shots is empty/],
		['nothing', '', /^Shots is empty/],
	])('but not %s', (_, shotsJson, fault) => {
		expect(faultsOf(json(shotsJson))).toEqual([expect.stringMatching(fault)]);
	});

	test.each(['[', ']', '{', '```', ' ', '`['])('and not in a long text of %s', (part) => {
		// A reader that took quadratic time would not come back from so long a text.
		expect(jsonIn(part.repeat(300_000))).toBeUndefined();
	});
});

describe('faults', () => {
	test('name the shot, and come all at once', () => {
		const shots = [
			{ text: ' ', seconds: 3 },
			{ text: 'a fox', seconds: 0 },
			{ text: { of: 1 }, seconds: 2.5 },
			{ text: 'undefined' },
			'a fox',
			null,
		];
		expect(faultsOf(board(shots))).toEqual([
			'Shot 1: Text is empty',
			'Shot 2: Seconds must be a whole number of at least 1, but is 0',
			'Shot 3: Text must be text, but is "{"of":1}"',
			'Shot 3: Seconds must be a whole number of at least 1, but is 2.5',
			'Shot 4: Text is "undefined": its expression found no text',
			'Shot 4: Seconds is empty',
			'Shot 5: Seconds is empty',
			'Shot 6: Text is empty',
			'Shot 6: Seconds is empty',
		]);
	});

	test('come together with those of other fields', () => {
		const faults = faultsOf(board([{ ...FOX, seconds: -1 }], { mode: 'text-to-speech' }));
		expect(faults).toEqual([
			expect.stringMatching(/^Shot 1: Seconds/),
			expect.stringMatching(/^Mode must be one of/),
		]);
	});

	test.each([[{}], [null], [[]], [{ shot: [] }]])('shots that are %j are empty', (shots) => {
		const empty = 'Shots is empty: a storyboard needs one shot at least';
		expect(faultsOf({ mode: 'text-to-video', promptFrom: 'shots', shots })).toEqual([empty]);
	});

	test('a list that is none is refused', () => {
		const faults = faultsOf({ mode: 'text-to-video', promptFrom: 'shots', shots: 'a fox' });
		expect(faults).toEqual(['Shots must be a list of shots with text and seconds, but is "a fox"']);
	});

	test('a list without end does not flood the message', () => {
		const faults = faultsOf(board(Array(10_000).fill({})));
		expect(faults[0]).toBe('Shots has 10000 entries, but at most 15 fit');
		expect(faults.length).toBeLessThan(40);
	});

	test('another source of the prompt is refused', () => {
		expect(faultsOf(board(BOTH, { promptFrom: 'Shots' }))).toEqual([
			'Prompt From must be text, shots or shotsJson, but is "Shots"',
		]);
	});

	test('a style that is no text is refused', () => {
		expect(faultsOf(board(BOTH, { shotsStyle: {} }))).toEqual([
			expect.stringMatching(/^Style must be text/),
		]);
	});
});

describe.each(Object.entries(documented.MODES))('in %s', (mode, { seconds: [min, max] }) => {
	const media = {
		imageUrl: 'https://example.com/a.png',
		references: { reference: [{ url: 'https://example.com/a.png' }] },
	};
	const shots = (...seconds: number[]) =>
		board(
			seconds.map((one) => ({ text: 'a fox', seconds: one })),
			{ ...media, mode },
		);

	test('shots may take as long as a video', () => {
		expect(requestOf(shots(1, max - 1)).duration).toBe(max);
		expect(requestOf(shots(min)).duration).toBe(min);
		expect(requestOf(shots(...Array<number>(max).fill(1))).duration).toBe(max);
	});

	test('the shot with which they take longer is named', () => {
		expect(faultsOf(shots(2, max - 1, 4))).toEqual([
			expect.stringMatching(
				new RegExp(`^The seconds of the shots add up to ${max + 5}, .* ${min} to ${max}: Shot 2 `),
			),
		]);
	});

	test('they must not be shorter than a video', () => {
		expect(faultsOf(shots(1))).toEqual([
			expect.stringMatching(/^The seconds of the shots add up to 1, .*to \d+$/),
		]);
	});
});

describe('a storyboard that APIXO would cut is refused, since the last shots would be missing', () => {
	const { promptCharacters } = documented.LIMITS;
	const rest = promptCharacters - 'Shot 1 [0-3s] \nShot 2 [3-5s] '.length;

	test('by the shot that does not fit', () => {
		const shots = (characters: number) => [
			{ ...FOX, text: '🦊'.repeat(1000) },
			{ ...RAIN, text: 'x'.repeat(characters - 1000) },
		];
		expect([...requestOf(board(shots(rest))).prompt]).toHaveLength(promptCharacters);
		expect(faultsOf(board(shots(rest + 1)))).toEqual([
			`The storyboard has ${promptCharacters + 1} characters, but APIXO cuts it after ${promptCharacters}: Shot 2 does not fit`,
		]);
	});

	test.each([
		[1400, 'Shot 2'],
		[1500, 'Shot 1'],
		[2000, 'Shot 1'],
	])('also behind a style of %i characters', (characters, shot) => {
		const long = { ...FOX, text: 'x'.repeat(80) };
		const faults = faultsOf(board([long, long], { shotsStyle: 'x'.repeat(characters) }));
		expect(faults).toEqual([expect.stringContaining(`: ${shot} does not fit`)]);
	});
});

test('settings against a storyboard are refused before anything is paid for', () => {
	const additionalFields = { shotType: 'single', promptExtend: false };
	expect(faultsOf(board(BOTH, { additionalFields }))).toEqual([
		'Shot Type is Single Shot, but a storyboard needs Multiple Shots',
		'Improve Prompt is off, but the model keeps to a storyboard only if it is on',
	]);
});

test('whatever stands for the shots, there are faults, or a prompt with every shot', () => {
	let accepted = 0;
	const shot = fc.record({
		text: fc.oneof(fc.string({ minLength: 1 }), anything),
		seconds: fc.oneof(fc.integer({ min: 1, max: 5 }), anything),
	});
	const shots = fc.oneof(fc.array(shot, { maxLength: 4 }), anything);
	fc.assert(
		fc.property(shots, fc.oneof(fc.string(), anything), (list, shotsStyle) => {
			for (const panel of [board(list, { shotsStyle }), json(list, { shotsStyle })]) {
				const { request, faults } = checkRequest(panel);
				if (request === undefined) {
					expect(faults).not.toEqual([]);
					continue;
				}
				accepted += 1;
				const times = [...request.prompt.matchAll(/^Shot \d+ \[(\d+)-(\d+)s\] \S/gm)];
				expect(Number(times.at(-1)?.[2])).toBe(request.duration);
			}
		}),
		{ numRuns: 2000 },
	);
	expect(accepted).toBeGreaterThan(50);
});
