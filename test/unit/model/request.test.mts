import * as documented from '../../support/model/documented.mts';
import { violations } from '../../support/model/rules.mts';
import { checkRequest } from '../../../nodes/WanVideo/model/request.ts';
import { checkPrice } from '../support/requests.mts';
import { required } from '../../support/required.mts';

type Panel = Record<string, unknown>;

const TEXT = { mode: 'text-to-video', prompt: 'a fox' };
const IMAGE = { mode: 'image-to-video', prompt: 'a fox', imageUrl: 'https://example.com/a.png' };
const FLASH = { ...IMAGE, mode: 'image-to-video-flash' };
const referring = (...entries: object[]): Panel => ({
	mode: 'reference-to-video',
	prompt: 'a fox',
	references: { reference: entries.map((entry) => ({ kind: 'auto', ...entry })) },
});
const referringByJson = (referencesJson: unknown): Panel => ({
	mode: 'reference-to-video',
	prompt: 'a fox',
	referenceSource: 'json',
	referencesJson,
});
const urls = (extension: string, count: number) =>
	Array.from({ length: count }, (_, index) => `https://example.com/${index}.${extension}`);

const faultsOf = (raw: Panel) => checkRequest(raw).faults;
const requestOf = (raw: Panel) => required(checkRequest(raw).request, 'request');

describe('the documentation’s own requests', () => {
	test.each(documented.REQUESTS)('%s comes out exactly', (_, raw, input) => {
		expect(violations(input)).toEqual([]);
		const { request, faults, hints } = checkRequest(raw);
		expect({ request, faults, hints }).toEqual({ request: input, faults: [], hints: [] });
	});
});

describe('defaults', () => {
	test.each(Object.entries(documented.MODES))('%s', (mode, { defaultResolution, isFlash }) => {
		const raw = {
			...IMAGE,
			references: { reference: [{ url: 'https://example.com/a.png' }] },
			mode,
		};
		const { resolution, duration, sound } = requestOf(raw);
		expect([resolution, duration, sound]).toEqual([
			defaultResolution,
			documented.LIMITS.defaultDurationSeconds,
			isFlash ? true : undefined,
		]);
	});

	test('nothing that the user did not set goes into the request', () => {
		expect(Object.keys(requestOf(TEXT)).sort()).toEqual([
			'duration',
			'mode',
			'prompt',
			'resolution',
		]);
	});

	test('fields that are left empty count as not set', () => {
		const additionalFields = { audioUrl: '', negativePrompt: '  ', seed: '', shotType: null };
		expect(requestOf({ ...TEXT, resolution: '', duration: null, additionalFields })).toEqual(
			requestOf(TEXT),
		);
	});
});

describe('values that mean one thing', () => {
	test.each([
		['Image to Video', 'image-to-video'],
		['image-to-video ', 'image-to-video'],
		['IMAGE_TO_VIDEO', 'image-to-video'],
		['Image to Video (Flash)', 'image-to-video-flash'],
		[['image-to-video'], 'image-to-video'],
	])('the mode %j is %s', (mode, name) => {
		expect(requestOf({ ...IMAGE, mode }).mode).toBe(name);
		expect(checkPrice({ mode }).request?.mode).toBe(name);
	});

	test.each([['video'], ['image'], ['text-to-vide'], [' '], ['image-to-video, text-to-video']])(
		'%j is no mode',
		(mode) => {
			expect(faultsOf({ ...IMAGE, mode })).toEqual([expect.stringMatching(/^Mode must be one of/)]);
		},
	);

	test.each([['1080P'], [' 1080p '], ['1080'], [1080], ['1080 p']])(
		'the resolution %j is 1080p',
		(resolution) => expect(requestOf({ ...TEXT, resolution }).resolution).toBe('1080p'),
	);

	test.each([['720i'], ['480p'], ['HD'], ['720p or 1080p']])(
		'%j is no resolution',
		(resolution) => {
			expect(faultsOf({ ...TEXT, resolution })).toEqual([
				expect.stringMatching(/^Resolution must be 720p or 1080p/),
			]);
		},
	);

	test.each([['Multi'], ['Multiple Shots'], ['multi-shot']])(
		'the shot type %j is multi',
		(shotType) => {
			expect(requestOf({ ...TEXT, additionalFields: { shotType } }).shot_type).toBe('multi');
		},
	);

	test('a blank cell is no value', () => {
		const blank = ' \u00a0';
		const additionalFields = {
			audioUrl: blank,
			negativePrompt: blank,
			promptExtend: blank,
			seed: blank,
			shotType: blank,
			watermark: blank,
		};
		const raw = { ...FLASH, resolution: blank, duration: blank, sound: blank, additionalFields };
		expect(requestOf(raw)).toEqual(requestOf(FLASH));
		expect(faultsOf({ ...IMAGE, imageUrl: blank })).toEqual(['Image URL is empty']);
	});
});

describe('hints that save money', () => {
	const hintsOf = (raw: Panel) => {
		expect(faultsOf(raw)).toEqual([]);
		return checkRequest(raw).hints;
	};
	const [one, two] = urls('png', 2).map((url) => ({ url }));

	test('Multiple Shots need Improve Prompt', () => {
		const shotType = 'multi';
		const hint = [expect.stringMatching(/^Shot Type has no effect while Improve Prompt is off/)];
		expect(hintsOf({ ...TEXT, additionalFields: { shotType, promptExtend: false } })).toEqual(hint);
		expect(hintsOf({ ...TEXT, additionalFields: { shotType, promptExtend: true } })).toEqual([]);
		expect(hintsOf({ ...TEXT, additionalFields: { shotType } })).toEqual([]);
	});

	test.each([
		['a fox', /names no reference/],
		['character1 meets character3', /names character3, but the references end at 2/],
		['Character 4 dances', /names Character 4/],
	])('the prompt %j does not fit two references', (prompt, hint) => {
		expect(hintsOf({ ...referring(one, two), prompt })).toEqual([expect.stringMatching(hint)]);
	});

	test('a prompt that names the references fits', () => {
		expect(hintsOf({ ...referring(one, two), prompt: 'character2 hugs character1' })).toEqual([]);
	});

	test('audio may be ignored beside references', () => {
		const additionalFields = { audioUrl: 'https://example.com/a.mp3' };
		const raw = { ...referring(one), prompt: 'character1 sings', additionalFields };
		expect(hintsOf(raw)).toEqual([expect.stringMatching(/ignore Audio URL/)]);
		expect(hintsOf({ ...IMAGE, additionalFields })).toEqual([]);
	});
});

describe('what a mode does not support stays out', () => {
	test('sound, outside flash modes', () => {
		expect(requestOf({ ...IMAGE, sound: false })).not.toHaveProperty('sound');
	});

	test('media of another mode', () => {
		const raw = { ...TEXT, imageUrl: 'nonsense', references: 5, referencesJson: '{' };
		expect(requestOf(raw)).toEqual(requestOf(TEXT));
	});

	test('audio when sound is off, with a hint', () => {
		const additionalFields = { audioUrl: 'https://example.com/a.mp3' };
		const { request, hints } = checkRequest({ ...FLASH, sound: false, additionalFields });
		expect(request).not.toHaveProperty('audio_urls');
		expect(hints).toEqual([expect.stringContaining('audio')]);
		expect(requestOf({ ...FLASH, sound: true, additionalFields })).toHaveProperty('audio_urls');
	});
});

describe('values from expressions', () => {
	test.each([['8'], [' 8 '], ['8.0'], [8], ['8s'], ['8 seconds'], ['["8"]'], [['8']], ['８']])(
		'%j are 8 seconds',
		(duration) => {
			expect(requestOf({ ...TEXT, duration }).duration).toBe(8);
		},
	);

	test.each([[1], [16], [2.5], ['5m'], ['text'], [NaN], [true], [[5, 6]], [{}]])(
		'%j is no duration',
		(duration) => {
			expect(faultsOf({ ...TEXT, duration })).toEqual([
				expect.stringMatching(/^Duration \(Seconds\) must be a whole number from 2 to 15/),
			]);
		},
	);

	test.each([
		['text-to-video', 15],
		['image-to-video', 15],
		['reference-to-video', 10],
	])('%s takes 2 to %i seconds, and no more', (mode, max) => {
		const at = (duration: number) => checkPrice({ mode, duration }).faults.length;
		expect([at(1), at(2), at(max), at(max + 1)]).toEqual([1, 0, 0, 1]);
	});

	test('true and false may be text', () => {
		const additionalFields = { promptExtend: 'false', watermark: 'true' };
		expect(requestOf({ ...FLASH, sound: 'false', additionalFields })).toMatchObject({
			sound: false,
			prompt_extend: false,
			watermark: true,
		});
	});

	test.each([[0], ['0'], [2147483647], ['42']])('%j is a seed', (seed) => {
		expect(requestOf({ ...TEXT, additionalFields: { seed } }).seed).toBe(Number(seed));
	});

	test.each([[-1], [2147483648], [1.5], ['x'], [true]])('%j is no seed', (seed) => {
		const faults = faultsOf({ ...TEXT, additionalFields: { seed } });
		expect(faults).toEqual([expect.stringMatching(/^Seed must be/)]);
	});
});

describe('long texts are sent as they are, with a hint that APIXO cuts them', () => {
	const { promptCharacters, negativePromptCharacters } = documented.LIMITS;

	test.each([
		['prompt', promptCharacters, (prompt: string): Panel => ({ ...TEXT, prompt })],
		[
			'negative prompt',
			negativePromptCharacters,
			(negativePrompt: string): Panel => ({ ...TEXT, additionalFields: { negativePrompt } }),
		],
	])('%s', (_, limit, panel) => {
		expect(checkRequest(panel('x'.repeat(limit))).hints).toEqual([]);
		const { request, hints } = checkRequest(panel('x'.repeat(limit + 1)));
		expect(JSON.stringify(request)).toContain('x'.repeat(limit + 1));
		expect(hints).toEqual([expect.stringContaining(String(limit))]);
	});

	test('a character outside the basic plane counts once', () => {
		expect(checkRequest({ ...TEXT, prompt: '🦊'.repeat(promptCharacters) }).hints).toEqual([]);
	});
});

describe('references', () => {
	test('keep their order, whatever their kind', () => {
		const list = [...urls('mp4', 2), ...urls('png', 3)];
		expect(requestOf(referring(...list.map((url) => ({ url })))).reference_urls).toEqual(list);
	});

	test.each([
		['an array', urls('png', 2)],
		['objects', urls('png', 2).map((url) => ({ url, kind: 'image' }))],
		['JSON text', JSON.stringify(urls('png', 2))],
		['JSON text of objects', JSON.stringify(urls('png', 2).map((url) => ({ url })))],
		['addresses by line', urls('png', 2).join('\r\n')],
		['addresses by comma', urls('png', 2).join(', ')],
		['addresses by Chinese comma', urls('png', 2).join('，')],
		['a cell with two in an array', [urls('png', 2).join(' ')]],
		['JSON text with a comma too many', `[${urls('png', 2).map((url) => `"${url}",`)}]`],
		['JSON text in a code fence', `\`\`\`json\n${JSON.stringify(urls('png', 2))}\n\`\`\``],
		['with empty entries between', ['', ...urls('png', 2), null, { url: ' ' }]],
		[
			'attachments of a sheet',
			urls('png', 2).map((url) => ({ id: 'att1', url, type: 'image/png' })),
		],
	])('may be JSON: %s', (_, json) => {
		expect(requestOf(referringByJson(json)).reference_urls).toEqual(urls('png', 2));
	});

	test.each([
		['an address', 'https://example.com/0.png'],
		['JSON text of an address', '"https://example.com/0.png"'],
		['an object', { url: 'https://example.com/0.png' }],
		['JSON text of an object', '{"url": "https://example.com/0.png", "kind": "image"}'],
		['an attachment', { src: 'https://example.com/0.png', mimeType: 'image/png' }],
	])('may be a single one in JSON: %s', (_, json) => {
		expect(requestOf(referringByJson(json)).reference_urls).toEqual(urls('png', 1));
	});

	test('that are empty are skipped, with a hint if the names in the prompt change', () => {
		const [first, second] = urls('png', 2);
		const hintsFor = (...list: unknown[]) =>
			checkRequest({ ...referringByJson(list), prompt: 'character1 and character2' }).hints;
		expect(hintsFor(first, second, '')).toEqual([]);
		expect(hintsFor(first, '', second)).toEqual([
			expect.stringMatching(/^Empty references are skipped: the prompt's character2 /),
		]);
	});

	test('count as videos by the type that an attachment has', () => {
		const entries = urls('php', 4).map((url) => ({ url, type: 'video/mp4' }));
		expect(faultsOf(referringByJson(entries))).toEqual([
			expect.stringMatching(/^References has 4 videos/),
		]);
		expect(faultsOf(referringByJson([{ url: urls('php', 1)[0], type: 'attachment' }]))).toEqual([]);
	});

	test.each([
		['no JSON', '[', /not valid JSON/],
		['JSON that is cut', '["https://example.com/a.png", "https://', /not valid JSON/],
		['broken JSON of objects', '[{"url": "https://example.com/a.png"', /not valid JSON/],
		['true', 'true', /must be an array/],
		['a number', 5, /must be an array/],
		['nothing', '', /References is empty/],
		['a blank cell', ' \u200b', /References is empty/],
		['empty entries', ['', null, { url: '' }, {}], /References is empty/],
		['an empty array', [], /References is empty/],
	])('are refused as %s', (_, json, fault) => {
		expect(faultsOf(referringByJson(json))).toEqual([expect.stringMatching(fault)]);
	});

	test('are at most 5', () => {
		expect(documented.LIMITS.references).toBe(5);
		const refer = (count: number) =>
			faultsOf(referring(...urls('png', count).map((url) => ({ url }))));
		expect(refer(5)).toEqual([]);
		expect(refer(6)).toEqual([expect.stringMatching(/^References has 6 .* at most 5/)]);
	});

	test('hold at most 3 videos, by file extension or by kind', () => {
		expect(documented.LIMITS.referenceVideos).toBe(3);
		const byEnding = urls('mov', 4).map((url) => ({ url }));
		const byKind = urls('php', 4).map((url) => ({ url, kind: 'video' }));
		for (const entries of [byEnding, byKind]) {
			expect(faultsOf(referring(...entries.slice(1)))).toEqual([]);
			const faults = faultsOf(referring(...entries));
			expect(faults).toEqual([expect.stringMatching(/^References has 4 videos, .* at most 3/)]);
		}
	});

	test('are checked one by one, and named by their place', () => {
		const entries = [{ url: 'https://example.com/a.png' }, { url: '' }, { url: 'x', kind: 'odd' }];
		expect(faultsOf(referring(...entries))).toEqual([
			'Reference 2 is empty',
			expect.stringMatching(/^Reference 3: Kind must be/),
			expect.stringMatching(/^Reference 3 is not a URL/),
		]);
	});

	test('may be two in one cell only where a list is taken', () => {
		const entry = { url: urls('png', 2).join('\n') };
		expect(faultsOf(referring(entry))).toEqual([
			expect.stringMatching(/^Reference 1 holds 2 addresses, but takes one/),
		]);
	});

	test.each([['Image'], ['VIDEO '], ['image/png'], [['image']]])('%j is a kind', (kind) => {
		expect(faultsOf(referring({ url: 'https://example.com/a', kind }))).toEqual([]);
	});

	test('must be of the kind that was chosen', () => {
		const entry = { url: 'https://example.com/a.mp4', kind: 'image' };
		expect(faultsOf(referring(entry))).toEqual([
			expect.stringMatching(/^Reference 1 must be JPEG/),
		]);
	});
});

describe('Extra Input', () => {
	const withExtra = (extraInput: unknown) => ({ ...TEXT, additionalFields: { extraInput } });

	test.each<[what: string, extraInput: unknown]>([
		['JSON text', ' {"size": "720*1280", "options": {"a": [1, null]}}\n'],
		['an object, as an expression gives it', { size: '720*1280', options: { a: [1, null] } }],
	])('as %s goes into the request as it is, behind the rest', (_, extraInput) => {
		const plain = requestOf(TEXT);
		const request = requestOf(withExtra(extraInput));
		expect(request).toEqual({ ...plain, size: '720*1280', options: { a: [1, null] } });
		expect(Object.keys(request)).toEqual([...Object.keys(plain), 'size', 'options']);
	});

	test.each([[undefined], [null], [''], [' '], ['{}'], [{}]])('%j is none', (extraInput) => {
		expect(requestOf(withExtra(extraInput))).toEqual(requestOf(TEXT));
	});

	test.each([
		...['mode', 'prompt', 'resolution', 'duration', 'sound', 'seed', 'shot_type', 'watermark'],
		...['negative_prompt', 'prompt_extend', 'audio_urls', 'image_urls', 'reference_urls'],
		...['callback_url', 'request_type', 'Duration', 'promptExtend', ' image-URLs '],
	])('cannot bring in %j, which the node checks', (name) => {
		expect(faultsOf(withExtra({ size: 1, [name]: 1 }))).toEqual([
			`Extra Input (JSON) must not contain ${name}: the node has a field of its own for that`,
		]);
	});

	test('names all that it must not contain, beside the other faults', () => {
		const raw = { ...withExtra('{"sound": true, "x": 1, "mode": "y"}'), prompt: '' };
		expect(faultsOf(raw)).toEqual([
			'Prompt is empty',
			expect.stringContaining('must not contain sound, mode:'),
		]);
	});

	test.each<[what: string, extraInput: unknown]>([
		['no JSON', '{"size": '],
		['a list', '["size"]'],
		['a list, as an expression gives it', [1]],
		['a number', 5],
		['text in quotes', '"size"'],
		['what JSON does not have', { size: 5n }],
		['very deep', `{"a":${'['.repeat(200)}${']'.repeat(200)}}`],
	])('that is %s is refused', (_, extraInput) => {
		expect(faultsOf(withExtra(extraInput))).toEqual([
			expect.stringMatching(/^Extra Input \(JSON\) must be a JSON object such as .*, but is /),
		]);
	});
});

describe('faults', () => {
	test('come all at once, with the names and in the order of the panel', () => {
		const raw = {
			mode: 'image-to-video-flash',
			prompt: ' ',
			resolution: '4k',
			duration: 99,
			sound: 'loud',
			imageUrl: 'nope',
			additionalFields: {
				audioUrl: 'https://example.com/a.ogg',
				negativePrompt: {},
				promptExtend: 'maybe',
				watermark: 5,
				shotType: 'double',
				seed: -1,
			},
		};
		const names = [
			'Prompt',
			'Image URL',
			'Resolution',
			'Duration (Seconds)',
			'Sound',
			'Audio URL',
			'Negative Prompt',
			'Improve Prompt',
			'Watermark',
			'Shot Type',
			'Seed',
		];
		const named = faultsOf(raw).map((fault) =>
			names.find((name) => fault.startsWith(`${name} must`) || fault.startsWith(`${name} is`)),
		);
		expect(named).toEqual(names);
	});

	test('an unknown mode is reported together with an empty prompt', () => {
		expect(faultsOf({ mode: 'text-to-speech', prompt: '' })).toEqual([
			'Prompt is empty',
			expect.stringMatching(/^Mode must be one of .*"text-to-speech"/),
		]);
	});

	test.each([[undefined], [null], [''], [' \n\t']])('the prompt %j is empty', (prompt) => {
		expect(faultsOf({ ...TEXT, prompt })).toEqual(['Prompt is empty']);
	});

	test('a number is text too', () => {
		expect(requestOf({ ...TEXT, prompt: 42 }).prompt).toBe('42');
	});
});

test('a price needs neither prompt nor media', () => {
	const { request } = checkPrice({ mode: 'reference-to-video-flash', sound: false });
	expect(request).toEqual({
		mode: 'reference-to-video-flash',
		resolution: '1080p',
		duration: 5,
		sound: false,
	});
});
