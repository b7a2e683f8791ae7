import { NodeHelpers } from 'n8n-workflow';
import * as documented from '../../support/model/documented.mts';
import { operationFor } from '../../../nodes/WanVideo/actions/resources.ts';
import { WanVideo } from '../../../nodes/WanVideo/WanVideo.node.ts';

const { description } = new WanVideo();
const NODE = { typeVersion: 1 };
const MODES = Object.keys(documented.MODES);
const BY_EXPRESSION = '={{ $json.mode }}';

/** What the panel shows for these values, with its defaults, as n8n itself sees it. */
const panel = (values) =>
	NodeHelpers.getNodeParameters(description.properties, values, true, false, NODE, description);

const shownProperties = (values) =>
	description.properties.filter((property) =>
		NodeHelpers.displayParameter(panel(values), property, NODE, description),
	);

/** The names of the entries that a collection offers. */
function offered(values, collection) {
	const parameters = panel(values);
	const { options } = shownProperties(values).find(({ name }) => name === collection);
	const path = `parameters.${collection}`;
	const names = options
		.filter((option) =>
			NodeHelpers.displayParameterPath({ parameters }, option, path, NODE, description),
		)
		.map(({ name }) => name);
	return names.sort();
}

/** Names of required fields that are empty. */
const missing = (parameters) =>
	Object.keys(
		NodeHelpers.getNodeParametersIssues(
			description.properties,
			{ ...NODE, parameters: panel(parameters) },
			description,
		)?.parameters ?? {},
	).sort();

const WHERE = ['resource', 'operation'];
const COMMON = ['mode', 'prompt', 'resolution', 'duration', 'additionalFields'];
const MEDIA = { image_urls: ['imageUrl'], reference_urls: ['referenceSource', 'references'] };
const WAITING = {
	generate: ['waitFor', 'download', 'options'],
	submit: ['delivery', 'options'],
};
const OPTIONS = {
	generate: [
		'fileName',
		'firstPollDelay',
		'maxCost',
		'maxFileSize',
		'maxParallelTasks',
		'pollInterval',
		'simplify',
		'timeout',
	],
	submit: ['maxCost'],
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
const ADDITIONAL = ['negativePrompt', 'promptExtend', 'seed', 'shotType', 'watermark'];

const sorted = (...lists) => lists.flat().sort();
const namesIn = (values) => Object.keys(panel(values)).sort();

test('an untouched node generates a video from text', () => {
	expect(panel({})).toMatchObject({
		resource: 'video',
		operation: 'generate',
		mode: 'text-to-video',
		prompt: '',
		resolution: '720p',
		duration: 5,
		waitFor: 'polling',
		download: false,
	});
});

describe.each(Object.entries(documented.MODES))('in %s', (mode, row) => {
	const sound = row.isFlash ? ['sound'] : [];
	const media = MEDIA[row.needs] ?? [];

	test.each(Object.entries(WAITING))('%s shows what the mode needs', (operation, waiting) => {
		expect(namesIn({ operation, mode })).toEqual(sorted(WHERE, COMMON, media, sound, waiting));
	});

	test('the defaults are those of the service', () => {
		const { resolution, duration, ...rest } = panel({ mode });
		expect([resolution, duration]).toEqual([row.defaultResolution, 5]);
		expect(rest.sound).toBe(row.isFlash ? true : undefined);
	});

	test('the duration keeps within its range', () => {
		const { typeOptions } = shownProperties({ mode }).find(({ name }) => name === 'duration');
		expect([typeOptions.minValue, typeOptions.maxValue]).toEqual(row.seconds);
	});

	test('Estimate Cost shows only what the price depends on', () => {
		const operation = 'estimateCost';
		const expected = sorted(WHERE, 'mode', 'resolution', 'duration', sound);
		expect(namesIn({ operation, mode })).toEqual(expected);
	});

	test('what is required and empty is marked before anything runs', () => {
		const media = { image_urls: ['imageUrl'], reference_urls: ['references'] }[row.needs] ?? [];
		expect(missing({ mode })).toEqual(sorted('prompt', media));
	});
});

describe('where Mode is an expression', () => {
	const values = { mode: BY_EXPRESSION };

	test('everything that any mode needs is shown', () => {
		const expected = sorted(WHERE, COMMON, ...Object.values(MEDIA), 'sound', WAITING.generate);
		expect(namesIn(values)).toEqual(expected);
	});

	test('only the prompt is required, since the items may differ', () => {
		expect(missing(values)).toEqual(['prompt']);
	});

	test('durations of all modes fit', () => {
		const { typeOptions } = shownProperties(values).find(({ name }) => name === 'duration');
		expect([typeOptions.minValue, typeOptions.maxValue]).toEqual([2, 15]);
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

describe('Additional Fields', () => {
	test.each(MODES)('of %s hold all optional fields', (mode) => {
		expect(offered({ mode }, 'additionalFields')).toEqual(sorted(ADDITIONAL, 'audioUrl'));
	});

	test.each(MODES.filter((mode) => mode.endsWith('-flash')))(
		'of %s hold no audio when sound is off',
		(mode) => expect(offered({ mode, sound: false }, 'additionalFields')).toEqual(ADDITIONAL),
	);

	test.each(MODES.filter((mode) => !mode.endsWith('-flash')))(
		'of %s hold audio, whatever Sound was before the mode was changed',
		(mode) => expect(offered({ mode, sound: false }, 'additionalFields')).toContain('audioUrl'),
	);

	test('hold audio where Mode is an expression', () => {
		expect(offered({ mode: BY_EXPRESSION }, 'additionalFields')).toContain('audioUrl');
	});
});

test.each(Object.entries(OPTIONS))('the options of %s are those of the contract', (name, names) => {
	expect(offered({ operation: name }, 'options')).toEqual(names);
});

test.each([['get'], ['wait']])('%s takes a task ID and can download', (operation) => {
	expect(namesIn({ operation })).toEqual(sorted(WHERE, 'taskId', 'download', 'options'));
	expect(missing({ operation })).toEqual(['taskId']);
});

test.each([['generate'], ['get'], ['wait']])(
	'%s asks for a field when it downloads',
	(operation) => {
		expect(panel({ operation })).not.toHaveProperty('binaryPropertyName');
		expect(panel({ operation, download: true })).toHaveProperty('binaryPropertyName', 'data');
	},
);

test('Submit with a callback asks where to, and what to hand through', () => {
	const values = { operation: 'submit', delivery: 'callback' };
	expect(panel({ operation: 'submit' })).toMatchObject({ delivery: 'none' });
	expect(panel({ operation: 'submit' })).not.toHaveProperty('callbackUrl');
	expect(missing({ ...values, prompt: 'a fox' })).toEqual(['callbackUrl']);
	expect(offered(values, 'options')).toEqual(['context', 'maxCost', 'resumeExecution']);
});

test('the balance needs no field', () => {
	expect(panel({ resource: 'account' })).toEqual({ resource: 'account', operation: 'getBalance' });
});

test('every operation that is offered can be run', () => {
	const offers = description.properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ options, displayOptions }) =>
			options.map(({ value }) => [displayOptions.show.resource[0], value]),
		);
	expect(offers).toHaveLength(6);
	for (const offer of offers) expect(operationFor(...offer).execute).toBeInstanceOf(Function);
});

test('no two fields of one name are ever shown at once', () => {
	const operations = ['generate', 'submit', 'get', 'wait', 'estimateCost'];
	const states = operations.flatMap((operation) =>
		[...MODES, BY_EXPRESSION].flatMap((mode) =>
			[true, false].flatMap((download) =>
				['fields', 'json'].map((referenceSource) => ({
					operation,
					mode,
					download,
					referenceSource,
				})),
			),
		),
	);
	for (const state of [...states, { resource: 'account' }]) {
		const names = shownProperties(state).map(({ name }) => name);
		expect([state, names]).toEqual([state, [...new Set(names)]]);
	}
});

describe('the credential', () => {
	const isAsked = (values) =>
		NodeHelpers.displayParameter(panel(values), description.credentials[0], NODE, description);

	test.each([['generate'], ['submit'], ['get'], ['wait']])('is asked for by %s', (operation) => {
		expect(isAsked({ operation })).toBe(true);
	});

	test('is asked for by the balance', () => expect(isAsked({ resource: 'account' })).toBe(true));

	test('is not asked for by an estimate', () => {
		expect(isAsked({ operation: 'estimateCost' })).toBe(false);
	});
});
