/** The video in n8n's binary data. */

import fs from 'node:fs';
import path from 'node:path';
import { sleep } from 'n8n-workflow';
import type { Effects } from '../../emulator/index.mts';
import { API_KEY, scene } from '../support/engine/wan.mts';
import { errorText } from './error-text.mts';
import { ERROR_OUTPUT, FILESYSTEM, RETRY_ON_FAIL } from './settings.mts';
import { until } from './until.mts';

const SAMPLE = fs.readFileSync(
	path.join(import.meta.dirname, '..', '..', 'emulator', 'media', 'sample.mp4'),
);

const download = { download: true };

describe('Download Video', () => {
	test.concurrent.each(['generate', 'wait', 'get'])(
		'of %s puts the file beside the task, byte by byte',
		scene(async ({ run, apixo }, operation) => {
			const taskId = operation === 'generate' ? undefined : apixo.addTask().taskId;
			const result = await run({ operation, taskId, ...download }, FILESYSTEM);
			const [item] = result.fullItems('Good');
			expect(await result.binary(item)).toEqual(SAMPLE);
			expect(item.binary?.data.mimeType).toBe('video/mp4');
			expect(item.binary?.data.fileName).toMatch(/\.mp4$/);
			expect(item.json.videoUrl).toContain('/files/');
			expect(item.json.taskId).toBe(apixo.tasks()[0].taskId);
		}),
	);

	test.concurrent(
		'of a new node puts the file into the field that its own parameter names, and the video second',
		scene(async ({ run }) => {
			const settings = { ...FILESYSTEM, settings: { typeVersion: 1.2 } };
			const [item] = (await run({ ...download, outputBinaryProperty: 'film' }, settings)).fullItems(
				'Good',
			);
			expect(Object.keys(item.binary ?? {})).toEqual(['film']);
			expect(Object.keys(item.json).slice(0, 2)).toEqual(['taskId', 'videoUrl']);
			expect(item.json).toHaveProperty('generationMs');
			expect(item.json).not.toHaveProperty('costTimeMs');
		}),
	);

	test.concurrent(
		'fetches the public file without the credential',
		scene(async ({ run, apixo }) => {
			await run(download, FILESYSTEM);
			const [file, ...more] = apixo.requests({ kind: 'file' });
			expect(more).toEqual([]);
			expect(file.authorization).toBeUndefined();
			expect(JSON.stringify(file)).not.toContain(API_KEY);
		}),
	);

	test.concurrent(
		'is off unless asked for',
		scene(async ({ run, apixo }) => {
			const result = await run({}, FILESYSTEM);
			expect(result.fullItems('Good')[0].binary).toBeUndefined();
			expect(apixo.requests({ kind: 'file' })).toEqual([]);
		}),
	);

	test.concurrent(
		'puts further videos of a task into numbered fields',
		scene(async ({ run, apixo }) => {
			const resultUrls = [1, 2, 3].map((n) => `${apixo.origin}/files/size/${n * 1000}.mp4`);
			const { taskId } = apixo.addTask({ resultUrls });
			const result = await run({ operation: 'get', taskId, ...download }, FILESYSTEM);
			const [item] = result.fullItems('Good');
			expect(Object.keys(item.binary ?? {}).sort()).toEqual(['data', 'data_1', 'data_2']);
			const files = await Promise.all(
				['data', 'data_1', 'data_2'].map((field) => result.binary(item, field)),
			);
			expect(files.map(({ length }) => length)).toEqual([1000, 2000, 3000]);
			const names = Object.values(item.binary ?? {}).map(({ fileName }) => fileName);
			expect(new Set(names).size).toBe(3);
		}),
	);

	test.concurrent(
		'uses the field and the file name that the user chose',
		scene(async ({ run }) => {
			const parameters = {
				...download,
				binaryPropertyName: 'clip',
				options: { fileName: '={{ $json.title }}.mp4' },
			};
			const result = await run(parameters, { items: [{ title: 'fox' }], ...FILESYSTEM });
			const [item] = result.fullItems('Good');
			expect(Object.keys(item.binary ?? {})).toEqual(['clip']);
			expect(item.binary?.clip.fileName).toBe('fox.mp4');
		}),
	);

	test.concurrent(
		'of a batch gives each item its own file',
		scene(async ({ run, apixo }) => {
			const items = [4000, 5000].map((size) => {
				const resultUrls = [`${apixo.origin}/files/size/${size}.mp4`];
				return { size, taskId: apixo.addTask({ resultUrls }).taskId };
			});
			const parameters = { operation: 'get', taskId: '={{ $json.taskId }}', ...download };
			const result = await run(parameters, { items, ...FILESYSTEM });
			const files = await Promise.all(result.fullItems('Good').map((item) => result.binary(item)));
			expect(files.map(({ length }) => length)).toEqual([4000, 5000]);
		}),
	);

	test.concurrent(
		'follows a redirect',
		scene(async ({ run, apixo }) => {
			apixo.misbehave({ on: 'file', times: 1, do: { redirects: 1 } });
			const result = await run(download, FILESYSTEM);
			expect(await result.binary(result.fullItems('Good')[0])).toEqual(SAMPLE);
		}),
	);

	test.concurrent(
		'says MP4 even if the server of the file does not',
		scene(async ({ run, apixo }) => {
			apixo.misbehave({ on: 'file', do: { contentType: 'application/octet-stream' } });
			const [item] = (await run(download, FILESYSTEM)).fullItems('Good');
			expect(item.binary?.data.mimeType).toBe('video/mp4');
		}),
	);

	test.concurrent(
		'of a task that is not finished gives its state and no file',
		scene(async ({ run, apixo }) => {
			const { taskId } = apixo.addTask({ state: 'processing' });
			const result = await run({ operation: 'get', taskId, ...download }, FILESYSTEM);
			const [item] = result.fullItems('Good');
			expect(item.json).toMatchObject({ taskId, state: 'processing' });
			expect(item.binary).toBeUndefined();
		}),
	);
});

describe('a download that fails', () => {
	const BROKEN: Record<string, Effects> = {
		'with 404': { httpStatus: 404 },
		'with 500': { httpStatus: 500 },
		'half-way': { cut: true },
		'by a reset': { reset: true },
		'as a web page instead of a video': { html: true },
	};

	test.concurrent.each(Object.entries(BROKEN))(
		'%s keeps the task ID and the URL, whatever On Error says',
		scene(async ({ run, apixo }, _name, effect) => {
			apixo.misbehave({ on: 'file', do: effect });
			const { failure } = await run(download, FILESYSTEM);
			expect(failure.message).toContain(apixo.ledger()[0].taskId);
			expect(errorText(failure)).toMatch(/Get|Wait|URL|http/);

			const result = await run(download, { ...FILESYSTEM, ...ERROR_OUTPUT });
			const [{ taskId }] = apixo.ledger().slice(1);
			const error = expect.stringContaining(taskId);
			expect(result.items('Bad')).toMatchObject([{ error, details: { taskId } }]);
			expect(result.fullItems('Bad')[0].binary?.data).toBeUndefined();
			expect(result.items('Good')).toEqual([]);
		}),
		40_000,
	);

	test.concurrent(
		'is tried again by Retry On Fail without paying again',
		scene(async ({ run, apixo }) => {
			apixo.misbehave({ on: 'file', times: 1, do: { httpStatus: 404 } });
			const result = await run(download, { ...FILESYSTEM, settings: RETRY_ON_FAIL });
			expect(await result.binary(result.fullItems('Good')[0])).toEqual(SAMPLE);
			expect(apixo.ledger()).toHaveLength(1);
		}),
	);

	test.concurrent(
		'because the user pressed Stop ends within a second',
		scene(async ({ plan, start, apixo }) => {
			apixo.misbehave({ on: 'file', do: { bytesPerSecond: 1000 } });
			const { cancel, result } = start(plan(download, FILESYSTEM));
			await until(() => apixo.requests({ kind: 'file' }).length > 0);
			await sleep(100);
			const pressedAt = Date.now();
			cancel();
			await result;
			expect(Date.now() - pressedAt).toBeLessThan(1000);
			await sleep(200);
			expect(apixo.requests({ kind: 'file' })[0].dropped).toBe('client');
		}),
	);
});

// Not concurrent: n8n's one binary data service is in the other mode for all other tests.
test(
	'Download Video works where n8n keeps binary data in memory',
	scene(async ({ run }) => {
		const result = await run(download, { binaryMode: 'default' });
		const [item] = result.fullItems('Good');
		expect(await result.binary(item)).toEqual(SAMPLE);
	}),
);
