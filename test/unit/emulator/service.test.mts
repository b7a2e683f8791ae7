import type { Emulator } from '../../../emulator/index.mts';
import { TEXT_INPUT, clientOf, request, startEmulator } from './support.mts';
import type { Client, Input } from './support.mts';

/** The request bodies that the model's documentation shows. */
const DOCUMENTED = {
	quickstart: {
		request_type: 'async',
		input: {
			mode: 'text-to-video',
			prompt: 'a cinematic fox walking through neon rain',
			resolution: '720p',
			duration: 5,
			prompt_extend: true,
		},
	},
	'text-to-video': {
		request_type: 'async',
		input: {
			mode: 'text-to-video',
			prompt: 'a cinematic fox walking through neon rain',
			audio_urls: ['https://example.com/background.mp3'],
			negative_prompt: 'blurry, low quality',
			resolution: '1080p',
			duration: 8,
			prompt_extend: true,
			shot_type: 'multi',
			seed: 42,
			watermark: false,
		},
	},
	'image-to-video-flash': {
		request_type: 'async',
		input: {
			mode: 'image-to-video-flash',
			prompt: 'make the character speak with subtle camera motion',
			image_urls: ['https://example.com/hero.png'],
			audio_urls: ['https://example.com/voice.mp3'],
			resolution: '1080p',
			duration: 5,
			sound: true,
		},
	},
	'reference-to-video': {
		request_type: 'async',
		input: {
			mode: 'reference-to-video',
			prompt: 'character1 is reading a book in a cafe',
			reference_urls: ['https://example.com/character1.png', 'https://example.com/scene.mp4'],
			resolution: '720p',
			duration: 6,
		},
	},
	callback: {
		request_type: 'callback',
		callback_url: 'https://your-server.com/webhooks/apixo',
		input: {
			mode: 'image-to-video-flash',
			prompt: 'make the character speak with subtle camera motion',
			image_urls: ['https://example.com/hero.png'],
			resolution: '720p',
			duration: 5,
			sound: false,
		},
	},
};

const IMAGE = { mode: 'image-to-video', image_urls: ['https://example.com/a.png'] };
const REFERENCE = { mode: 'reference-to-video', reference_urls: ['https://example.com/a.png'] };
const named = (extension: string, count: number) =>
	Array.from({ length: count }, (_, index) => `https://example.com/${index}.${extension}`);

const VALID_INPUTS: Array<[what: string, input: Input]> = [
	['a numeric string as duration', { duration: '7' }],
	['the longest text video', { duration: 15 }],
	['the longest reference video', { ...REFERENCE, duration: 10 }],
	['a prompt over the limit, which the service cuts', { prompt: 'x'.repeat(5_000) }],
	['the seed 0', { seed: 0 }],
	['the largest seed', { seed: 2_147_483_647 }],
	[
		'2 images and 3 videos',
		{ ...REFERENCE, reference_urls: [...named('png', 2), ...named('mp4', 3)] },
	],
	['5 images', { ...REFERENCE, reference_urls: named('webp', 5) }],
	['a URL without extension', { ...IMAGE, image_urls: ['https://example.com/image?id=1'] }],
	[
		'audio with sound off, which is ignored',
		{ ...IMAGE, mode: 'image-to-video-flash', sound: false, audio_urls: named('wav', 1) },
	],
];

const INVALID_INPUTS: Array<[field: string, input: Input]> = [
	['mode', { mode: 'video-to-video' }],
	['prompt', { prompt: '  \n ' }],
	['prompt', { prompt: 5 }],
	['negative_prompt', { negative_prompt: ['x'] }],
	['image_urls', { mode: 'image-to-video' }],
	['image_urls', { ...IMAGE, image_urls: [] }],
	['image_urls', { ...IMAGE, image_urls: named('png', 2) }],
	['image_urls', { ...IMAGE, image_urls: 'https://example.com/a.png' }],
	['image_urls', { ...IMAGE, image_urls: ['hero.png'] }],
	['image_urls', { ...IMAGE, image_urls: named('mp4', 1) }],
	['image_urls', { image_urls: named('png', 1) }],
	['reference_urls', { mode: 'reference-to-video' }],
	['reference_urls', { ...REFERENCE, reference_urls: named('png', 6) }],
	['reference_urls', { ...REFERENCE, reference_urls: named('mp4', 4) }],
	['reference_urls', { ...IMAGE, reference_urls: named('png', 1) }],
	['audio_urls', { audio_urls: named('mp3', 2) }],
	['audio_urls', { audio_urls: [] }],
	['resolution', { resolution: '480p' }],
	['duration', { duration: 1 }],
	['duration', { duration: 16 }],
	['duration', { ...REFERENCE, duration: 11 }],
	['duration', { duration: 5.5 }],
	['duration', { duration: '5s' }],
	['duration', { duration: null }],
	['prompt_extend', { prompt_extend: 'true' }],
	['watermark', { watermark: 0 }],
	['shot_type', { shot_type: 'double' }],
	['seed', { seed: -1 }],
	['seed', { seed: 2_147_483_648 }],
	['seed', { seed: '42' }],
	['sound', { sound: true }],
	['sound', { ...IMAGE, sound: false }],
	['sound', { ...IMAGE, mode: 'image-to-video-flash', sound: 'off' }],
	['aspect_ratio', { aspect_ratio: '16:9' }],
];

const async = (input: unknown) => ({ request_type: 'async', input });
const INVALID_BODIES: Array<[field: string, body: unknown]> = [
	['request_type', { input: TEXT_INPUT }],
	['request_type', { request_type: 'sync', input: TEXT_INPUT }],
	['callback_url', { request_type: 'callback', input: TEXT_INPUT }],
	...['http://example.com/hook', 'https://192.168.1.2/hook', 'https://intranet/hook', 'hook'].map(
		(url): [string, unknown] => [
			'callback_url',
			{ request_type: 'callback', callback_url: url, input: TEXT_INPUT },
		],
	),
	['input', async(undefined)],
	['input', async([TEXT_INPUT])],
	['model', { ...async(TEXT_INPUT), model: 'wan' }],
	['JSON', 'mode=text-to-video'],
];

describe('the emulated service', () => {
	let apixo: Emulator;
	let client: Client;

	beforeAll(async () => {
		apixo = await startEmulator({
			generationMs: 60_000,
			keys: { first: { balanceUsd: 100 }, second: { balanceUsd: 1 } },
		});
		client = clientOf(apixo);
	});
	beforeEach(() => apixo.reset());
	afterAll(() => apixo.close());

	const submit = (input?: Input) => client.submit(input, { key: 'first' });

	it.each(Object.entries(DOCUMENTED))('accepts the documented request: %s', async (_, body) => {
		const { status, json } = await client.submitBody(body, { key: 'first' });
		expect(status).toBe(200);
		expect(json).toEqual({
			code: 200,
			message: 'success',
			data: { taskId: expect.stringMatching(/^task_[0-9a-f]{8,}$/) },
		});
		expect(apixo.ledger()[0].request).toEqual(body);
	});

	it.each(VALID_INPUTS)('accepts %s', async (_, input) => {
		expect((await submit(input)).status).toBe(200);
	});

	it.each(INVALID_INPUTS)('refuses, unpaid, a wrong %s: %j', async (name, input) => {
		const { status, json } = await submit(input);
		expect(status).toBe(400);
		expect(json).toEqual({ code: 400, message: expect.stringContaining(name), data: null });
		expect(apixo.ledger()).toEqual([]);
	});

	it.each(INVALID_BODIES)('refuses, unpaid, a body with a wrong %s: %j', async (name, body) => {
		const { status, json } = await client.submitBody(body, { key: 'first' });
		expect(status).toBe(400);
		expect(json.message).toContain(name);
		expect(apixo.ledger()).toEqual([]);
	});

	it('names every fault of a request at once', async () => {
		const { json } = await submit({ prompt: '', duration: 99, sound: true });
		for (const name of ['prompt', 'duration', 'sound']) expect(json.message).toContain(name);
	});

	it('accepts fields that it was told of, with any value, and charges as ever', async () => {
		apixo.configure({ extraInput: ['aspect_ratio'] });
		expect((await submit({ aspect_ratio: { w: 9, h: 16 } })).status).toBe(200);
		expect(apixo.ledger().at(-1)?.request.input).toMatchObject({ aspect_ratio: { w: 9, h: 16 } });
		expect((await submit({ aspect_ratio: '9:16', size: 1 })).json.message).toContain('size');
	});

	it('refuses a body that is not declared as JSON', async () => {
		const headers = { 'content-type': 'text/plain' };
		const { status, json } = await client.submit({}, { key: 'first', headers });
		expect([status, json.message]).toEqual([400, 'Content-Type must be application/json']);
	});

	it.each([
		['a missing key', ''],
		['an unknown key', 'wrong'],
	])('answers 401 to %s, on every call', async (_, key) => {
		const answers = [
			client.submit({}, { key }),
			client.status('task_1', { key }),
			client.balance({ key }),
		];
		for (const { status, json } of await Promise.all(answers)) {
			expect([status, json.code, json.data]).toEqual([401, 401, null]);
		}
	});

	it('answers 404 to another model and to another path', async () => {
		const key = 'first';
		const other = await request(`${apixo.baseUrl}/generateTask/wan-2-5`, { key, method: 'POST' });
		const nowhere = await request(`${apixo.baseUrl}//statusTask/wan-2-6-video`, { key });
		expect([other.status, nowhere.status]).toEqual([404, 404]);
	});

	it('can report errors as HTTP 200 with another code', async () => {
		apixo.configure({ errorForm: 'envelope' });
		const { status, json } = await client.balance({ key: 'wrong' });
		expect([status, json.code]).toEqual([200, 401]);
	});

	it('hides a task from other keys', async () => {
		const taskId = await client.submitted({}, { key: 'first' });
		expect((await client.status(taskId, { key: 'first' })).status).toBe(200);
		expect((await client.status(taskId, { key: 'second' })).status).toBe(404);
		expect((await client.status('task_nobody', { key: 'first' })).status).toBe(404);
	});

	it('goes from pending over processing to success, in the documented shapes', async () => {
		const createTime = 1_767_965_610_929;
		const clock = jest.spyOn(Date, 'now').mockReturnValue(createTime);
		apixo.setGeneration(1_000);
		const taskId = await client.submitted({}, { key: 'first' });
		const dataAfter = async (ms: number) => {
			clock.mockReturnValue(createTime + ms);
			return await client.task(taskId, { key: 'first' });
		};
		const seen = [
			await dataAfter(149),
			await dataAfter(150),
			await dataAfter(999),
			await dataAfter(1_000),
		];
		clock.mockRestore();
		expect(seen.map(({ state }) => state)).toEqual([
			'pending',
			'processing',
			'processing',
			'success',
		]);
		expect(seen[1]).toEqual({ taskId, state: 'processing', createTime });
		expect(seen[3]).toEqual({
			taskId,
			state: 'success',
			resultJson: JSON.stringify({ resultUrls: [`${apixo.origin}/files/${taskId}.mp4`] }),
			createTime,
			completeTime: createTime + 1_000,
			costTime: 1_000,
		});
	});

	it('takes the generation time from a function of the task', async () => {
		apixo.setGeneration((task) => (task.prompt === 'quick' ? 0 : Infinity));
		await submit({ prompt: 'quick' });
		await submit({ prompt: 'slow' });
		expect(apixo.tasks().map((task) => task.state)).toEqual(['success', 'pending']);
	});

	it('finishes a task on command, in the documented shape of a failure', async () => {
		const taskId = await client.submitted({}, { key: 'first' });
		apixo.finish(taskId, { failCode: 'PromptInvalid', failMsg: 'Prompt is invalid' });
		expect(await client.task(taskId, { key: 'first' })).toEqual({
			taskId,
			state: 'failed',
			failCode: 'PromptInvalid',
			failMsg: 'Prompt is invalid',
			createTime: expect.any(Number),
			completeTime: expect.any(Number),
		});
		expect(() => apixo.finish('task_nobody')).toThrow('No such task');
	});

	it('has tasks that were there before, without a charge', async () => {
		const states = ['success', 'failed', 'processing', 'weird'];
		const tasks = states.map((state) => apixo.addTask({ state, taskId: `task_${state}` }));
		expect(tasks.map((task) => task.state)).toEqual(states);
		const { json } = await client.status('task_failed', { key: 'first' });
		expect(json.data).toMatchObject({ state: 'failed', failCode: 'GENERATION_FAILED' });
		expect(apixo.ledger()).toEqual([]);
	});

	it('limits requests a minute and unfinished tasks per key where that is asked for', async () => {
		apixo.configure({ limits: { concurrentTasks: 1 } });
		const taskId = await client.submitted({}, { key: 'first' });
		expect((await submit()).status).toBe(429);
		apixo.finish(taskId);
		expect((await submit()).status).toBe(200);

		apixo.configure({ limits: { requestsPerMinute: 2 } });
		const statuses: number[] = [];
		for (let call = 0; call < 8; call += 1) {
			statuses.push((await client.balance({ key: 'second' })).status);
		}
		expect(statuses.slice(0, 2)).toEqual([200, 200]);
		expect(statuses).toContain(429);
	});
});
