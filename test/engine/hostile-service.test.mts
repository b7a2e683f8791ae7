/** A service that is broken or hostile: what it can do to n8n, to the run, and to what is paid. */

import type { ServerResponse } from 'node:http';
import zlib from 'node:zlib';
import { API_KEY, scene } from '../support/engine/wan.mts';
import { pourWithoutEnd, startHost, type Answer, type Host } from './host.mts';
import { ERROR_OUTPUT, FILESYSTEM } from './settings.mts';

const CONTINUING = { ...ERROR_OUTPUT, ...FILESYSTEM };

const ok = (data: unknown) => ({ code: 200, message: 'success', data });
const accepted = (data: unknown) => ({ envelope: ok(data), accept: true });

const HTML = '<img src=x onerror=alert(1)><script>alert(2)</script>';
const MEGABYTES = HTML.repeat(50_000);

describe('a task ID', () => {
	const UNUSABLE: Record<string, unknown> = {
		nothing: undefined,
		null: null,
		'an empty text': '',
		'an object': { id: 1 },
		'a list': ['task_1'],
		'a fraction': 1.5,
		'a very long text': 'x'.repeat(10_000),
		'two lines': 'task_1\nforged line in the log',
		'half an emoji': 'task_\ud83e',
	};

	test.concurrent.each(Object.entries(UNUSABLE))(
		'that is %s: the error says that the task may exist, and it is not submitted again',
		scene(async ({ run, plan, retry, apixo }, _name, taskId) => {
			apixo.misbehave({ on: 'submit', do: accepted({ taskId }) });
			const result = await run({}, FILESYSTEM);
			expect(result.failure.message).toMatch(/may exist and may be billed/);
			expect(result.failure.message.length).toBeLessThan(500);
			await retry(result, plan({}, FILESYSTEM));
			expect(apixo.ledger()).toHaveLength(1);
		}),
	);

	test.concurrent.each<[name: string, taskId: unknown, polled: string]>([
		['a number', 12345678, '12345678'],
		['full of HTML', HTML, HTML],
		['a path', '../../apikeys/current-balance', '../../apikeys/current-balance'],
		['a query', 'a&taskId=b#c', 'a&taskId=b#c'],
	])(
		'that is %s is polled as it is, and nothing else is',
		scene(async ({ run, apixo }, _name, taskId, polled) => {
			apixo.misbehave({ on: 'submit', do: accepted({ taskId }) });
			const { failure } = await run({}, FILESYSTEM);
			expect(failure.message).toContain(`APIXO has no task ${polled}`);
			const polls = apixo.requests({ kind: 'status' });
			expect(polls.map((poll) => poll.taskId)).toEqual([polled]);
			expect(apixo.requests({ kind: 'balance' })).toEqual([]);
			expect(apixo.ledger()).toHaveLength(1);
			expect(failure.description).not.toMatch(/<(?!br>)/);
		}),
	);
});

describe('what the service says', () => {
	test.concurrent(
		'of a failed task is cut, and carries no tags into what n8n shows as HTML',
		scene(async ({ run, apixo }) => {
			const fail = { failCode: HTML, failMsg: MEGABYTES };
			apixo.misbehave({ on: 'submit', do: { fail } });
			const items = [{}, {}];
			const stopped = await run({}, { items, ...FILESYSTEM });
			expect(stopped.failure.message.length).toBeLessThan(500);
			expect(stopped.failure.description).not.toMatch(/<(?!br>)/);
			expect(stopped.record.length).toBeLessThan(50_000);

			const [item] = (await run({}, CONTINUING)).items('Bad');
			expect(item.error?.length).toBeLessThan(500);
			expect(item.details?.failMsg).toBe(MEGABYTES.slice(0, 2000));
			expect(item.details?.failCode).toBe(HTML);
		}),
	);

	test.concurrent.each(['submit', 'status'] as const)(
		'with an error on %s is cut to a line',
		scene(async ({ run, apixo }, on) => {
			apixo.misbehave({ on, do: { code: 403, message: `a\r\n\u202eb ${MEGABYTES}` } });
			const { failure } = await run({}, FILESYSTEM);
			expect(failure.message).toMatch(/^APIXO does not allow this request: a b <img/);
			expect(failure.message.length).toBeLessThan(500);
			expect(failure.description).not.toMatch(/<(?!br>)/);
		}),
	);

	test.concurrent.each<[name: string, time: unknown]>([
		['NaN', null],
		['far beyond the calendar', 1e300],
		['negative', -1e300],
		['text', 'yesterday'],
		['an object', {}],
	])(
		'about times that are %s is left out',
		scene(async ({ run, apixo }, _name, time) => {
			const { taskId } = apixo.addTask();
			const resultJson = JSON.stringify({ resultUrls: [`${apixo.origin}/files/sample.mp4`] });
			const times = { createTime: time, completeTime: time };
			const data = { taskId, state: 'success', resultJson, ...times };
			apixo.misbehave({ on: 'status', do: { envelope: ok(data) } });
			const [item] = (await run({ operation: 'get', taskId }, FILESYSTEM)).items('Good');
			expect(item).toEqual({
				taskId,
				state: 'success',
				videoUrl: `${apixo.origin}/files/sample.mp4`,
				videoUrls: [`${apixo.origin}/files/sample.mp4`],
			});
		}),
	);

	test.concurrent(
		'about another task than the one asked for does not change its ID',
		scene(async ({ run, apixo }) => {
			const data = { taskId: { toString: 5 }, state: 'failed', failMsg: 5, failCode: ['x'] };
			apixo.misbehave({ on: 'status', do: { envelope: ok(data) } });
			const [item] = (await run({}, CONTINUING)).items('Bad');
			expect(item.details?.taskId).toBe(apixo.ledger()[0].taskId);
			expect(item.error).toContain('APIXO gave no reason');
		}),
	);

	test.concurrent.each<[name: string, taskWith: (deep: string) => object]>([
		[
			'resultJson',
			(deep) => ({ resultJson: `{"resultUrls":["https://a.example/b.mp4"],"x":${deep}}` }),
		],
		['the task', (deep) => ({ resultJson: '{}', x: JSON.parse(deep) })],
	])(
		'nested thousands of levels deep in %s breaks nothing, Simplify or not',
		scene(async ({ run, apixo }, _name, taskWith) => {
			const deep = `${'['.repeat(3_000)}${']'.repeat(3_000)}`;
			apixo.misbehave({
				on: 'status',
				do: { envelope: ok({ state: 'success', ...taskWith(deep) }) },
			});
			const options = { simplify: false, timeout: 0 };
			const [item] = (await run({ options }, CONTINUING)).items('Bad');
			const [{ taskId }] = apixo.ledger();
			expect(item.error).toContain(taskId);
			expect(item.details?.taskId).toBe(taskId);
		}),
	);
});

describe('result URLs', () => {
	test.concurrent.each([
		'file:///etc/passwd',
		'ftp://127.0.0.1/video.mp4',
		'data:video/mp4;base64,AAAA',
		'javascript:alert(1)',
		'gopher://127.0.0.1:6379/_FLUSHALL',
		'//evil.example/video.mp4',
		'\\\\evil.example\\video.mp4',
		'http://',
		'',
	])(
		'%j is none: nothing is fetched, and the task is kept',
		scene(async ({ run, apixo }, url) => {
			const resultJson = JSON.stringify({ resultUrls: [url, { url }, 5, null] });
			apixo.misbehave({ on: 'submit', do: { resultJson } });
			const { failure } = await run({ download: true }, FILESYSTEM);
			expect(failure.message).toMatch(
				/^Task task_\w+ is finished, but .* no video URL \[item 0: ".+"\]$/,
			);
			expect(apixo.requests({ kind: 'file' })).toEqual([]);
		}),
	);

	test.concurrent(
		'by the thousand do not flood the item, nor n8n',
		scene(async ({ run, apixo }) => {
			const resultUrls = Array.from(
				{ length: 5_000 },
				(_, n) => `${apixo.origin}/files/size/10.mp4?n=${n}`,
			);
			const { taskId } = apixo.addTask({ resultUrls });
			const parameters = { operation: 'get', taskId, download: true };
			const [item] = (await run(parameters, FILESYSTEM)).fullItems('Good');
			expect(item.json.videoUrls).toEqual(resultUrls.slice(0, 50));
			expect(apixo.requests({ kind: 'file' })).toHaveLength(50);
		}),
	);

	test.concurrent.each([
		'file:///etc/passwd',
		'javascript:alert(1)',
		'ftp://127.0.0.1/',
		'gopher://a/',
	])(
		'that redirect to %s are not followed there',
		scene(async ({ run, apixo }, redirectTo) => {
			apixo.misbehave({ on: 'file', do: { redirectTo } });
			const { failure } = await run({ download: true }, FILESYSTEM);
			expect(failure.message).toMatch(/its address starts with \w+:, which is not fetched/);
		}),
	);
});

/** A service of which only one answer is not as it should be. */
async function withHost(answer: Answer, body: (host: Host) => Promise<void>) {
	const host = await startHost((call, response) => {
		if (call.path.startsWith('/generateTask'))
			response.end(JSON.stringify(ok({ taskId: 'task_1' })));
		else answer(call, response);
	});
	try {
		await body(host);
	} finally {
		await host.close();
	}
}

const BOMB = zlib.gzipSync(Buffer.alloc(200_000_000, ' '));

const BODIES: Record<string, (response: ServerResponse) => unknown> = {
	'50 MB long': (response) => pourWithoutEnd(response, Buffer.alloc(65_536, ' '), 50_000_000),
	'without end': (response) => pourWithoutEnd(response, Buffer.alloc(65_536, ' ')),
	'a compressed bomb of 200 MB': (response) =>
		response.setHeader('content-encoding', 'gzip').end(BOMB),
	'compressed rubbish': (response) =>
		response.setHeader('content-encoding', 'gzip').end('no gzip at all'),
	'of binary': (response) => response.end(Buffer.from([0xff, 0xfe, 0, 1, 2])),
	'a list': (response) => response.end('[200]'),
	'with a code that is text': (response) => response.end('{"code":"__proto__"}'),
	'with a status of 999': (response) => response.writeHead(999).end('{}'),
	'with prototype keys': (response) =>
		response.end('{"__proto__":{"code":200,"data":{"state":"success"}}}'),
};

describe('an answer', () => {
	test.concurrent.each(Object.entries(BODIES))(
		'%s, while waiting, is trouble that ends with the timeout, and the task is kept',
		scene(async ({ run }, _name, send) => {
			await withHost(
				(_call, response) => send(response),
				async ({ origin, calls }) => {
					const before = process.memoryUsage().rss;
					const options = { timeout: 0 };
					const { failure } = await run({ options }, { baseUrl: origin, ...FILESYSTEM });
					expect(failure.message).toMatch(
						/^Task task_1 was not finished in time \[item 0: ".+"\]$/,
					);
					expect(failure.description).toContain('Last trouble: ');
					expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000);
					expect(calls.filter(({ method }) => method === 'POST')).toHaveLength(1);
				},
			);
		}),
	);
});

describe('a file', () => {
	const FILES: Record<string, (response: ServerResponse) => unknown> = {
		'a compressed bomb': (response) =>
			response
				.setHeader('content-encoding', 'gzip')
				.setHeader('content-type', 'video/mp4')
				.end(BOMB),
		'without end': (response) => {
			response.setHeader('content-type', 'video/mp4');
			pourWithoutEnd(response, Buffer.alloc(65_536));
		},
		'that says a length it does not have': (response) => {
			response.setHeader('content-type', 'video/mp4').setHeader('content-length', '100');
			response.write('x'.repeat(50));
			response.destroy();
		},
		'that redirects in a circle': (response) =>
			response.writeHead(302, { location: '/file' }).end(),
		'that redirects to nowhere': (response) => response.writeHead(302).end(),
		'that is a web page': (response) => response.setHeader('content-type', ' TEXT/HTML').end(HTML),
		'that is JSON': (response) => response.setHeader('content-type', 'application/json').end('{}'),
		'with status 204': (response) => response.writeHead(204).end(),
	};

	test.concurrent.each(Object.entries(FILES))(
		'%s ends in a failure that names the task, without the key having left',
		scene(async ({ run }, _name, send) => {
			const answer: Answer = ({ path, url }, response) => {
				if (path === '/file') return send(response);
				const resultUrls = [`http://${response.req.headers.host}/file`];
				const taskId = url.searchParams.get('taskId');
				const task = { taskId, state: 'success', resultJson: JSON.stringify({ resultUrls }) };
				return response.end(JSON.stringify(ok(task)));
			};
			await withHost(answer, async ({ origin, calls }) => {
				const parameters = {
					operation: 'get',
					taskId: 'task_1',
					download: true,
					options: { maxFileSize: 1 },
				};
				const { failure } = await run(parameters, { baseUrl: origin, ...FILESYSTEM });
				expect(failure.message).toMatch(
					/^The video of task task_1 is finished, but could not be downloaded: \w/,
				);
				expect(failure.description).not.toMatch(/<(?!br>)/);
				const fetches = calls.filter(({ path }) => path === '/file');
				expect(fetches.length).toBeGreaterThan(0);
				expect(fetches.length).toBeLessThan(10);
				for (const { authorization } of fetches) expect(authorization).toBeUndefined();
			});
		}),
	);
});

describe('Retry-After', () => {
	test.concurrent.each(['-5', 'NaN', '1e999', 'tomorrow', '0, 0', ''])(
		'%j is no reason to wait for ever, or to give up',
		scene(async ({ run, apixo }, retryAfter) => {
			apixo.misbehave({ on: 'submit', times: 1, do: { retryAfter } });
			const result = await run({}, FILESYSTEM);
			expect(result.status).toBe('success');
			expect(apixo.ledger()).toHaveLength(1);
		}),
	);
});

describe('the key in what the service says', () => {
	const spellings = {
		plain: API_KEY,
		'as base64': Buffer.from(API_KEY).toString('base64').replace(/=+$/, ''),
	};

	test.concurrent.each(Object.entries(spellings))(
		'(%s) goes no further, wherever it stands',
		scene(async ({ run, apixo }, _name, key) => {
			const echo = `Bearer ${key}`;
			const resultJson = JSON.stringify({
				resultUrls: [`${apixo.origin}/files/sample.mp4?key=${key}`],
				request: { headers: { authorization: echo } },
			});
			const data = { state: 'success', resultJson, debug: echo };
			apixo.misbehave({ on: 'status', do: { envelope: { ...ok(data), message: echo } } });
			const result = await run({ options: { simplify: false } }, FILESYSTEM);
			expect(result.status).toBe('success');
			expect(result.record).toContain('***');
			expect(result.record).not.toContain(key);
		}),
	);
});

// Not concurrent, since it changes how long all answers may take.
test(
	'an answer that trickles for ever is given up, and the task is kept',
	scene(async ({ run }) => {
		const timeout = AbortSignal.timeout.bind(AbortSignal);
		const asked = jest.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(500));
		const timers: NodeJS.Timeout[] = [];
		const trickle: Answer = (_call, response) => {
			response.writeHead(200, { 'content-type': 'application/json' });
			timers.push(setInterval(() => response.write(' '), 20));
		};
		try {
			await withHost(trickle, async ({ origin }) => {
				const options = { timeout: 0 };
				const { failure } = await run({ options }, { baseUrl: origin, ...FILESYSTEM });
				expect(failure.message).toMatch(/^Task task_1 was not finished in time \[item 0: ".+"\]$/);
				expect(failure.description).toContain('it took too long');
				expect(asked.mock.calls).toEqual([[120_000], [30_000]]);
			});
		} finally {
			timers.forEach((timer) => clearInterval(timer));
			asked.mockRestore();
		}
	}),
);
