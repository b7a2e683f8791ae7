import { Readable } from 'node:stream';
import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { type DownloadTarget, downloadVideos } from '../../../nodes/WanVideo/run/download.ts';
import { mediaFile } from '../../support/media.mts';
import { failureOf, valueOf } from '../support/results.mts';
import { standIn } from '../support/standIn.mts';
import { taskIn } from '../support/tasks.mts';

/** A finished task whose videos are there. */
const taskWith = (resultUrls: string[]) => taskIn('success', { resultJson: { resultUrls } });

const task = (count: number) =>
	taskWith(Array.from({ length: count }, (_, index) => `https://file.apixo.ai/${index}.mp4`));

interface FileAnswer {
	statusCode?: number;
	contentType?: string;
	bytes?: number;
	headers?: Record<string, string>;
}

/** What a file host answers: by default a file of 1,000 bytes. */
function file({
	statusCode = 200,
	contentType = 'video/mp4',
	bytes = 1000,
	headers = {},
}: FileAnswer = {}) {
	const body = Readable.from([Buffer.alloc(bytes / 2), Buffer.alloc(bytes / 2)]);
	return { statusCode, headers: { 'content-type': contentType, ...headers }, body };
}

type Answer = (options: IHttpRequestOptions) => unknown;

/** n8n's side, which keeps files by name. */
function n8n(answer: Answer = () => file()) {
	const requests: IHttpRequestOptions[] = [];
	const context = standIn<IExecuteFunctions>({
		helpers: standIn<IExecuteFunctions['helpers']>({
			httpRequest: async (options) => {
				requests.push(options);
				return await answer(options);
			},
			prepareBinaryData: async (body, fileName, mimeType = '') => {
				await Readable.from(body).toArray();
				return { data: '', fileName, mimeType };
			},
		}),
	});
	return { context, requests };
}

const TARGET: DownloadTarget = { propertyName: 'data', allowLocal: false, maxBytes: 1_000_000 };

const download = async (
	{ context }: ReturnType<typeof n8n>,
	count: number,
	target: Partial<DownloadTarget> = {},
	signal = new AbortController().signal,
) => await downloadVideos(context, task(count), { ...TARGET, ...target }, signal);

test('one video goes to the named field, under the name of its task', async () => {
	const { binary } = valueOf(await download(n8n(), 1));
	expect(binary).toEqual({ data: { data: '', fileName: 'task_1.mp4', mimeType: 'video/mp4' } });
});

test('further videos get a number behind field and name', async () => {
	const target = { propertyName: 'video', fileName: 'fox.mp4' };
	const { binary } = valueOf(await download(n8n(), 3, target));
	expect(Object.entries(binary).map(([field, { fileName }]) => [field, fileName])).toEqual([
		['video', 'fox.mp4'],
		['video_1', 'fox_1.mp4'],
		['video_2', 'fox_2.mp4'],
	]);
});

test.each([
	['fox', 'fox.mp4', 'fox_1.mp4'],
	['fox.mov', 'fox.mov', 'fox_1.mov'],
	['the fox v1.25 final.mp4', 'the fox v1.25 final.mp4', 'the fox v1.25 final_1.mp4'],
	['狐狸.mp4', '狐狸.mp4', '狐狸_1.mp4'],
	['fox\n.mp4', 'fox_.mp4', 'fox__1.mp4'],
	['../../etc/passwd', '__.._etc_passwd.mp4', '__.._etc_passwd_1.mp4'],
	['C:\\fox.mp4', 'C:_fox.mp4', 'C:_fox_1.mp4'],
	['fox.mp4\r\nX-Header: 1', 'fox.mp4_X-Header: 1.mp4', 'fox.mp4_X-Header: 1_1.mp4'],
	['fox\0.mp4', 'fox_.mp4', 'fox__1.mp4'],
	['..', '_.mp4', '__1.mp4'],
	['promo.v2', 'promo.v2.mp4', 'promo.v2_1.mp4'],
	['clip 2026.11.26', 'clip 2026.11.26.mp4', 'clip 2026.11.26_1.mp4'],
	['acme.com', 'acme.com.mp4', 'acme.com_1.mp4'],
	['fox.MP4', 'fox.MP4', 'fox_1.MP4'],
	['fox.mp4.mp4', 'fox.mp4.mp4', 'fox.mp4_1.mp4'],
	['fox.png', 'fox.png.mp4', 'fox.png_1.mp4'],
	['.mp4', 'task_1.mp4', 'task_1_1.mp4'],
	['狐'.repeat(1000), `${'狐'.repeat(66)}.mp4`, `${'狐'.repeat(66)}_1.mp4`],
])('the file name %j becomes %j and %j', async (fileName, first, second) => {
	const { binary } = valueOf(await download(n8n(), 2, { fileName }));
	expect([binary.data.fileName, binary.data_1.fileName]).toEqual([first, second]);
});

describe('what the file tells', () => {
	const films = ['sample.mp4', 'clip.mov'].map(mediaFile);
	const sending = (bodies: Buffer[][]) => {
		const left = [...bodies];
		return n8n(() => ({ ...file(), body: Readable.from(left.shift() ?? []) }));
	};
	const pieces = (film: Buffer) => [
		film.subarray(0, 5),
		film.subarray(5, 6000),
		film.subarray(6000),
	];

	test('is what the first video tells', async () => {
		const { facts } = valueOf(await download(sending(films.map(pieces)), 2));
		const sizeBytes = films[0].length;
		expect(facts).toEqual({ width: 320, height: 180, durationSeconds: 4, sizeBytes });
	});

	test('is its size alone, if it is no film that is known', async () => {
		const { facts } = valueOf(await download(n8n(), 1));
		expect(facts).toEqual({ sizeBytes: 1_000 });
	});
});

test('the file is streamed, without the credential', async () => {
	const host = n8n();
	await download(host, 1);
	expect(host.requests).toEqual([
		expect.objectContaining({ url: 'https://file.apixo.ai/0.mp4', encoding: 'stream' }),
	]);
	expect(host.requests[0]).not.toHaveProperty('headers');
});

const refused = (statusCode: number, contentType?: string) => () =>
	file({ statusCode, contentType });
const broken = () => Promise.reject(Object.assign(new Error('x'), { code: 'ECONNRESET' }));

/** A download that must fail. @returns the failure, which never loses the task or its video */
async function failing(answer: Answer, target?: Partial<DownloadTarget>) {
	const host = n8n(answer);
	const failure = failureOf(await download(host, 1, target));
	expect(failure.message).toContain('task_1');
	expect(failure.hint).toContain('https://file.apixo.ai/0.mp4');
	expect(failure.details).toMatchObject({ taskId: 'task_1', state: 'success' });
	return { ...failure, requests: host.requests };
}

test.each([
	['a refusal', refused(404, 'text/plain'), /HTTP status 404/],
	['an error page with HTTP 200', refused(200, 'text/html; charset=utf-8'), /text\/html/],
	['an error in JSON with HTTP 200', refused(200, 'application/json'), /application\/json/],
	['a part of the file', refused(206), /HTTP status 206/],
	['a broken connection', broken, /the connection was closed/],
])('%s in place of the video keeps the task ID and the address', async (_, answer, reason) => {
	expect((await failing(answer)).message).toMatch(reason);
});

test.each([['video/mp4'], ['application/octet-stream'], ['binary/octet-stream'], [undefined]])(
	'a file host that says %s is believed',
	async (contentType) => {
		const host = n8n(() => ({ ...file(), headers: { 'content-type': contentType } }));
		expect((await download(host, 1)).ok).toBe(true);
	},
);

const INSIDE = [
	'http://127.1/v.mp4',
	'http://0x7f000001/v.mp4',
	'http://2130706433/v.mp4',
	'http://１２７.０.０.１/v.mp4',
	'http://[::1]/v.mp4',
	'http://[::ffff:127.0.0.1]/v.mp4',
	'http://[fd00::1]/v.mp4',
	'http://[64:ff9b::a9fe:a9fe]/v.mp4',
	'http://169.254.169.254/latest/meta-data',
	'http://metadata.google.internal/computeMetadata/v1/',
	'http://localhost./v.mp4',
	'http://user:pass@10.0.0.1/v.mp4',
	'http://printer.local/v.mp4',
];

test.each(INSIDE)('%s is inside the network: nothing is asked there', async (url) => {
	const { context, requests } = n8n();
	const { signal } = new AbortController();
	const failure = failureOf(await downloadVideos(context, taskWith([url]), TARGET, signal));
	expect(failure.message).toContain('points into a private network');
	expect(requests).toEqual([]);

	const redirecting = await failing(() => file({ statusCode: 302, headers: { location: url } }));
	expect(redirecting.message).toContain('points into a private network');
	expect(redirecting.requests).toHaveLength(1);
});

test('the connection of an answer that is no video is closed', async () => {
	const answer = file({ statusCode: 500 });
	const host = n8n(() => answer);
	await download(host, 1);
	expect(answer.body.destroyed).toBe(true);
});

describe('a file that is too large', () => {
	const maxBytes = 1_000;

	test('is not even begun when its length is known', async () => {
		const answer = file({ headers: { 'content-length': '1001' } });
		expect((await failing(() => answer, { maxBytes })).message).toMatch(/larger than/);
		expect(answer.body.destroyed).toBe(true);
	});

	test('is broken off when its length is not known', async () => {
		const { message } = await failing(() => file({ bytes: 1_002 }), { maxBytes });
		expect(message).toMatch(/larger than/);
	});

	test('is one byte larger than one that fits', async () => {
		const fitting = { bytes: 1_000, headers: { 'content-length': '1000' } };
		const host = n8n(() => file(fitting));
		expect((await download(host, 1, { maxBytes })).ok).toBe(true);
	});
});

describe('a redirect', () => {
	const to = (location: string) => file({ statusCode: 302, headers: { location } });

	test.each([
		['https://cdn.example.com/v.mp4', 'https://cdn.example.com/v.mp4'],
		['/other/v.mp4', 'https://file.apixo.ai/other/v.mp4'],
	])('to %s is followed', async (location, address) => {
		const host = n8n(({ url }) => (url === address ? file() : to(location)));
		expect((await download(host, 1)).ok).toBe(true);
		expect(host.requests.map(({ url }) => url)).toEqual(['https://file.apixo.ai/0.mp4', address]);
	});

	test.each([
		['http://169.254.169.254/latest/meta-data', /private network/],
		['http://localhost:5678/rest/settings', /private network/],
		['file:///etc/passwd', /not fetched/],
	])('to %s is not', async (location, reason) => {
		const { message, requests } = await failing(() => to(location));
		expect(message).toMatch(reason);
		expect(requests).toHaveLength(1);
	});

	test('is not followed for ever', async () => {
		const { message, requests } = await failing(() => to('https://file.apixo.ai/0.mp4'));
		expect(message).toMatch(/redirected more than/);
		expect(requests.length).toBeLessThan(10);
	});

	test('into this machine is fine where the service runs here too', async () => {
		const local = 'http://127.0.0.1:5000/v.mp4';
		const host = n8n(({ url }) => (url === local ? file() : to(local)));
		expect((await download(host, 1, { allowLocal: true })).ok).toBe(true);
	});
});

test('a stop ends the request under way, and keeps the task ID', async () => {
	const stop = new AbortController();
	const host = n8n(
		({ abortSignal }) =>
			new Promise((_, reject) => {
				abortSignal?.addEventListener?.('abort', () => reject(new Error('aborted')));
				stop.abort();
			}),
	);
	const failure = failureOf(await download(host, 2, {}, stop.signal));
	expect(failure).toMatchObject({ kind: 'stopped', details: { taskId: 'task_1' } });
	expect(host.requests).toHaveLength(1);
});
