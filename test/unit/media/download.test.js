'use strict';

const { built } = require('../built');
const { downloadVideos } = built('media/download');
const { Stop } = built('time/stop');

const task = (count) => ({
	taskId: 'task_1',
	state: 'success',
	videoUrls: Array.from({ length: count }, (_, index) => `https://file.apixo.ai/${index}.mp4`),
});

/** n8n's side, which keeps files by name. */
function n8n(answer = () => ({ statusCode: 200, headers: { 'content-type': 'video/mp4' } })) {
	const requests = [];
	return {
		requests,
		helpers: {
			httpRequest: async (options) => {
				requests.push(options);
				return await answer(options);
			},
			prepareBinaryData: async (_body, fileName, mimeType) => ({ fileName, mimeType }),
		},
	};
}

const download = async (context, count, target, stop = new Stop()) =>
	await downloadVideos(context, task(count), { propertyName: 'data', ...target }, stop);

test('one video goes to the named field, under the name of its task', async () => {
	const { value } = await download(n8n(), 1);
	expect(value).toEqual({ data: { fileName: 'task_1.mp4', mimeType: 'video/mp4' } });
});

test('further videos get a number behind field and name', async () => {
	const { value } = await download(n8n(), 3, { propertyName: 'video', fileName: 'fox.mp4' });
	expect(Object.entries(value).map(([field, { fileName }]) => [field, fileName])).toEqual([
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
	['fox\n.mp4', 'fox\n.mp4', 'fox\n_1.mp4'],
])('the file name %j becomes %j and %j', async (fileName, first, second) => {
	const { value } = await download(n8n(), 2, { fileName });
	expect([value.data.fileName, value.data_1.fileName]).toEqual([first, second]);
});

test('the file is streamed, without the credential', async () => {
	const context = n8n();
	await download(context, 1);
	expect(context.requests).toEqual([
		expect.objectContaining({ url: 'https://file.apixo.ai/0.mp4', encoding: 'stream' }),
	]);
	expect(context.requests[0]).not.toHaveProperty('headers');
});

const refused = (statusCode, contentType) => () => ({
	statusCode,
	headers: contentType === undefined ? {} : { 'content-type': contentType },
	body: { destroy: () => {} },
});
const broken = () => Promise.reject(Object.assign(new Error('x'), { code: 'ECONNRESET' }));

test.each([
	['a refusal', refused(404, 'text/plain'), /HTTP status 404/],
	['an error page with HTTP 200', refused(200, 'text/html; charset=utf-8'), /text\/html/],
	['an error in JSON with HTTP 200', refused(200, 'application/json'), /application\/json/],
	['a refusal without a type', refused(403), /HTTP status 403/],
	['a broken connection', broken, /the connection was closed/],
])('%s in place of the video keeps the task ID and the address', async (_, answer, reason) => {
	const { ok, failure } = await download(n8n(answer), 1);
	expect(ok).toBe(false);
	expect(failure.message).toContain('task_1');
	expect(failure.message).toMatch(reason);
	expect(failure.hint).toContain('https://file.apixo.ai/0.mp4');
	expect(failure.details).toMatchObject({ taskId: 'task_1', state: 'success' });
});

test.each([['video/mp4'], ['application/octet-stream'], ['binary/octet-stream'], [undefined]])(
	'a file host that says %s is believed',
	async (contentType) => {
		expect((await download(n8n(refused(200, contentType)), 1)).ok).toBe(true);
	},
);

test('an answer that is no video is let go of', async () => {
	const destroy = jest.fn();
	await download(
		n8n(() => ({ statusCode: 500, headers: {}, body: { destroy } })),
		1,
	);
	expect(destroy).toHaveBeenCalledTimes(1);
});

test('a stop ends the request under way, and keeps the task ID', async () => {
	const stop = new Stop();
	const context = n8n(
		({ abortSignal }) =>
			new Promise((_, reject) => {
				abortSignal.addEventListener('abort', () => reject(new Error('aborted')));
				stop.request();
			}),
	);
	const { failure } = await download(context, 2, {}, stop);
	expect(failure).toMatchObject({ stopped: true, details: { taskId: 'task_1' } });
	expect(context.requests).toHaveLength(1);
});
