/** Every field of every operation with values of every kind, an item each, in n8n's engine. */

import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { API_KEY, scene, type PanelParameters, type Scene } from '../support/engine/wan.mts';
import { ODD_VALUES, wildPanel } from '../support/model/odd.mts';
import { required } from '../support/required.mts';
import { CONTINUING, PROMPT, STORED, fates, itemsOf } from './bad-input.mts';

/** More work than waiting: all tests of this file share a processor. */
jest.setTimeout(60_000);

const VALUE = '={{ $json.value }}';
const picture = 'https://files.example/a.png';
const flash = { mode: 'image-to-video-flash', imageUrl: picture };
const references = {
	mode: 'reference-to-video',
	referenceSource: 'json',
	referencesJson: [picture],
};
const inFields = {
	...references,
	referenceSource: 'fields',
	references: { reference: [{ url: picture }] },
};
const additional = (field: string) => ({ additionalFields: { [field]: VALUE } });
const option = (name: string) => ({ options: { timeout: 0, [name]: VALUE } });

/** Field under test → its name on the panel, and how the node is set up for it. */
type Fields = Record<string, [name: string, parameters: PanelParameters]>;

const REQUEST_FIELDS: Fields = {
	mode: ['Mode', { ...flash, mode: VALUE }],
	imageUrl: ['Image URL', { ...flash, imageUrl: VALUE }],
	referenceSource: ['References From', { ...inFields, referenceSource: VALUE }],
	'a reference': ['Reference', { ...inFields, references: { reference: [{ url: VALUE }] } }],
	'kind of a reference': [
		'Reference 1',
		{ ...inFields, references: { reference: [{ url: picture, kind: VALUE }] } },
	],
	referencesJson: ['Reference', { ...references, referencesJson: VALUE }],
	resolution: ['Resolution', { resolution: VALUE }],
	duration: ['Duration (Seconds)', { duration: VALUE }],
	sound: ['Sound', { ...flash, sound: VALUE }],
	audioUrl: ['Audio URL', additional('audioUrl')],
	negativePrompt: ['Negative Prompt', additional('negativePrompt')],
	promptExtend: ['Improve Prompt', additional('promptExtend')],
	seed: ['Seed', additional('seed')],
	shotType: ['Shot Type', additional('shotType')],
	watermark: ['Watermark', additional('watermark')],
};

const DOWNLOAD_FIELDS: Fields = {
	download: ['Download Video', { download: VALUE }],
	binaryPropertyName: ['Output Data Field Name', { download: true, binaryPropertyName: VALUE }],
	fileName: ['File Name', { download: true, ...option('fileName') }],
	maxFileSize: ['Max File Size (MB)', option('maxFileSize')],
	simplify: ['Simplify', option('simplify')],
};

const WAITING_FIELDS: Fields = {
	...DOWNLOAD_FIELDS,
	timeout: ['Timeout (Minutes)', { options: { timeout: VALUE } }],
	pollInterval: ['Poll Interval (Seconds)', option('pollInterval')],
	firstPollDelay: ['First Poll Delay (Seconds)', option('firstPollDelay')],
	maxParallelTasks: ['Max Parallel Tasks', option('maxParallelTasks')],
};

const TRIGGER = 'http://127.0.0.1:9/webhook/x';
const delivered = { delivery: 'callback', callbackUrl: TRIGGER };
const SUBMIT_FIELDS: Fields = {
	delivery: ['Delivery', { ...delivered, delivery: VALUE }],
	callbackUrl: ['Callback URL', { ...delivered, callbackUrl: VALUE }],
	context: ['Context', { ...delivered, options: { context: VALUE } }],
	resumeExecution: ['Resume Execution', { ...delivered, options: { resumeExecution: VALUE } }],
	maxCost: ['Max Cost (USD)', { options: { maxCost: VALUE } }],
};

const named = (name: string) => expect.stringContaining(name);

/** Each item is a failure that names the field, or a task that was rightly paid for. */
async function tryAll(
	{ run, apixo }: Scene,
	parameters: PanelParameters,
	name: string,
	values: unknown[] = ODD_VALUES,
) {
	const items = itemsOf(values);
	const set = { options: { timeout: 0 }, prompt: PROMPT, ...parameters };
	const result = await run(set, { items, ...CONTINUING });
	const all = fates(result, items, apixo);
	for (const { error } of all) if (error !== undefined) expect(error).toEqual(named(name));
	return all;
}

describe('whatever is in the field', () => {
	test.concurrent.each(Object.entries(REQUEST_FIELDS))(
		'%s, an item is refused by name, or rightly paid for',
		scene(async (tools, _field, [name, parameters]) => {
			const all = await tryAll(tools, { operation: 'submit', ...parameters }, name);
			expect(all.some(({ error }) => error !== undefined)).toBe(true);
			expect(all.some(({ request }) => request !== undefined)).toBe(true);
		}),
	);

	test.concurrent(
		'prompt, an item is refused by name, or rightly paid for, with its text cleaned',
		scene(async ({ run, apixo }) => {
			const items = itemsOf(ODD_VALUES);
			const parameters = { operation: 'submit', prompt: VALUE };
			const result = await run(parameters, { items, ...CONTINUING });
			expect(result.error).toBeUndefined();
			const bad = result.items('Bad').map(({ error }) => error);
			for (const error of bad) expect(error).toEqual(named('Prompt'));
			const prompts = apixo.ledger().map(({ request }) => request.input.prompt);
			expect(prompts).toHaveLength(items.length - bad.length);
			expect(prompts.every((text) => typeof text === 'string' && text.trim() !== '')).toBe(true);
			expect(prompts.filter((text) => /\p{Cs}|\0/u.test(text))).toEqual([]);
			for (const wrong of ['NaN', 'undefined', 'null', '[object Object]', 'Infinity']) {
				expect(prompts).not.toContain(wrong);
			}
			expect(prompts).toContain('\u202eevil');
			expect(prompts).toContain('ﷺ');
			expect(prompts).toContain('\ufffd🦊');
		}),
	);

	test.concurrent.each(Object.entries(WAITING_FIELDS))(
		'%s of Generate, an item is refused by name, or rightly paid for',
		scene(async (tools, _field, [name, parameters]) => {
			await tryAll(tools, parameters, name);
		}),
	);

	test.concurrent.each(Object.entries(SUBMIT_FIELDS))(
		'%s of Submit, an item is refused by name, or rightly paid for',
		scene(async (tools, field, [name, parameters]) => {
			// The lowest limit holds for the whole run, so only values that are high enough.
			const isEnough = (value: unknown) => typeof value === 'object' || !(Number(value) < 50);
			const values = field === 'maxCost' ? ODD_VALUES.filter(isEnough) : ODD_VALUES;
			await tryAll(tools, { operation: 'submit', ...parameters }, name, values);
		}),
	);

	test.concurrent.each(['get', 'wait'])(
		'taskId of %s, an item is refused by name, or APIXO has no such task',
		scene(async ({ run, apixo }, operation) => {
			const items = itemsOf(ODD_VALUES);
			const parameters = { operation, taskId: VALUE, options: { timeout: 0 } };
			const result = await run(parameters, { items, ...CONTINUING });
			for (const fate of fates(result, items, apixo, { isPaid: false })) {
				expect(fate.error).toMatch(/Task ID|APIXO has no task/);
			}
		}),
	);

	test.concurrent.each(Object.entries(DOWNLOAD_FIELDS))(
		'%s of Get, an item is refused by name, or found',
		scene(async ({ run, apixo }, _field, [name, parameters]) => {
			const { taskId } = apixo.addTask();
			const items = itemsOf(ODD_VALUES);
			const set = { operation: 'get', taskId, ...parameters };
			const result = await run(set, { items, ...CONTINUING });
			for (const { error, output } of fates(result, items, apixo, { isPaid: false })) {
				if (error === undefined) expect(output).toMatchObject({ taskId });
				else expect(error).toEqual(named(name));
			}
		}),
	);

	test.concurrent.each(['mode', 'resolution', 'duration', 'sound'])(
		'%s of Estimate Cost, an item is refused by name, or has a price',
		scene(async ({ run, apixo }, field) => {
			const [name, parameters] = REQUEST_FIELDS[field];
			const items = itemsOf(ODD_VALUES);
			const result = await run(
				{ operation: 'estimateCost', ...parameters },
				{ items, ...CONTINUING },
			);
			for (const { error, output } of fates(result, items, apixo, { isPaid: false })) {
				if (error === undefined) expect(output.estimatedCostUsd).toBeGreaterThan(0);
				else expect(error).toEqual(named(name));
			}
			expect(apixo.requests()).toEqual([]);
		}),
	);
});

test.concurrent(
	'whole panels of anything, hundreds of items at once: refused, or as the documentation allows',
	scene(
		async ({ run, apixo }) => {
			const fields = Object.fromEntries(
				['mode', 'resolution', 'duration', 'sound', 'imageUrl', 'referenceSource'].map((name) => [
					name,
					`={{ $json.panel.${name} }}`,
				]),
			);
			const parameters = {
				operation: 'submit',
				...fields,
				prompt:
					'={{ typeof $json.panel.prompt === "string" ? "a fox, item " + $json.n + "." : "" }}',
				references: { reference: [{ url: '={{ $json.panel.references?.reference?.[0]?.url }}' }] },
				referencesJson: '={{ $json.panel.referencesJson }}',
				additionalFields: Object.fromEntries(
					['audioUrl', 'negativePrompt', 'promptExtend', 'seed', 'shotType', 'watermark'].map(
						(name) => [name, `={{ $json.panel.additionalFields?.${name} }}`],
					),
				),
			};
			const tally = { good: 0, bad: 0 };
			await fc.assert(
				fc.asyncProperty(
					fc.array(wildPanel, { minLength: 150, maxLength: 150 }),
					async (panels) => {
						apixo.reset();
						const items = panels.map((panel, n) => ({ n, panel }));
						const all = fates(await run(parameters, { items, ...CONTINUING }), items, apixo);
						for (const { error } of all) tally[error === undefined ? 'good' : 'bad'] += 1;
					},
				),
				{ numRuns: 4, endOnFailure: true },
			);
			expect(tally.good).toBeGreaterThan(10);
			expect(tally.bad).toBeGreaterThan(100);
		},
		{ keys: { [API_KEY]: { balanceUsd: 1e6 } } },
	),
);

const DURATIONS: Array<[value: unknown, sentSeconds: number | undefined]> = [
	[5, 5],
	['5', 5],
	[' 5 ', 5],
	['5.0', 5],
	['05', 5],
	[null, 5],
	['', 5],
	[5.5, undefined],
	['5.5', undefined],
	['5s', 5],
	['５', 5],
	[' ', 5],
	['5,0', undefined],
	['0x5', undefined],
	[true, undefined],
	[[5], 5],
	['["5"]', 5],
	[[5, 6], undefined],
	[{ seconds: 5 }, undefined],
	[1, undefined],
	[16, undefined],
	[NaN, undefined],
	[Infinity, undefined],
];

test.concurrent(
	'Duration is taken from any whole number of seconds, and guessed from nothing else',
	scene(async ({ run, apixo }) => {
		const items = itemsOf(DURATIONS.map(([value]) => value));
		const parameters = { operation: 'submit', prompt: PROMPT, duration: VALUE };
		const all = fates(await run(parameters, { items, ...CONTINUING }), items, apixo);
		expect(all.map(({ request }) => request?.input.duration)).toEqual(
			DURATIONS.map(([, seconds]) => seconds),
		);
	}),
);

/** undefined: as if the switch had not been touched */
const SWITCHES: Array<[value: unknown, isOn: boolean | undefined]> = [
	[true, true],
	[false, false],
	['true', true],
	['false', false],
	['FALSE', false],
	[' False ', false],
	['TRUE', true],
	['yes', true],
	['off', false],
	[0, false],
	[1, true],
	[' ', undefined],
	[null, undefined],
	['', undefined],
];

describe('a switch that an expression sets to text', () => {
	const values = SWITCHES.map(([value]) => value);

	test.concurrent(
		'is what it says: "false" must not turn the sound on, and double the price',
		scene(async ({ run, apixo }) => {
			const parameters = {
				operation: 'submit',
				prompt: PROMPT,
				...flash,
				sound: VALUE,
				additionalFields: { promptExtend: VALUE, watermark: VALUE },
			};
			const items = itemsOf(values);
			const all = fates(await run(parameters, { items, ...CONTINUING }), items, apixo);
			const inputs = all.map(({ request }) => required(request, 'charge').input);
			const expected = SWITCHES.map(([, isOn]) => isOn);
			expect(inputs.map(({ sound }) => sound)).toEqual(expected.map((isOn) => isOn ?? true));
			expect(inputs.map((input) => input.prompt_extend)).toEqual(expected);
			expect(inputs.map(({ watermark }) => watermark)).toEqual(expected);
			expect(apixo.ledger().map(({ usd }) => usd)).toEqual(
				inputs.map(({ sound }) => (sound ? 0.25 : 0.125)),
			);
		}),
	);

	test.concurrent(
		'is what it says for Download Video and Simplify, too',
		scene(async ({ run, apixo }) => {
			const { taskId } = apixo.addTask();
			const parameters = {
				operation: 'get',
				taskId,
				download: VALUE,
				options: { simplify: VALUE },
			};
			const result = await run(parameters, { items: itemsOf(values), ...STORED });
			const items = result.fullItems('Good');
			expect(items.map(({ binary }) => binary !== undefined)).toEqual(
				SWITCHES.map(([, isOn]) => isOn ?? false),
			);
			expect(items.map(({ json }) => 'videoUrl' in json)).toEqual(
				SWITCHES.map(([, isOn]) => isOn ?? true),
			);
		}),
	);
});

describe('values that once got past the checks', () => {
	test.concurrent.each(['polling', 'callback'])(
		'a timeout beyond any calendar is refused before anything is paid for (%s)',
		scene(async ({ run, apixo }, waitFor) => {
			const parameters = { waitFor, options: { timeout: 1e12 } };
			const { failure } = await run(parameters, STORED);
			expect(failure.message).toMatch(/^Timeout \(Minutes\) must be a number from 0 to 43200/);
			expect(apixo.requests()).toEqual([]);
		}),
	);

	test.concurrent(
		'a poll interval that timers cannot keep is refused, instead of polled without any',
		scene(async ({ run, apixo }) => {
			const options = { pollInterval: 3_000_000, timeout: 43_200 };
			const { failure } = await run({ options }, STORED);
			expect(failure.message).toMatch(
				/^Poll Interval \(Seconds\) must be a number from 1 to 86400/,
			);
			expect(apixo.requests()).toEqual([]);
		}),
	);

	test.concurrent.each(['constructor', 'toString', 'delete', ''])(
		'the operation %j does not exist, and the error says so',
		scene(async ({ run, apixo }, operation) => {
			const { failure } = await run({ operation }, STORED);
			expect(failure.message).toContain(`no operation "${operation}"`);
			expect(apixo.requests()).toEqual([]);
		}),
	);

	test.concurrent.each<['prompt' | 'negative_prompt', limit: number, parameters: PanelParameters]>([
		['prompt', 1500, { prompt: VALUE }],
		['negative_prompt', 500, additional('negativePrompt')],
	])(
		'%s is counted in characters as people see them: at its limit no hint, over it one, nothing cut by us',
		scene(async ({ run, apixo }, field, limit, parameters) => {
			const texts = ['🦊'.repeat(limit), '🦊'.repeat(limit + 1)];
			const items = texts.map((value) => ({ value }));
			const result = await run({ operation: 'submit', ...parameters }, { items, ...STORED });
			expect(result.hints('Tested').map(({ message }) => message)).toEqual([
				expect.stringMatching(new RegExp(`${limit + 1} characters.*${limit} \\[item 1\\]`)),
				'Submitted 2 videos: 10 seconds, about $1.00',
			]);
			const sent = apixo.ledger().map(({ request }) => request.input[field] ?? '');
			expect(sent.sort((a, b) => a.length - b.length)).toEqual(texts);
		}),
	);

	test.concurrent(
		'a file name from an item stays a mere name',
		scene(async ({ run, apixo }) => {
			const { taskId } = apixo.addTask();
			const names = [
				'../../x',
				'/etc/passwd',
				'a\0b.mp4',
				'x\r\nSet-Cookie: a',
				'é'.repeat(1000),
				7,
			];
			const parameters = { operation: 'get', taskId, download: true, options: { fileName: VALUE } };
			const result = await run(parameters, { items: itemsOf(names), ...STORED });
			for (const { binary } of result.fullItems('Good')) {
				expect(binary?.data.fileName).toMatch(/^[^/\\\p{Cc}]{1,120}\.mp4$/u);
				expect(binary?.data.directory).toBeUndefined();
			}
			expect(result.fullItems('Good')).toHaveLength(names.length);
		}),
	);

	test.concurrent(
		'a field for the video that nothing can be put into is refused before it is paid for',
		scene(async ({ run, apixo }) => {
			const items = itemsOf(['__proto__', ' clip ', 'constructor', 'a.b']);
			const parameters = { prompt: PROMPT, download: true, binaryPropertyName: VALUE };
			const result = await run(parameters, { items, ...CONTINUING });
			fates(result, items, apixo);
			const fields = result.fullItems('Good').map(({ binary }) => Object.keys(binary ?? {}));
			expect(fields).toEqual([['clip'], ['constructor'], ['a.b']]);
			expect(result.items('Bad')[0].error).toMatch(/^Output Data Field Name .*"__proto__"/);
		}),
	);
});

/** What a credential may hold, and the field that the error names; undefined: it works. */
const CREDENTIALS: Array<[fields: IDataObject, name: string | undefined]> = [
	[{ apiKey: '' }, 'API Key'],
	[{ apiKey: '   ' }, 'API Key'],
	[{ apiKey: 'with space' }, 'API Key'],
	[{ apiKey: 'a\r\nX-Injected: 1' }, 'API Key'],
	[{ apiKey: 'a\nb' }, 'API Key'],
	[{ apiKey: 'schlüssel' }, 'API Key'],
	[{ apiKey: `\u200b${API_KEY}` }, undefined],
	[{ apiKey: `Bearer ${API_KEY}` }, undefined],
	[{ apiKey: null }, 'API Key'],
	[{ apiKey: 12345678 }, 'API Key'],
	[{ apiKey: [API_KEY] }, 'API Key'],
	[{ apiKey: { key: 'x' } }, 'API Key'],
	[{ apiKey: ` ${API_KEY}\n` }, undefined],
	[{ baseUrl: 'apixo' }, 'Base URL'],
	[{ baseUrl: 'ftp://127.0.0.1/' }, 'Base URL'],
	[{ baseUrl: 'file:///etc/passwd' }, 'Base URL'],
	[{ baseUrl: 'javascript:alert(1)' }, 'Base URL'],
	[{ baseUrl: 'https://' }, 'Base URL'],
	[{ baseUrl: 'https://api.apixo.ai@evil.example/api/v1' }, 'Base URL'],
	[{ baseUrl: 'https://evil.example#https://api.apixo.ai' }, 'Base URL'],
	[{ baseUrl: 'https://evil.example/?x=' }, 'Base URL'],
	[{ baseUrl: 'https://evil.example\\@api.apixo.ai' }, 'Base URL'],
	[{ baseUrl: 'https://api.apixo.ai/\r\nX-Injected: 1' }, 'Base URL'],
	[{ baseUrl: 'http://api.apixo.ai/api/v1' }, 'Base URL'],
	[{ baseUrl: 'http://127.0.0.1.evil.example/api/v1' }, 'Base URL'],
	[{ baseUrl: 5 }, 'Base URL'],
	[{ baseUrl: ['https://api.apixo.ai'] }, 'Base URL'],
	[{ baseUrl: { url: 'x' } }, 'Base URL'],
];

test.concurrent.each(CREDENTIALS)(
	'the credential %j: what is wrong with it is said before anything is sent (%s)',
	scene(async ({ plan, start, apixo }, fields, name) => {
		const options = plan({}, STORED);
		Object.assign(options.credentials.apixoApi, fields);
		const result = await start(options).result;
		if (name === undefined) {
			expect(result.error).toBeUndefined();
			expect(apixo.ledger()).toHaveLength(1);
			return;
		}
		const { failure } = result;
		expect(failure.message).toContain(`${name} of the APIXO credential`);
		expect(failure.description).toContain('Nothing was submitted');
		expect(failure.message).not.toContain('sk-apixo');
		expect(apixo.requests()).toEqual([]);
	}),
);
