import type { Emulator } from '../../../emulator/index.mts';
import { required } from '../../support/required.mts';
import { clientOf, request, startEmulator, until } from './support.mts';

describe('the emulated file host', () => {
	let apixo: Emulator;

	beforeAll(async () => {
		apixo = await startEmulator({ generationMs: 0 });
	});
	beforeEach(() => apixo.reset());
	afterAll(() => apixo.close());

	const open = (path: string, init?: Parameters<typeof fetch>[1]) =>
		fetch(`${apixo.origin}/files/${path}`, init);
	const bytes = async (response: Response) => Buffer.from(await response.arrayBuffer());
	const isMp4 = (file: Buffer) => file.subarray(4, 8).toString() === 'ftyp';

	it('serves a finished task as a small MP4, without a key, and notes a key that was sent', async () => {
		const taskId = await clientOf(apixo).submitted();
		const response = await open(`${taskId}.mp4`);
		const file = await bytes(response);
		expect(response.headers.get('content-type')).toBe('video/mp4');
		expect(Number(response.headers.get('content-length'))).toBe(file.length);
		expect(isMp4(file)).toBe(true);
		expect(file.length).toBeLessThan(60_000);

		await request(`${apixo.origin}/files/${taskId}.mp4`, { key: 'leaked' });
		const authorizations = apixo
			.requests({ kind: 'file' })
			.map(({ authorization }) => authorization);
		expect(authorizations).toEqual([undefined, 'Bearer leaked']);
		expect(apixo.requests({ kind: 'file' })[0]).toMatchObject({ taskId, status: 200 });
	});

	it('has no file for a task that is not a success', async () => {
		apixo.addTask({ taskId: 'task_running', state: 'processing' });
		apixo.addTask({ taskId: 'task_failed', state: 'failed' });
		for (const taskId of ['task_running', 'task_failed', 'task_nobody']) {
			expect((await open(`${taskId}.mp4`)).status).toBe(404);
		}
	});

	it.each([
		['bytes=0-9', 206, 0, 10],
		['bytes=100-', 206, 100, undefined],
		['bytes=-50', 206, -50, undefined],
	])('serves the range %s', async (range, status, from, to) => {
		const whole = await bytes(await open('sample.mp4'));
		const response = await open('sample.mp4', { headers: { range } });
		expect(response.status).toBe(status);
		const part = whole.subarray(from, to);
		expect((await bytes(response)).equals(part)).toBe(true);
		expect(response.headers.get('content-range')).toMatch(
			new RegExp(`^bytes \\d+-\\d+/${whole.length}$`),
		);
	});

	it('serves the files of its folder under what hosts call them', async () => {
		const picture = await open('media/picture.png');
		expect(picture.headers.get('content-type')).toBe('image/png');
		expect((await bytes(picture)).subarray(1, 4).toString()).toBe('PNG');
		expect((await open('media/tone.mp3')).headers.get('content-type')).toBe('audio/mpeg');
		expect((await open('media/none.png')).status).toBe(404);
		expect((await open('media/..%2fREADME.md')).ok).toBe(false);
	});

	it('can be a host that knows no ranges', async () => {
		const response = await open('media/picture.png?ignoreRange', {
			headers: { range: 'bytes=0-9' },
		});
		expect(response.status).toBe(200);
		expect(response.headers.get('accept-ranges')).toBeNull();
		expect((await bytes(response)).length).toBeGreaterThan(10);
	});

	it('refuses a range past the end', async () => {
		const response = await open('sample.mp4', { headers: { range: 'bytes=99999999-' } });
		expect([response.status, (await bytes(response)).length]).toEqual([416, 0]);
	});

	it.each([0, 10, 48, 65_536, 65_537, 1_000_000])('makes a file of %i bytes', async (size) => {
		const response = await open(`size/${size}.mp4`);
		const file = await bytes(response);
		expect([file.length, Number(response.headers.get('content-length'))]).toEqual([size, size]);
		if (size >= 8) expect(isMp4(file)).toBe(true);
	});

	it('makes the same bytes whatever range is read', async () => {
		const whole = await bytes(await open('size/200000.mp4'));
		const part = await bytes(
			await open('size/200000.mp4', { headers: { range: 'bytes=65000-140000' } }),
		);
		expect(part.equals(whole.subarray(65_000, 140_001))).toBe(true);
	});

	it('makes a large file in flat memory', async () => {
		const before = process.memoryUsage().rss;
		let size = 0;
		let peak = 0;
		const { body } = await open('size/300000000.mp4');
		for await (const chunk of required(body, 'body')) {
			size += chunk.length;
			peak = Math.max(peak, process.memoryUsage().rss);
		}
		expect(size).toBe(300_000_000);
		expect(peak - before).toBeLessThan(150_000_000);
	});

	it('redirects as often as asked', async () => {
		const response = await open('sample.mp4?redirects=3');
		expect([response.status, isMp4(await bytes(response))]).toEqual([200, true]);
		expect(apixo.requests().map(({ status }) => status)).toEqual([302, 302, 302, 200]);
		const away = await open('sample.mp4?redirectTo=http://127.0.0.1:9/x', { redirect: 'manual' });
		expect([away.status, away.headers.get('location')]).toEqual([302, 'http://127.0.0.1:9/x']);
	});

	it('sends another content type, another status, HTML, or no length', async () => {
		const typed = await open('sample.mp4?contentType=text/plain');
		expect(typed.headers.get('content-type')).toBe('text/plain');
		expect((await open('sample.mp4?httpStatus=404')).status).toBe(404);
		expect((await (await open('sample.mp4?html')).text()).slice(0, 9)).toBe('<!doctype');
		const chunked = await open('sample.mp4?noLength');
		expect(chunked.headers.get('content-length')).toBeNull();
		expect(isMp4(await bytes(chunked))).toBe(true);
	});

	it('cuts a file off half-way', async () => {
		await expect(open('size/100000.mp4?cut').then(bytes)).rejects.toThrow();
		await until(() => apixo.requests()[0].dropped === 'cut');
	});

	it('sends a file without an end until the reader goes', async () => {
		const abort = new AbortController();
		const response = await open('sample.mp4?endless', { signal: abort.signal });
		let size = 0;
		for await (const chunk of required(response.body, 'body')) {
			size += chunk.length;
			if (size > 5_000_000) break;
		}
		abort.abort();
		await until(() => apixo.requests()[0].dropped === 'client');
	});

	it('sends a file slowly', async () => {
		const before = Date.now();
		await bytes(await open('size/20000.mp4?bytesPerSecond=100000'));
		expect(Date.now() - before).toBeGreaterThanOrEqual(150);
	});

	it('follows rules that choose a task', async () => {
		const client = clientOf(apixo);
		const [bad, good] = [await client.submitted({ prompt: 'bad' }), await client.submitted()];
		apixo.misbehave({
			on: 'file',
			match: { promptIncludes: 'bad' },
			times: 1,
			do: { httpStatus: 503 },
		});
		expect((await open(`${good}.mp4`)).status).toBe(200);
		expect((await open(`${bad}.mp4`)).status).toBe(503);
		expect((await open(`${bad}.mp4`)).status).toBe(200);
	});
});
