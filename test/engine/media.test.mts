/** Media are looked at before anything is paid for. */

import { scene } from '../support/engine/wan.mts';
import { required } from '../support/required.mts';
import { CONTINUE, FILESYSTEM } from './settings.mts';
import { MEDIA_CASES } from './media-cases.mts';
import { until } from './until.mts';

const submit = { operation: 'submit' };

const imageOf = (origin: string, file: string) => ({
	mode: 'image-to-video',
	imageUrl: `${origin}/files/media/${file}`,
});

/** A node whose items bring the names of their files along. */
const imageByItem = (origin: string) => imageOf(origin, '{{ $json.file }}');
const byItem = (origin: string) => {
	const { mode, imageUrl } = imageByItem(origin);
	return { mode, imageUrl: `=${imageUrl}` };
};

describe('an address', () => {
	test.concurrent.each(MEDIA_CASES.map((one) => [one.what, one] as const))(
		'of %s is refused for what it is, or goes on',
		scene(async ({ run, apixo }, _what, { panel, refusal, hint }) => {
			const result = await run({ ...submit, ...panel(apixo.origin) }, CONTINUE);
			const [{ error, details }] = result.items('Good');
			const hints = result
				.hints('Tested')
				.map(({ message }) => message)
				.filter((message) => !/^(Submitted|Picked up) /.test(message));
			if (refusal === undefined) {
				expect(error).toBeUndefined();
				expect(apixo.ledger()).toHaveLength(1);
			} else {
				expect(error).toMatch(refusal);
				expect(details?.hint).toMatch(/Nothing was submitted/);
				expect(apixo.requests({ kind: 'submit' })).toEqual([]);
			}
			if (hint === undefined) expect(hints).toEqual([]);
			else expect(hints[0]).toMatch(hint);
			for (const { authorization } of apixo.requests({ kind: 'file' })) {
				expect(authorization).toBeUndefined();
			}
		}),
		20_000,
	);
});

describe.each(['submit', 'generate'])('%s', (operation) => {
	test.concurrent(
		'looks at all items before it submits any, and at each address once',
		scene(async ({ run, apixo }) => {
			const items = Array.from({ length: 30 }, (_, n) => ({
				file: ['picture.png', 'picture.jpg', 'picture.bmp'][n % 3],
			}));
			const result = await run({ operation, ...byItem(apixo.origin) }, { items });
			expect(result.error).toBeUndefined();
			expect(apixo.ledger()).toHaveLength(30);
			const kinds = apixo.requests().map(({ kind }) => kind);
			expect(kinds.slice(0, 4)).toEqual(['file', 'file', 'file', 'submit']);
			expect(kinds.slice(4)).not.toContain('file');
		}),
	);

	test.concurrent(
		'submits nothing under On Error = Stop where one file is not what the model takes',
		scene(async ({ run, apixo }) => {
			const items = [{ file: 'picture.png' }, { file: 'picture.gif' }, { file: 'small.png' }];
			const { failure } = await run({ operation, ...byItem(apixo.origin) }, { items });
			expect(failure.message).toMatch(/^Image URL must be .* but is a GIF image \[item 1/);
			expect(failure.description).toContain('Image URL is 120 × 90 pixels');
			expect(apixo.requests({ kind: 'submit' })).toEqual([]);
		}),
	);

	test.concurrent(
		'fails the items whose files are wrong under On Error = Continue, and pays for the others',
		scene(async ({ run, apixo }) => {
			const items = [{ file: 'picture.gif' }, { file: 'picture.png' }, { file: 'none.png' }];
			const result = await run({ operation, ...byItem(apixo.origin) }, { items, ...CONTINUE });
			const errors = result.items('Good').map(({ error }) => error);
			expect(errors[0]).toMatch(/a GIF image/);
			expect(errors[1]).toBeUndefined();
			expect(errors[2]).toMatch(/is not there/);
			expect(apixo.ledger()).toHaveLength(1);
		}),
	);

	test.concurrent(
		'asks no file host if Check Media First is off: then the ending of the URL counts',
		scene(async ({ run, apixo }) => {
			const items = [{ file: 'small.png' }, { file: 'picture.gif' }];
			const parameters = { ...byItem(apixo.origin), options: { checkMedia: false } };
			const result = await run({ operation, ...parameters }, { items, ...CONTINUE });
			const errors = result.items('Good').map(({ error }) => error);
			expect(errors).toEqual([
				undefined,
				expect.stringContaining('must be JPEG, PNG, BMP or WEBP, but ends in ".gif" [item 1'),
			]);
			const looked = apixo.requests({ kind: 'file' });
			expect(looked).toEqual([]);
		}),
	);

	test.concurrent(
		'says what is wrong with the ending where the file cannot be seen from here',
		scene(async ({ run, apixo }) => {
			const { mode, imageUrl } = imageOf(apixo.origin, 'picture.heic?httpStatus=403');
			const { failure } = await run({ operation, mode, imageUrl });
			expect(failure.message).toContain('ends in ".heic"');
			expect(apixo.ledger()).toEqual([]);
		}),
	);

	test.concurrent(
		'takes no switch that is neither on nor off',
		scene(async ({ run, apixo }) => {
			const options = { checkMedia: 'perhaps' };
			const { failure } = await run({
				operation,
				...imageOf(apixo.origin, 'picture.png'),
				options,
			});
			expect(failure.message).toMatch(/^Check Media First must be true or false/);
			expect(apixo.requests()).toEqual([]);
		}),
	);
});

test.concurrent(
	'what an earlier try paid for is not looked at again',
	scene(async ({ run, plan, retry, apixo }) => {
		const parameters = imageOf(apixo.origin, 'picture.png');
		apixo.misbehave({ on: 'status', times: 1, do: { httpStatus: 401 } });
		const failed = await run(parameters);
		expect(failed.error).toBeDefined();
		apixo.misbehave({ on: 'file', do: { httpStatus: 404 } });
		const retried = await retry(failed, plan(parameters));
		expect(retried.error).toBeUndefined();
		expect(apixo.ledger()).toHaveLength(1);
		expect(apixo.requests({ kind: 'file' })).toHaveLength(1);
	}),
);

test.concurrent(
	'a stop ends the look at a file, and nothing is submitted',
	scene(async ({ plan, start, apixo }) => {
		const { cancel, result } = start(plan(imageOf(apixo.origin, 'picture.png?delayMs=60000')));
		await until(() => apixo.requests({ kind: 'file' }).length > 0);
		cancel();
		expect((await result).status).toBe('canceled');
		await until(() => apixo.requests({ kind: 'file' })[0].endedAt !== undefined);
		expect(apixo.requests({ kind: 'submit' })).toEqual([]);
	}),
);

test.concurrent(
	'a film without an end is broken off after its first bytes',
	scene(async ({ run, apixo }) => {
		const url = `${apixo.origin}/files/size/1.mp4?endless&ignoreRange`;
		const references = { reference: [{ url, kind: 'auto' }] };
		await run({ ...submit, mode: 'reference-to-video', prompt: 'character1', references });
		expect(apixo.requests({ kind: 'file' }).map(({ dropped }) => dropped)).toEqual(['client']);
		expect(apixo.ledger()).toHaveLength(1);
	}),
);

test.concurrent(
	'Estimate Cost asks nobody',
	scene(async ({ run, apixo }) => {
		await run({ operation: 'estimateCost', ...imageOf(apixo.origin, 'picture.gif') });
		expect(apixo.requests()).toEqual([]);
	}),
);

describe('a downloaded video', () => {
	test.concurrent.each(['generate', 'get', 'wait'])(
		'of %s tells its facts beside its URL',
		scene(async ({ run, apixo }, operation) => {
			const taskId = operation === 'generate' ? undefined : apixo.addTask().taskId;
			const result = await run({ operation, taskId, download: true }, FILESYSTEM);
			const [item] = result.fullItems('Good');
			const file = await result.binary(item);
			expect(item.json).toMatchObject({
				width: 320,
				height: 180,
				durationSeconds: 4,
				sizeBytes: file.length,
			});
		}),
	);

	test.concurrent(
		'that is no film which is known tells its size alone',
		scene(async ({ run, apixo }) => {
			const { taskId } = apixo.addTask({ resultUrls: [`${apixo.origin}/files/size/5000.mp4`] });
			const result = await run({ operation: 'get', taskId, download: true }, FILESYSTEM);
			const [{ json }] = result.fullItems('Good');
			expect(json.sizeBytes).toBe(5000);
			expect(required(json.videoUrl, 'URL')).toContain('5000.mp4');
			for (const fact of ['width', 'height', 'durationSeconds'])
				expect(json).not.toHaveProperty(fact);
		}),
	);

	test.concurrent(
		'tells nothing where it is not downloaded',
		scene(async ({ run }) => {
			const [item] = (await run({}, FILESYSTEM)).items('Good');
			expect(item).not.toHaveProperty('sizeBytes');
		}),
	);
});
