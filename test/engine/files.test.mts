/** Files of an item as pictures, references and audio: the judge is the emulator's ledger. */

import type { INodeParameters } from 'n8n-workflow';
import { type TestFile, bmp, picture, testFile } from '../support/files.mts';
import { readSigned, type RunResult } from '../support/engine/index.mts';
import { scene } from '../support/engine/wan.mts';
import type { PlanOptions } from '../support/engine/wan.mts';
import { mediaFile } from '../support/media.mts';
import { required } from '../support/required.mts';
import { errorText } from './error-text.mts';
import { parkedScene } from './parked-scene.mts';
import { CONTINUE, FILESYSTEM, RETRY_ON_FAIL } from './settings.mts';

const IMAGE: INodeParameters = { mode: 'image-to-video', imageSource: 'binary' };

const BY_HAND = { mode: 'manual' } as const;

const IMPATIENT = { timeout: 0.0001 };

const withPicture = (shade?: number): PlanOptions => ({
	...FILESYSTEM,
	files: [{ data: picture(shade) }],
});

const ADDRESS = /^https:\/\/n8n\.example\/rest\/binary-data\/signed\?token=[\w-]+\.[\w-]+\.[\w-]+$/;

/** Nothing that n8n stores of a run, nor what it shows, holds an address of a file. */
const expectSecret = (result: RunResult) => expect(result.record).not.toMatch(/signed\?token=[\w]/);

describe('an image that the item carries', () => {
	test.concurrent(
		'is sent as an address at which its bytes are, with no word of it anywhere else',
		scene(async ({ run, charged }) => {
			const result = await run(IMAGE, withPicture());
			expect(result.items('Good')).toMatchObject([{ state: 'success' }]);
			const [{ input }] = charged();
			expect(input.image_urls).toEqual([expect.stringMatching(ADDRESS)]);
			expect(await readSigned(required(input.image_urls?.[0], 'address'))).toEqual(bmp());
			expectSecret(result);
		}),
	);

	test.concurrent(
		'may be in any field, which an expression names, or gives itself',
		scene(async ({ run, charged }) => {
			const files = [{ photo: picture(7), other: picture(8) }];
			for (const imageBinaryProperty of ['photo', '={{ $json.where }}', '={{ $binary.photo }}']) {
				const items = [{ where: 'photo' }];
				await run({ ...IMAGE, imageBinaryProperty }, { ...FILESYSTEM, files, items });
			}
			const sent = charged().map(({ input }) => required(input.image_urls?.[0], 'address'));
			expect(sent).toHaveLength(3);
			for (const address of sent) expect(await readSigned(address)).toEqual(bmp(7));
		}),
	);

	test.concurrent.each([
		['as it is', {}],
		[
			'with a random seed',
			{ additionalFields: { seed: '={{ Math.floor(Math.random() * 1e9) }}' } },
		],
		[
			'with a random one of two files',
			{ imageBinaryProperty: '={{ ["a", "b"][Math.floor(Math.random() * 2)] }}' },
		],
	])(
		'is paid for once, %s, by Retry On Fail and both kinds of Retry',
		scene(
			async ({ run, plan, retry, apixo }, _what, more: INodeParameters) => {
				const files = [{ data: picture(), a: picture(1), b: picture(2) }];
				const parameters = { ...IMAGE, ...more, options: IMPATIENT };
				const options = { ...FILESYSTEM, files, settings: RETRY_ON_FAIL };
				const failed = await run(parameters, options);
				expect(failed.status).toBe('error');
				const again = await retry(failed, { ...plan(parameters, options), workflow: undefined });
				await retry(again, plan({ ...parameters, options: { timeout: 0.0002 } }, options));
				expect(apixo.ledger()).toHaveLength(1);
			},
			{ generationMs: 60_000 },
		),
	);

	test.concurrent(
		'that another file took the place of is another wish',
		scene(async ({ run, plan, retry, apixo, charged }) => {
			apixo.misbehave({ on: 'status', times: 1, do: { httpStatus: 403 } });
			const files = [{ a: picture(1), b: picture(2) }];
			const options = { ...FILESYSTEM, files };
			const failed = await run({ ...IMAGE, imageBinaryProperty: 'a' }, options);
			await retry(failed, plan({ ...IMAGE, imageBinaryProperty: 'b' }, options));
			const sent = charged().map(({ input }) => required(input.image_urls?.[0], 'address'));
			expect(await Promise.all(sent.map(readSigned))).toEqual([bmp(1), bmp(2)]);
		}),
	);

	test.concurrent(
		'that is the same for many items is stored once more, not for each of them',
		scene(async ({ run, charged }) => {
			const items = Array.from({ length: 5 }, () => ({}));
			const files = items.map(() => ({ data: picture() }));
			await run(IMAGE, { ...FILESYSTEM, items, files });
			const idOf = (address: string) => {
				const [, claims] = address.split('.').slice(-3);
				return JSON.parse(Buffer.from(claims, 'base64url').toString()).id as string;
			};
			const sent = charged().map(({ input }) => required(input.image_urls?.[0], 'address'));
			expect(new Set(sent.map(idOf)).size).toBe(1);
		}),
	);

	test.concurrent(
		'has an address that is good for an hour at least, and four at most',
		scene(async ({ run, charged }) => {
			for (const timeout of [1, 90, 10_000]) {
				await run({ ...IMAGE, options: { timeout } }, withPicture());
			}
			const hours = charged().map(({ input }) => {
				const [, claims] = required(input.image_urls?.[0], 'address').split('.').slice(-3);
				const { exp, iat } = JSON.parse(Buffer.from(claims, 'base64url').toString());
				return (exp - iat) / 3_600;
			});
			expect(hours).toEqual([1, 1.5, 4]);
		}),
	);

	test.concurrent(
		'stays secret although APIXO repeats its address',
		scene(async ({ run, apixo }) => {
			const failMsg = 'Cannot fetch https://n8n.example/rest/binary-data/signed?token=a.b-c.d_e';
			apixo.misbehave({
				on: 'status',
				do: { fail: { failCode: 'IMAGE_DOWNLOAD_FAILED', failMsg } },
			});
			const result = await run(IMAGE, { ...withPicture(), ...CONTINUE });
			expect(JSON.stringify(result.items('Good'))).toContain('signed?token=***');
			expectSecret(result);
		}),
	);
});

/** What is refused, with what the message says. */
const REFUSED: Array<
	[what: string, parameters: INodeParameters, more: PlanOptions, message: RegExp]
> = [
	[
		'a field that holds no file',
		{ imageBinaryProperty: 'photo' },
		{ ...FILESYSTEM, files: [{ data: picture(), logo: picture() }] },
		/names the field "photo", which holds no file: the item has files in "data", "logo"/,
	],
	['an item without files', {}, FILESYSTEM, /the item holds no file at all/],
	['no name of a field', { imageBinaryProperty: ' ' }, withPicture(), /names no field/],
	[
		'a file of another type',
		{},
		{ ...FILESYSTEM, files: [{ data: testFile(Buffer.from('%PDF-1.7 …'), 'image/png') }] },
		/^The image must be JPEG, PNG, BMP or WEBP, but is a PDF document/,
	],
	[
		'an n8n that is not public',
		{},
		{ ...withPicture(), resumeOrigin: 'http://192.168.1.5:5678' },
		/must be a public https:\/\/ address, but is http:\/\/192\.168\.1\.5:5678/,
	],
	[
		'an n8n without encryption',
		{},
		{ ...withPicture(), resumeOrigin: 'http://n8n.example.com' },
		/must be a public https:\/\/ address, but is http:\/\/n8n\.example\.com/,
	],
	[
		'a file in place of a URL',
		{ imageSource: 'url', imageUrl: '={{ $binary.data }}' },
		withPicture(),
		/Image URL is a file, but must be an address: set Image From to File/,
	],
	[
		'no source that there is',
		{ imageSource: '={{ "drive" }}', imageUrl: 'https://example.com/a.png' },
		withPicture(),
		/Image From must be url or binary, but is "drive"/,
	],
];

test.concurrent.each(REFUSED)(
	'%s is refused before anything is paid',
	scene(async ({ run, apixo }, _what, parameters, more, message) => {
		const { failure } = await run({ ...IMAGE, ...parameters }, more);
		expect(errorText(failure)).toMatch(message);
		expect(apixo.requests({ kind: 'submit' })).toEqual([]);
	}),
);

test.concurrent(
	'an n8n on this machine is enough for a service on this machine',
	scene(async ({ run, apixo }) => {
		await run(IMAGE, { ...withPicture(), resumeOrigin: 'http://127.0.0.1:5678' });
		expect(apixo.ledger()).toHaveLength(1);
	}),
);

test.concurrent(
	'a sample needs no n8n that is public, since nothing is submitted',
	scene(async ({ run, apixo }) => {
		const parameters = { ...IMAGE, options: { sampleInTestRuns: true } };
		const result = await run(parameters, {
			...withPicture(),
			...BY_HAND,
			resumeOrigin: 'http://10.0.0.1',
		});
		expect(result.items('Good')).toHaveLength(1);
		expect(apixo.requests({ kind: 'submit' })).toEqual([]);
	}),
);

test.concurrent(
	'a test run picks up the video of an earlier one only for the same picture',
	scene(async ({ run, apixo }) => {
		for (const shade of [1, 1, 2]) {
			await run(IMAGE, { ...withPicture(shade), ...BY_HAND });
		}
		expect(apixo.ledger()).toHaveLength(2);
	}),
);

test.concurrent(
	'under Continue only the item is refused whose file is wrong',
	scene(async ({ run, charged }) => {
		const files: Array<Record<string, TestFile>> = [
			{ data: picture(1) },
			{ data: testFile(Buffer.from('text'), 'image/png') },
			{},
		];
		const items = [{}, {}, {}];
		const result = await run(IMAGE, { ...FILESYSTEM, ...CONTINUE, items, files });
		expect(result.items('Good').map(({ error }) => error)).toEqual([
			undefined,
			expect.stringMatching(/^The image must be JPEG/),
			expect.stringMatching(/holds no file at all/),
		]);
		expect(charged()).toHaveLength(1);
	}),
);

const VIDEO = testFile(Buffer.from('0000'), 'video/mp4');

describe('references', () => {
	const mode = 'reference-to-video';
	const prompt = 'character1 meets character2';

	test.concurrent(
		'are files and addresses in one list, in their order',
		scene(async ({ run, charged }) => {
			const url = 'https://example.com/a.png';
			const reference = [
				{ source: 'binary', binaryProperty: 'first' },
				{ source: 'url', url },
				{ source: 'binary', binaryProperty: 'last', kind: 'image' },
			];
			const files = [{ first: picture(1), last: picture(2) }];
			await run({ mode, prompt, references: { reference } }, { ...FILESYSTEM, files });
			const [{ input }] = charged();
			const [first, second, third] = input.reference_urls ?? [];
			expect(second).toBe(url);
			expect(await readSigned(first)).toEqual(bmp(1));
			expect(await readSigned(third)).toEqual(bmp(2));
		}),
	);

	test.concurrent(
		'in JSON name fields of the item beside addresses; empty entries are skipped',
		scene(async ({ run, charged }) => {
			const list = [
				{ binary: '' },
				{ binary: 'photo', kind: 'image' },
				'https://example.com/a.png',
			];
			const referencesJson = JSON.stringify(list);
			const files = [{ photo: picture(3) }];
			const parameters = { mode, prompt, referenceSource: 'json', referencesJson };
			await run(parameters, { ...FILESYSTEM, files });
			const [{ input }] = charged();
			expect(input.reference_urls).toEqual([expect.stringMatching(ADDRESS), list[2]]);
		}),
	);

	test.concurrent(
		'that are too many videos are refused by what n8n knows of them',
		scene(async ({ run, apixo }) => {
			const fields = ['a', 'b', 'c', 'd'];
			const reference = fields.map((binaryProperty) => ({ source: 'binary', binaryProperty }));
			const files = [Object.fromEntries(fields.map((field) => [field, VIDEO]))];
			const { failure } = await run(
				{ mode, prompt, references: { reference } },
				{ ...FILESYSTEM, files },
			);
			expect(errorText(failure)).toContain('References has 4 videos');
			expect(apixo.ledger()).toEqual([]);
		}),
	);
});

test.concurrent(
	'audio may be a file of the item',
	scene(async ({ run, charged }) => {
		const files = [{ voice: testFile(mediaFile('tone.mp3'), 'audio/mpeg', 'voice.mp3') }];
		const additionalFields = { audioSource: 'binary', audioBinaryProperty: 'voice' };
		const { error } = await run({ additionalFields }, { ...FILESYSTEM, files });
		expect(error).toBeUndefined();
		const [{ input }] = charged();
		expect(await readSigned(required(input.audio_urls?.[0], 'address'))).toEqual(
			mediaFile('tone.mp3'),
		);
	}),
);

test.concurrent(
	'an item that is submitted after the execution was parked has its own file',
	parkedScene(async ({ start, outcomeOf, apixo }) => {
		const prompts = ['one', 'two', 'three'];
		const items = prompts.map((prompt) => ({ prompt }));
		const files = prompts.map((_, index) => ({ data: picture(index) }));
		const options = { maxParallelTasks: 1, firstPollDelay: 100 };
		const execution = start('parked', { ...FILESYSTEM, items, files }, { ...IMAGE, options });
		const result = await outcomeOf(execution);
		expect(result.items('Good').map(({ state }) => state)).toEqual(Array(3).fill('success'));
		const sent = apixo.ledger().map(({ request }) => request.input);
		expect(sent.map(({ prompt }) => prompt)).toEqual(prompts);
		for (const [index, { image_urls: urls }] of sent.entries()) {
			expect(await readSigned(required(urls?.[0], 'address'))).toEqual(bmp(index));
		}
		expectSecret(result);
	}),
);
