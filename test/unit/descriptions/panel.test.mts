import { type INodeParameters, NodeHelpers } from 'n8n-workflow';
import * as documented from '../../support/model/documented.mts';
import { WanVideo } from '../../../nodes/WanVideo/WanVideo.node.ts';
import { WanVideoTrigger } from '../../../nodes/WanVideo/WanVideoTrigger.node.ts';
import { Panel, choicesOf } from '../support/panel.mts';
import { required } from '../../support/required.mts';

const { description } = new WanVideo();
const node = new Panel(description);
const MODES = Object.keys(documented.MODES);
const BY_EXPRESSION = '={{ $json.mode }}';

const WHERE = ['resource', 'operation'];
const COMMON = ['mode', 'promptFrom', 'prompt', 'resolution', 'duration', 'additionalFields'];
const MEDIA: Record<string, string[]> = {
	image_urls: ['imageSource', 'imageUrl'],
	reference_urls: ['referenceSource', 'references'],
};
const WAITING = {
	generate: ['waitFor', 'download', 'options'],
	submit: ['delivery', 'options'],
};
const OPTIONS = {
	generate: [
		'checkMedia',
		'fileName',
		'firstPollDelay',
		'keepBalance',
		'maxCost',
		'maxFileSize',
		'maxParallelTasks',
		'pollInterval',
		'reuseInTestRuns',
		'sampleInTestRuns',
		'simplify',
		'timeout',
	],
	submit: ['checkMedia', 'keepBalance', 'maxCost', 'reuseInTestRuns', 'sampleInTestRuns'],
	get: ['fileName', 'maxFileSize', 'simplify'],
	wait: [
		'fileName',
		'firstPollDelay',
		'maxFileSize',
		'maxParallelTasks',
		'pollInterval',
		'simplify',
		'timeout',
	],
};
const ADDITIONAL = [
	'extraInput',
	'negativePrompt',
	'promptExtend',
	'seed',
	'shotType',
	'watermark',
];
const AUDIO = ['audioSource', 'audioUrl'];

const sorted = (...lists: Array<string | string[]>) => lists.flat().sort();
const panel = (values: INodeParameters) => node.parameters(values);
const namesIn = (values: INodeParameters) => Object.keys(panel(values)).sort();

/** Every text that explains something, wherever it stands. */
function explanationsIn(value: unknown): string[] {
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([name, inner]: [string, unknown]) =>
		typeof inner === 'string' && ['description', 'hint'].includes(name)
			? [inner]
			: explanationsIn(inner),
	);
}

test('no explanation lacks a part of its sentence', () => {
	const texts = explanationsIn([description, new WanVideoTrigger().description]);
	expect(texts.length).toBeGreaterThan(60);
	const isSound = (text: string) =>
		/^[\p{L}\d$<=]/u.test(text) && !/(?:^|\s)[,.;]|undefined/.test(text);
	expect(texts.filter((text) => !isSound(text))).toEqual([]);
});

test('an untouched node generates a video from text', () => {
	expect(panel({})).toMatchObject({
		resource: 'video',
		operation: 'generate',
		mode: 'text-to-video',
		promptFrom: 'text',
		prompt: '',
		resolution: '720p',
		duration: 5,
		waitFor: 'polling',
		download: false,
	});
});

describe.each(Object.entries(documented.MODES))('in %s', (mode, row) => {
	const sound = row.isFlash ? ['sound'] : [];
	const media = MEDIA[row.needs ?? ''] ?? [];

	test.each(Object.entries(WAITING))('%s shows what the mode needs', (operation, waiting) => {
		expect(namesIn({ operation, mode })).toEqual(sorted(WHERE, COMMON, media, sound, waiting));
	});

	test('the defaults are those of the service', () => {
		const { resolution, duration, ...rest } = panel({ mode });
		expect([resolution, duration]).toEqual([row.defaultResolution, 5]);
		expect(rest.sound).toBe(row.isFlash ? true : undefined);
	});

	test('the duration keeps within its range', () => {
		const { typeOptions } = node.field({ mode }, 'duration');
		expect([typeOptions?.minValue, typeOptions?.maxValue]).toEqual(row.seconds);
	});

	test('a mode that begins higher, or ends sooner, than the first one says so at the field', () => {
		const [first] = Object.values(documented.MODES);
		const isHigher = row.defaultResolution !== first.defaultResolution;
		const isShorter = row.seconds[1] !== first.seconds[1];
		expect(node.field({ mode }, 'resolution').hint).toBe(
			isHigher ? 'This mode begins at 1080p, which costs more than 720p' : undefined,
		);
		expect(node.field({ mode }, 'duration').hint).toBe(
			isShorter ? 'At most 10 seconds in this mode' : undefined,
		);
	});

	test.each(documented.PRICES.filter(([name]) => name === mode))(
		'the choice of Resolution tells the price: %s, %s, sound %s, %s USD',
		(_, resolution, isSounding, price) => {
			const choice = choicesOf(node.field({ mode }, 'resolution')).find(
				({ value }) => value === resolution,
			);
			const told = required(choice?.description, 'description');
			const prices = [...told.matchAll(/\$([\d.]+)/g)].map(([, usd]) => Number(usd));
			expect(prices[isSounding === false ? 1 : 0]).toBe(Number(price));
			expect(told).toMatch(
				row.isFlash
					? /^\$[\d.]+ per second with sound, \$[\d.]+ without$/
					: /^\$\d+\.\d\d per second$/,
			);
		},
	);

	test('Estimate Cost shows only what the price depends on, and whether to add it up', () => {
		const operation = 'estimateCost';
		const expected = sorted(WHERE, 'mode', 'resolution', 'duration', sound, 'total');
		expect(namesIn({ operation, mode })).toEqual(expected);
	});

	test('what is required and empty is marked before anything runs', () => {
		const required = media.filter((name) => !name.endsWith('Source'));
		expect(node.missing({ mode })).toEqual(sorted('prompt', required));
	});
});

describe('where Mode is an expression', () => {
	const values = { mode: BY_EXPRESSION };

	test('everything that any mode needs is shown', () => {
		const expected = sorted(WHERE, COMMON, ...Object.values(MEDIA), 'sound', WAITING.generate);
		expect(namesIn(values)).toEqual(expected);
	});

	test('only the prompt is required, since the items may differ', () => {
		expect(node.missing(values)).toEqual(['prompt']);
	});

	test('the choices of Resolution tell the range of their prices', () => {
		expect(choicesOf(node.field(values, 'resolution'))).toEqual([
			{
				name: '720p',
				value: '720p',
				description: '$0.025 to $0.20 per second, depending on Mode and Sound',
			},
			{
				name: '1080p',
				value: '1080p',
				description: '$0.0375 to $0.30 per second, depending on Mode and Sound',
			},
		]);
	});

	test('the durations of all modes are allowed and described', () => {
		const { typeOptions, description: text } = node.field(values, 'duration');
		expect([typeOptions?.minValue, typeOptions?.maxValue]).toEqual([2, 15]);
		expect(text).toBe(
			'Length of the video, 2 to 15 whole seconds (2 to 10 in Reference to Video (Flash) and Reference to Video). The price is per second.',
		);
	});
});

test.each([...MODES.filter((mode) => mode.startsWith('reference')), BY_EXPRESSION])(
	'in %s, references come from fields or from JSON',
	(mode) => {
		expect(panel({ mode, referenceSource: 'fields' })).toHaveProperty('references');
		expect(panel({ mode, referenceSource: 'fields' })).not.toHaveProperty('referencesJson');
		expect(panel({ mode, referenceSource: 'json' })).toHaveProperty('referencesJson');
		expect(panel({ mode, referenceSource: 'json' })).not.toHaveProperty('references');
	},
);

describe.each(MODES.filter((mode) => mode.startsWith('image')))('in %s, the image', (mode) => {
	test('comes from a URL at first, which must be filled in', () => {
		expect(panel({ mode })).toMatchObject({ imageSource: 'url', imageUrl: '' });
		expect(panel({ mode })).not.toHaveProperty('imageBinaryProperty');
	});

	test('may come from a file, whose field is named already', () => {
		const values = { mode, prompt: 'a fox', imageSource: 'binary' };
		expect(panel(values)).toHaveProperty('imageBinaryProperty', 'data');
		expect(panel(values)).not.toHaveProperty('imageUrl');
		expect(node.missing(values)).toEqual([]);
	});

	test('may come from either where Image From is an expression', () => {
		const values = { mode, prompt: 'a fox', imageSource: '={{ $json.from }}' };
		expect(panel(values)).toMatchObject({ imageUrl: '', imageBinaryProperty: 'data' });
		expect(node.missing(values)).toEqual([]);
	});
});

test.each(MODES.filter((mode) => mode.startsWith('reference')))(
	'in %s, each reference is an address or a file',
	(mode) => {
		const kind = 'auto';
		const reference = [
			{ source: 'url', url: 'https://example.com/a.png', kind },
			{ source: 'binary', binaryProperty: 'photo', kind },
			{ source: '={{ $json.from }}', url: '={{ $json.url }}', binaryProperty: 'photo', kind },
		];
		expect(panel({ mode, references: { reference } }).references).toEqual({ reference });
		const bare = { references: { reference: [{ url: 'https://example.com/a.png' }] } };
		expect(panel({ mode, ...bare }).references).toEqual({
			reference: [{ source: 'url', url: 'https://example.com/a.png', kind }],
		});
	},
);

describe('a storyboard', () => {
	const OWN = ['shots', 'shotsJson', 'shotsStyle'];

	describe.each(['shots', 'shotsJson'])('from %s', (promptFrom) => {
		test.each(Object.keys(WAITING))('takes the place of Prompt and Duration in %s', (operation) => {
			const common = COMMON.filter((name) => !['prompt', 'duration'].includes(name));
			for (const mode of [...MODES, BY_EXPRESSION]) {
				const names = namesIn({ operation, mode, promptFrom });
				const about = names.filter((name) => [...COMMON, ...OWN].includes(name));
				expect([mode, about]).toEqual([mode, sorted(common, 'shotsStyle', promptFrom)]);
			}
		});

		test('leaves the duration of an estimate alone, which has no shots', () => {
			const values = { operation: 'estimateCost', promptFrom };
			expect(namesIn(values)).toEqual(sorted(WHERE, 'mode', 'resolution', 'duration', 'total'));
		});

		test.each(MODES.filter((mode) => mode.startsWith('reference')))(
			'in %s says how the references are called',
			(mode) => {
				expect(node.field({ mode, promptFrom }, 'shotsStyle').hint).toMatch(/character1/);
				expect(node.field({ promptFrom }, 'shotsStyle').hint).toBeUndefined();
			},
		);
	});

	test('without a shot is marked before anything runs', () => {
		expect(node.missing({ promptFrom: 'shots' })).toEqual(['shots']);
		const shots = { shot: [{ text: 'a fox', seconds: 5 }] };
		expect(node.missing({ promptFrom: 'shots', shots })).toEqual([]);
	});

	test.each([...MODES, BY_EXPRESSION])(
		'in %s, everything is shown and nothing required where Prompt From is an expression',
		(mode) => {
			const values = { mode, promptFrom: '={{ $json.from }}' };
			const names = [...COMMON, ...OWN];
			expect(namesIn(values)).toEqual(expect.arrayContaining(names));
			expect(node.missing(values).filter((name) => names.includes(name))).toEqual([]);
		},
	);
});

describe('Additional Fields', () => {
	test.each(MODES)('of %s hold all optional fields', (mode) => {
		expect(node.offered({ mode }, 'additionalFields')).toEqual(sorted(ADDITIONAL, AUDIO));
	});

	test.each(MODES)('of %s take audio from a file of the item', (mode) => {
		const values = { mode, additionalFields: { audioSource: 'binary' } };
		const field = 'audioBinaryProperty';
		expect(node.offered(values, 'additionalFields')).toEqual(
			sorted(ADDITIONAL, 'audioSource', field),
		);
		const filled = {
			audioSource: 'binary',
			audioUrl: 'https://example.com/a.mp3',
			[field]: 'data',
		};
		expect(panel({ mode, additionalFields: filled }).additionalFields).toEqual({
			audioSource: 'binary',
			[field]: 'data',
		});
	});

	test('of an expression for where the audio is from keep both', () => {
		const additionalFields = {
			audioSource: '={{ $json.from }}',
			audioUrl: '={{ $json.url }}',
			audioBinaryProperty: 'voice',
		};
		expect(panel({ additionalFields }).additionalFields).toEqual(additionalFields);
	});

	test.each(MODES.filter((mode) => mode.endsWith('-flash')))(
		'of %s hold no audio when sound is off',
		(mode) => expect(node.offered({ mode, sound: false }, 'additionalFields')).toEqual(ADDITIONAL),
	);

	test.each(MODES.filter((mode) => !mode.endsWith('-flash')))(
		'of %s hold audio, whatever Sound was before the mode was changed',
		(mode) =>
			expect(node.offered({ mode, sound: false }, 'additionalFields')).toContain('audioUrl'),
	);

	test('hold audio where Mode is an expression', () => {
		expect(node.offered({ mode: BY_EXPRESSION }, 'additionalFields')).toContain('audioUrl');
	});
});

test.each(Object.entries(OPTIONS))('the options of %s are those of the contract', (name, names) => {
	expect(node.offered({ operation: name }, 'options')).toEqual(names);
});

test.each([
	['get', []],
	['wait', ['waitFor']],
])('%s takes a task ID and can download', (operation, more) => {
	expect(namesIn({ operation })).toEqual(sorted(WHERE, 'taskId', 'download', 'options', ...more));
	expect(node.missing({ operation })).toEqual(['taskId']);
});

test.each([['generate'], ['get'], ['wait']])(
	'%s asks for a field when it downloads',
	(operation) => {
		expect(panel({ operation })).not.toHaveProperty('binaryPropertyName');
		expect(panel({ operation, download: true })).toHaveProperty('binaryPropertyName', 'data');
	},
);

test('a new node has a name for that field that n8n does not take for one of the input', () => {
	const added = new Panel(description, { typeVersion: 1.2 });
	const shown = added.parameters({ download: true });
	expect(shown).toHaveProperty('outputBinaryProperty', 'data');
	expect(shown).not.toHaveProperty('binaryPropertyName');
	const { displayName } = added.field({ download: true }, 'outputBinaryProperty');
	expect(displayName).toBe(node.field({ download: true }, 'binaryPropertyName').displayName);
});

test('Submit with a callback asks where to, and what to hand through', () => {
	const values = { operation: 'submit', delivery: 'callback' };
	expect(panel({ operation: 'submit' })).toMatchObject({ delivery: 'none' });
	expect(panel({ operation: 'submit' })).not.toHaveProperty('callbackUrl');
	expect(node.missing({ ...values, prompt: 'a fox' })).toEqual(['callbackUrl']);
	expect(node.offered(values, 'options')).toEqual([
		'checkMedia',
		'context',
		'keepBalance',
		'maxCost',
		'resumeExecution',
		'reuseInTestRuns',
		'sampleInTestRuns',
	]);
});

test('as a tool, the node offers nothing that it ignores then', () => {
	const tool = new Panel({ ...description, name: `${description.name}Tool` });
	for (const operation of ['generate', 'wait', 'get']) {
		const names = tool.fields({ operation, download: true }).map(({ name }) => name);
		expect(names).toContain('options');
		const ignored = ['waitFor', 'download', 'binaryPropertyName'];
		expect(names.filter((name) => ignored.includes(name))).toEqual([]);
	}
});

test('before its first run, a node that waits says that it takes minutes', () => {
	const [hint, ...others] = required(description.hints, 'hints');
	expect(others).toEqual([]);
	expect(hint).toMatchObject({
		message: expect.stringMatching(/takes one to several minutes/),
		whenToDisplay: 'beforeExecution',
		displayCondition: '={{ ["generate","wait"].includes($parameter["operation"]) }}',
	});
});

test('what a model that builds workflows is told names the cost, the minutes and the trigger', () => {
	const { searchHint, relatedNodes } = required(description.builderHint, 'hint for builders');
	expect(searchHint).toMatch(/\$0\.025 to \$0\.20 per second/);
	expect(searchHint).toMatch(/minutes/);
	expect(relatedNodes?.map(({ nodeType }) => nodeType)).toEqual([
		'n8n-nodes-apixo.wanVideoTrigger',
	]);
});

test('the balance needs no field', () => {
	expect(panel({ resource: 'account' })).toEqual({ resource: 'account', operation: 'getBalance' });
});

test('no two fields of one name are ever shown at once', () => {
	const operations = ['generate', 'submit', 'get', 'wait', 'estimateCost'];
	const states = operations.flatMap((operation) =>
		[...MODES, BY_EXPRESSION].flatMap((mode) =>
			[true, false].flatMap((download) =>
				['fields', 'json'].flatMap((referenceSource) =>
					['text', 'shots', 'shotsJson', '={{ $json.from }}'].flatMap((promptFrom) =>
						['url', 'binary', '={{ $json.from }}'].map((imageSource) => ({
							operation,
							mode,
							download,
							referenceSource,
							promptFrom,
							imageSource,
						})),
					),
				),
			),
		),
	);
	for (const state of [...states, { resource: 'account' }] as INodeParameters[]) {
		const names = node.fields(state).map(({ name }) => name);
		expect([state, names]).toEqual([state, [...new Set(names)]]);
	}
});

describe('the credential', () => {
	const [credential] = required(description.credentials, 'credentials');
	const isAsked = (values: INodeParameters) =>
		NodeHelpers.displayParameter(panel(values), credential, { typeVersion: 1 }, description);

	test.each([['generate'], ['submit'], ['get'], ['wait']])('is asked for by %s', (operation) => {
		expect(isAsked({ operation })).toBe(true);
	});

	test('is asked for by the balance', () => expect(isAsked({ resource: 'account' })).toBe(true));

	test('is not asked for by an estimate', () => {
		expect(isAsked({ operation: 'estimateCost' })).toBe(false);
	});
});
