/** What the node sends for what the panel holds, and what it refuses to send. */

import type { INodeParameters } from 'n8n-workflow';
import type { SubmitInput } from '../../emulator/index.mts';
import {
	MEDIA,
	MODES,
	scene,
	type ModeName,
	type PanelParameters,
} from '../support/engine/wan.mts';
import { REQUESTS } from '../support/model/documented.mts';
import { byPrompt, paidPrompts, prompts } from './batch.mts';
import { errorText } from './error-text.mts';
import { ERROR_OUTPUT } from './settings.mts';

const submit = { resource: 'video', operation: 'submit' };

/** What a mode's panel shows filled in when the user only typed the prompt and the media. */
const UNTOUCHED: Record<ModeName, Partial<SubmitInput>> = {
	'text-to-video': { resolution: '720p', duration: 5 },
	'image-to-video-flash': {
		image_urls: ['https://files.example/hero.png'],
		resolution: '720p',
		duration: 5,
		sound: true,
	},
	'image-to-video': {
		image_urls: ['https://files.example/hero.png'],
		resolution: '720p',
		duration: 5,
	},
	'reference-to-video-flash': {
		reference_urls: ['https://files.example/a.png'],
		resolution: '1080p',
		duration: 5,
		sound: true,
	},
	'reference-to-video': {
		reference_urls: ['https://files.example/a.png'],
		resolution: '1080p',
		duration: 5,
	},
};

describe.each(['submit', 'generate'])('%s', (operation) => {
	test.concurrent.each(REQUESTS)(
		'sends the documented body of %s',
		scene(async ({ run, apixo }, _name, parameters, input) => {
			const result = await run({ operation, ...parameters });
			expect(result.error).toBeUndefined();
			expect(apixo.requests({ kind: 'submit' }).map(({ body }) => body)).toEqual([
				{ request_type: 'async', input },
			]);
		}),
	);

	test.concurrent.each(MODES)(
		'sends nothing that the user of %s did not see',
		scene(async ({ run, charged }, mode) => {
			await run({ operation, mode, ...MEDIA[mode] });
			const input = { mode, prompt: 'a fox', ...UNTOUCHED[mode] };
			expect(charged()).toEqual([{ request_type: 'async', input }]);
		}),
	);
});

describe('a request', () => {
	test.concurrent(
		'takes its mode and its fields from expressions, item by item',
		scene(async ({ run, charged }) => {
			const items = MODES.map((mode) => ({ mode, ...MEDIA[mode] }));
			const fromItem = (name: string) => `={{ $json.${name} }}`;
			const result = await run(
				{
					...submit,
					mode: fromItem('mode'),
					imageUrl: fromItem('imageUrl'),
					referenceSource: 'json',
					referencesJson: '={{ $json.references?.reference ?? [] }}',
					resolution: '720p',
					sound: false,
					duration: '={{ "4" }}',
				},
				{ items },
			);
			expect(result.error).toBeUndefined();
			const sent = charged().map(({ input }) => input);
			const byMode = Object.fromEntries(sent.map((input) => [input.mode, input]));
			expect(Object.keys(byMode).sort()).toEqual([...MODES].sort());
			for (const { mode, sound, duration } of sent) {
				expect(sound).toBe(mode.endsWith('flash') ? false : undefined);
				expect(Number(duration)).toBe(4);
			}
			expect(byMode['text-to-video']).not.toHaveProperty('image_urls');
			expect(byMode['text-to-video']).not.toHaveProperty('reference_urls');
		}),
	);

	test.concurrent(
		'has no audio when the sound is off',
		scene(async ({ run, charged }) => {
			await run({
				...submit,
				mode: 'image-to-video-flash',
				...MEDIA['image-to-video-flash'],
				sound: '={{ false }}',
				additionalFields: { audioUrl: 'https://files.example/voice.mp3' },
			});
			const [{ input }] = charged();
			expect(input.sound).toBe(false);
			expect(input).not.toHaveProperty('audio_urls');
		}),
	);

	test.concurrent(
		'keeps values that look empty: seed 0, and switches that are off',
		scene(async ({ run, charged }) => {
			const additionalFields = { seed: 0, promptExtend: false, watermark: true };
			await run({ ...submit, additionalFields });
			const expected = { seed: 0, prompt_extend: false, watermark: true };
			expect(charged()[0].input).toMatchObject(expected);
		}),
	);

	test.concurrent(
		'keeps the order of the references: it decides who is character1',
		scene(async ({ run, charged }) => {
			const urls = ['c.mp4', 'a.png', 'b.webp'].map((name) => `https://files.example/${name}`);
			const reference = urls.map((url) => ({ url, kind: 'auto' }));
			await run({ ...submit, mode: 'reference-to-video', references: { reference } });
			expect(charged()[0].input.reference_urls).toEqual(urls);
		}),
	);

	const urls = ['https://files.example/a.png', 'https://files.example/b.mp4'];
	test.concurrent.each([
		['JSON text of URLs', JSON.stringify(urls)],
		['JSON text of objects', JSON.stringify(urls.map((url) => ({ url, kind: 'auto' })))],
		['an expression', `={{ ${JSON.stringify(urls)} }}`],
		['an expression of objects', '={{ $json.list }}'],
	])(
		'takes references from %s',
		scene(async ({ run, charged }, _name, referencesJson) => {
			const parameters = { mode: 'reference-to-video', referenceSource: 'json', referencesJson };
			const items = [{ list: [{ url: urls[0], kind: 'image' }, { url: urls[1] }] }];
			await run({ ...submit, ...parameters }, { items });
			expect(charged().map(({ input }) => input.reference_urls)).toEqual([urls]);
		}),
	);

	test.concurrent.each([
		['JSON text', '{"aspect_ratio": "9:16", "route": {"fast": true}}'],
		['an expression', '={{ { aspect_ratio: "9:16", route: { fast: true } } }}'],
	])(
		'holds what Extra Input adds, from %s',
		scene(async ({ run, apixo, charged }, _name, extraInput) => {
			apixo.configure({ extraInput: ['aspect_ratio', 'route'] });
			await run({ ...submit, additionalFields: { extraInput, seed: 7 } });
			const extra = { aspect_ratio: '9:16', route: { fast: true } };
			expect(charged()[0].input).toEqual({
				mode: 'text-to-video',
				prompt: 'a fox',
				resolution: '720p',
				duration: 5,
				seed: 7,
				...extra,
			});
		}),
	);

	test.concurrent(
		'with Extra Input that APIXO does not take is refused by APIXO, in its own words',
		scene(async ({ run, apixo }) => {
			const additionalFields = { extraInput: '{"aspect_ratio": "9:16"}' };
			const { failure } = await run({ ...submit, additionalFields });
			expect(failure.message).toContain('unknown field aspect_ratio');
			expect(apixo.ledger()).toEqual([]);
		}),
	);

	test.concurrent(
		'with a prompt over 1500 characters is sent whole, with a hint',
		scene(async ({ run, charged }) => {
			const prompt = 'long '.repeat(320).trim();
			const result = await run({ ...submit, prompt });
			expect(charged()[0].input.prompt).toBe(prompt);
			const hints = result.hints('Tested').map(({ message }) => message);
			expect(hints.join()).toContain('1500');
		}),
	);

	test.concurrent(
		'with many such prompts, the hints stay few',
		scene(async ({ run }) => {
			const items = Array.from({ length: 8 }, (_, more) => ({ prompt: 'x'.repeat(1_501 + more) }));
			const result = await run({ ...submit, ...byPrompt }, { items });
			const hints = result.hints('Tested').map(({ message }) => message);
			expect(hints).toHaveLength(7);
			expect(hints[4]).toMatch(/1500 \[item 4\]$/);
			expect(hints[5]).toBe('And 3 more such hints');
			expect(hints[6]).toBe('Submitted 8 videos: 40 seconds, about $4.00');
		}),
	);

	test.concurrent(
		'reaches a Base URL with a trailing slash, too',
		scene(async ({ run, apixo, charged }) => {
			await run(submit, { baseUrl: `${apixo.baseUrl}/` });
			expect(charged()).toHaveLength(1);
			const paths = apixo.requests().map(({ path }) => path);
			expect(paths).toEqual(['/api/v1/generateTask/wan-2-6-video']);
		}),
	);
});

describe('a storyboard', () => {
	const shot = [
		{ text: 'A fox looks up', seconds: 3 },
		{ text: 'Rain on a neon sign', seconds: 4 },
	];
	const prompt = 'Shot 1 [0-3s] A fox looks up\nShot 2 [3-7s] Rain on a neon sign';
	const sent = {
		mode: 'text-to-video',
		prompt,
		resolution: '720p',
		duration: 7,
		prompt_extend: true,
		shot_type: 'multi',
	};
	const answer = `Here it is:\n\`\`\`json\n${JSON.stringify({ shots: shot })}\n\`\`\``;

	test.concurrent.each<[string, PanelParameters]>([
		['fields', { promptFrom: 'shots', shots: { shot } }],
		['JSON text', { promptFrom: 'shotsJson', shotsJson: JSON.stringify(shot) }],
		['a list in the item', { promptFrom: 'shotsJson', shotsJson: '={{ $json.shots }}' }],
		['what a model answered', { promptFrom: 'shotsJson', shotsJson: '={{ $json.answer }}' }],
		['left over with Prompt and Duration', { promptFrom: 'shots', shots: { shot }, duration: 4 }],
	])(
		'from %s is sent as the prompt that the model knows, and priced by its length',
		scene(async ({ run, charged }, _name, parameters) => {
			const result = await run({ ...submit, ...parameters }, { items: [{ shots: shot, answer }] });
			expect(result.error).toBeUndefined();
			expect(charged().map(({ input }) => input)).toEqual([sent]);
			expect(result.items('Good')).toMatchObject([{ estimatedCostUsd: 0.7 }]);
		}),
	);

	test.concurrent(
		'is one of the sources of the prompt, item by item, where an expression says which',
		scene(async ({ run, charged }) => {
			const parameters = {
				operation: 'generate',
				mode: '={{ $json.mode }}',
				promptFrom: '={{ $json.from }}',
				prompt: '={{ $json.prompt }}',
				shotsJson: '={{ $json.shots }}',
				shots: { shot: [{ text: '={{ $json.film }}', seconds: 2 }] },
				imageUrl: '={{ $json.imageUrl }}',
				resolution: '720p',
				duration: 4,
			};
			const items = [
				{ mode: 'text-to-video', prompt: 'a fox' },
				{ mode: 'text-to-video', from: 'shotsJson', shots: shot },
				{ mode: 'image-to-video', from: 'shots', film: 'She smiles', ...MEDIA['image-to-video'] },
			];
			const result = await run(parameters, { items });
			expect(result.error).toBeUndefined();
			const told = charged().map(({ input }) => [input.prompt, input.duration, input.shot_type]);
			expect(told.sort()).toEqual([
				['Shot 1 [0-2s] She smiles', 2, 'multi'],
				[prompt, 7, 'multi'],
				['a fox', 4, undefined],
			]);
		}),
	);

	test.concurrent(
		'counts with its length towards the spending limit',
		scene(async ({ run, apixo }) => {
			const parameters = { promptFrom: 'shots', shots: { shot } };
			const { failure } = await run({ ...submit, ...parameters, options: { maxCost: 0.6 } });
			expect(failure.message).toContain('$0.70');
			expect(apixo.requests()).toEqual([]);
		}),
	);
});

const image = 'image-to-video';
const reference = 'reference-to-video';
const references = (...entries: INodeParameters[]) => ({
	mode: reference,
	references: { reference: entries },
});
const entries = (count: number, kind: string) =>
	Array.from({ length: count }, (_, index) => ({ url: `https://files.example/${index}`, kind }));

/** What is refused, and what the error must name. */
const REFUSED: Record<string, [parameters: PanelParameters, words: string[]]> = {
	'a blank prompt': [{ prompt: '   ' }, ['Prompt']],
	'an expression in a Fixed field': [
		{ prompt: 'A fox in {{ $json.place }}' },
		['Prompt holds {{ $json.place }}', 'from Fixed to Expression'],
	],
	'an expression in a Fixed field of a collection': [
		{ additionalFields: { negativePrompt: '{{ $json.not }}' } },
		['Negative Prompt holds {{ $json.not }}', 'from Fixed to Expression'],
	],
	'an expression in a Fixed reference': [
		references({ url: 'https://files.example/{{ $json.name }}.png' }),
		['Reference 1 holds {{ $json.name }}', 'from Fixed to Expression'],
	],
	'an expression that an expression finds': [
		{ prompt: '={{ "A fox in {" + "{ $json.place }" + "}" }}' },
		['Prompt holds {{ $json.place }}', 'what an expression finds'],
	],
	'a prompt of which its expression found nothing': [
		{ prompt: '=Prompt: {{ $json.missing }}' },
		['Prompt is "Prompt: ', 'found no text'],
	],
	'an object in the middle of a prompt': [
		{ prompt: '=A fox in {{ $execution }}' },
		['Prompt holds'],
	],
	'a missing value in the middle of a prompt': [
		{ prompt: '={{ "A fox in " + $json.missing }}' },
		['Prompt is "A fox in undefined"'],
	],
	'a file name that its expression did not find': [
		{ mode: image, imageUrl: '=https://files.example/{{ $json.missing }}.png' },
		['Image URL', 'found no value'],
	],
	'an image that is no URL': [{ mode: image, imageUrl: 'hero.png' }, ['Image URL']],
	'an image by FTP': [{ mode: image, imageUrl: 'ftp://example.com/a.png' }, ['Image URL']],
	'an image of another format': [
		{ mode: image, imageUrl: 'https://files.example/hero.gif' },
		['Image URL'],
	],
	// n8n itself counts the entries of a list, so the words are n8n's.
	'no reference': [references(), ['At least 1 field is required']],
	'no reference as JSON': [
		{ mode: reference, referenceSource: 'json', referencesJson: '={{ [] }}' },
		['References', '1 to 5'],
	],
	'six references': [references(...entries(6, 'image')), ['5']],
	'six references as JSON': [
		{
			mode: reference,
			referenceSource: 'json',
			referencesJson: JSON.stringify(entries(6, 'image')),
		},
		['Reference', '5'],
	],
	'four videos by kind': [references(...entries(4, 'video')), ['Reference', '3']],
	'four videos by extension': [
		references(...[1, 2, 3, 4].map((n) => ({ url: `https://files.example/${n}.mov` }))),
		['Reference', '3'],
	],
	'a reference that is no URL': [references({ url: 'nowhere' }), ['Reference']],
	'references that are no JSON': [
		{ mode: reference, referenceSource: 'json', referencesJson: '["https://' },
		['Reference', 'JSON'],
	],
	'a second too many': [{ duration: 16 }, ['Duration', '15']],
	'a second too few': [{ duration: 1 }, ['Duration', '2']],
	'a second too many with references': [
		{ ...references({ url: 'https://files.example/a.png' }), duration: 11 },
		['Duration', '10'],
	],
	'half a second': [{ duration: '={{ 5.5 }}' }, ['Duration']],
	'a duration in words': [{ duration: '={{ "five" }}' }, ['Duration']],
	'an unknown resolution': [{ resolution: '={{ "4k" }}' }, ['Resolution']],
	'an unknown mode': [{ mode: '={{ "video-to-text" }}' }, ['Mode']],
	// n8n itself counts the entries of a list, so the words are n8n's.
	'a storyboard without a shot': [{ promptFrom: 'shots' }, ['At least 1 field is required']],
	'a storyboard that is too long': [
		{ promptFrom: 'shots', shots: { shot: [8, 9].map((seconds) => ({ text: 'a fox', seconds })) } },
		['Shot 2', '17', '15'],
	],
	'a storyboard with an empty shot': [
		{ promptFrom: 'shotsJson', shotsJson: '[{"text": "a fox", "seconds": 3}, {"seconds": 3}]' },
		['Shot 2', 'Text'],
	],
	'a storyboard of a single shot type': [
		{
			promptFrom: 'shotsJson',
			shotsJson: '[{"text": "a fox", "seconds": 3}]',
			additionalFields: { shotType: 'single' },
		},
		['Shot Type'],
	],
	'a negative seed': [{ additionalFields: { seed: '={{ -1 }}' } }, ['Seed']],
	'a seed that is too large': [{ additionalFields: { seed: '={{ 2147483648 }}' } }, ['Seed']],
	'what the node checks, in Extra Input': [
		{ additionalFields: { extraInput: '{"size": "1:1", "duration": 60}' } },
		['Extra Input (JSON)', 'duration'],
	],
	'Extra Input that is no JSON': [
		{ additionalFields: { extraInput: '{"size"' } },
		['Extra Input (JSON)'],
	],
	'audio of another format': [
		{ additionalFields: { audioUrl: 'https://files.example/a.ogg' } },
		['Audio URL'],
	],
	'several faults at once': [
		{
			mode: image,
			prompt: ' ',
			imageUrl: 'hero.png',
			duration: '={{ 99 }}',
			additionalFields: { seed: '={{ -1 }}' },
		},
		['Prompt', 'Image URL', 'Duration', 'Seed'],
	],
};

describe.each(['submit', 'generate'])('%s refuses, before anything is paid for,', (operation) => {
	test.concurrent.each(Object.entries(REFUSED))(
		'%s',
		scene(async ({ run, apixo }, _name, [parameters, words]) => {
			const { failure } = await run({ operation, ...parameters });
			for (const word of words) expect(errorText(failure)).toContain(word);
			expect(apixo.requests()).toEqual([]);
		}),
	);
});

test.concurrent(
	'a refused item does not keep the others from being submitted',
	scene(async ({ run, charged }) => {
		const items = prompts('one', ' ', 'three');
		const result = await run({ ...submit, ...byPrompt }, { items, ...ERROR_OUTPUT });
		expect(paidPrompts(charged)).toEqual(['one', 'three']);
		expect(result.items('Good')).toHaveLength(2);
		expect(result.items('Bad')).toHaveLength(1);
	}),
);

test.concurrent(
	'an item whose expression cannot be resolved does not keep the others from being submitted',
	scene(async ({ run, charged }) => {
		const items = [{ film: { prompt: 'one' } }, {}, { film: { prompt: 'three' } }];
		const prompt = '={{ $json.film.prompt.trim() }}';
		const result = await run({ ...submit, prompt }, { items, ...ERROR_OUTPUT });
		expect(paidPrompts(charged)).toEqual(['one', 'three']);
		expect(result.items('Good')).toHaveLength(2);
	}),
);

test.concurrent(
	'a number as prompt is text',
	scene(async ({ run, charged }) => {
		await run({ ...submit, prompt: '={{ 42 }}' });
		expect(charged()[0].input.prompt).toBe('42');
	}),
);
