/** Wait For Result By = Callback: the execution is parked, and resumed by APIXO's callbacks. */

import { startEmulator } from '../../emulator/index.mts';
import { startN8n } from '../support/engine/index.mts';
import { until } from './until.mts';
import { API_KEY, scene, toldBy } from '../support/engine/wan.mts';

const prompts = (...names) => names.map((prompt) => ({ prompt }));
const parameters = { prompt: '={{ $json.prompt }}', waitFor: 'callback' };
const three = { items: prompts('one', 'two', 'three') };

/** A delivery that failed is repeated after 0.3 s, 0.6 s and 1.2 s instead of 30 s, 60 s and 120 s. */
const quick = { generationMs: 200, timeScale: 0.01 };

/** A scene with an n8n that can park executions; results are checked for the API key as always. */
const withN8n = (body, settings) =>
	scene(
		async (stage, ...row) => {
			const n8n = await startN8n();
			const start = (more, extra = {}) =>
				n8n.start({ ...stage.plan({ ...parameters, ...extra }, more), mode: 'trigger' });
			try {
				await body({ ...stage, n8n, start }, ...row);
			} finally {
				await n8n.close();
			}
		},
		{ ...quick, ...settings },
	);

const taskOf = (apixo, prompt) => apixo.tasks().find((task) => task.prompt === prompt).taskId;
const pairs = (result, output = 0) =>
	result.fullItems('Tested', output).map(({ pairedItem }) => pairedItem.item ?? pairedItem);

describe('a parked execution', () => {
	test.concurrent.each([
		[300, []],
		[301, [expect.stringContaining('301')]],
	])(
		'of %i tasks tells what so many callbacks mean to n8n, if they are many',
		withN8n(
			async ({ start }, count, hints) => {
				const names = Array.from({ length: count }, (_, index) => `prompt ${index}`);
				const parked = await start({ items: prompts(...names) }).parked;
				expect(parked.hints('Tested').map(({ message }) => message)).toEqual(hints);
			},
			{ generationMs: Infinity, keys: { [API_KEY]: { balanceUsd: 1_000 } } },
		),
	);

	test.concurrent(
		'goes on once, when all tasks are final, with every result in its place',
		withN8n(
			async ({ start, apixo }) => {
				const execution = start(three);
				const parked = await execution.parked;
				expect(parked.status).toBe('waiting');
				expect(apixo.requests({ kind: 'status' })).toEqual([]);
				const bodies = apixo.requests({ kind: 'submit' }).map(({ body }) => body);
				expect(bodies.map((body) => body.request_type)).toEqual(Array(3).fill('callback'));
				expect(new Set(bodies.map((body) => body.callback_url)).size).toBe(3);

				const result = await execution.final;
				expect(result.status).toBe('success');
				const expected = ['one', 'two', 'three'].map((prompt) => taskOf(apixo, prompt));
				expect(result.items('Good').map(({ taskId }) => taskId)).toEqual(expected);
				expect(result.items('Good')[0]).toEqual({
					taskId: expected[0],
					state: 'success',
					mode: 'text-to-video',
					videoUrl: `${apixo.origin}/files/${expected[0]}.mp4`,
					videoUrls: [`${apixo.origin}/files/${expected[0]}.mp4`],
					createdAt: expect.any(String),
					completedAt: expect.any(String),
					costTimeMs: expect.any(Number),
					estimatedCostUsd: 0.5,
				});
				expect(pairs(result)).toEqual([0, 1, 2]);
				expect(execution.resumed).toBe(1);
				expect(apixo.ledger()).toHaveLength(3);
				expect(result.record).not.toContain(API_KEY);
			},
			{ generationMs: ({ prompt }) => ({ one: 900, two: 300 })[prompt] ?? 600 },
		),
	);

	test.concurrent(
		'asks APIXO in proportion to its tasks, not to their square',
		withN8n(
			async ({ start, apixo }) => {
				const names = Array.from({ length: 24 }, (_, index) => `number ${index}`);
				const execution = start({ items: prompts(...names) });
				const result = await execution.final;
				expect(result.items('Good')).toHaveLength(24);
				expect(apixo.requests({ kind: 'status' }).length).toBeLessThanOrEqual(3 * 24);
			},
			{ generationMs: ({ prompt }) => 500 + 20 * Number(prompt.split(' ')[1]) },
		),
	);

	test.concurrent(
		'goes on once although every callback comes three times',
		withN8n(async ({ start, apixo }) => {
			apixo.misbehave({ on: 'callback', do: { duplicate: 2 } });
			const execution = start(three);
			const result = await execution.final;
			expect(result.items('Good')).toHaveLength(3);
			expect(execution.resumed).toBe(1);
		}),
	);

	test.concurrent(
		'does not mind a callback that comes before it is parked: APIXO tries again',
		withN8n(async ({ start, apixo }) => {
			apixo.misbehave({ on: 'callback', do: { early: true } });
			const result = await start(three).final;
			expect(result.items('Good')).toHaveLength(3);
		}),
	);

	test.concurrent(
		'takes nothing from another execution, even if a task ID of it is the same elsewhere',
		withN8n(
			async ({ start, apixo }) => {
				const half = start({ items: prompts('quick', 'slow') });
				await half.parked;
				await until(() => apixo.callbacks().length > 0);
				// The same seed gives the same task IDs.
				const elsewhere = await startEmulator({
					port: 0,
					keys: { [API_KEY]: { balanceUsd: 1 } },
					generationMs: 100,
				});
				const other = start({ items: prompts('quick'), baseUrl: elsewhere.baseUrl });
				const result = await other.final;
				await elsewhere.close();
				expect(taskOf(apixo, 'quick')).toBe(result.items('Good')[0].taskId);
				expect(result.items('Good')[0].videoUrl).toContain(elsewhere.origin);
			},
			{ generationMs: ({ prompt }) => (prompt === 'slow' ? 60_000 : 100) },
		),
	);

	test.concurrent(
		'downloads the videos when it goes on',
		withN8n(async ({ start }) => {
			const result = await start(three, { download: true }).final;
			const files = await Promise.all(result.fullItems('Good').map((item) => result.binary(item)));
			expect(files.map(({ length }) => length > 10_000)).toEqual([true, true, true]);
		}),
	);
});

describe('what a callback says', () => {
	test.concurrent.each([
		['a success that is none', { forge: { data: { state: 'success', resultJson: '{}' } } }],
		['a failure that is none', { forge: { data: { state: 'failed', failCode: 'NSFW' } } }],
		['another task', { forge: { data: { taskId: 'task_of_someone_else' } } }],
	])(
		'is not believed: %s',
		withN8n(async ({ start, apixo }, _name, effect) => {
			apixo.misbehave({ on: 'callback', do: effect });
			const result = await start(three).final;
			const expected = ['one', 'two', 'three'].map((prompt) => taskOf(apixo, prompt));
			expect(result.items('Good').map(({ taskId }) => taskId)).toEqual(expected);
			for (const { videoUrl } of result.items('Good')) expect(videoUrl).toContain(apixo.origin);
		}),
	);

	const post = async (url, change) => {
		const target = new URL(url);
		change(target.searchParams);
		const answer = await fetch(target, { method: 'POST', body: '{"code":200}' });
		return answer.status;
	};

	test.concurrent.each([
		['of an unfinished task does not wake the execution', () => {}],
		['for an item that is not there is refused', (query) => query.set('item', '99')],
		['for no item is refused', (query) => query.delete('item')],
		['for a strange item is refused', (query) => query.set('item', '__proto__')],
	])(
		'%s',
		withN8n(
			async ({ start, apixo }, _name, change) => {
				const execution = start(three);
				await execution.parked;
				const [{ callbackUrl }] = apixo.tasks();
				const status = await post(callbackUrl, change);
				expect(status).not.toBe(200);
				expect(status).not.toBe(500);
				expect(execution.state).toBe('waiting');
			},
			{ generationMs: 60_000 },
		),
	);

	test.concurrent.each([
		['APIXO is down', { httpStatus: 503 }],
		['APIXO limits the rate', { httpStatus: 429 }],
		['the connection breaks', { reset: true }],
		['the answer is no JSON', { malformedJson: true }],
	])(
		'is asked for again while %s, and nothing is lost',
		withN8n(async ({ start, apixo }, _name, effect) => {
			const trouble = apixo.misbehave({ on: 'status', times: 4, do: effect });
			const execution = start({ items: prompts('one') });
			const result = await execution.final;
			trouble.remove();
			expect(result.status).toBe('success');
			expect(result.items('Good')).toMatchObject([{ state: 'success' }]);
			expect(apixo.callbacks().every(({ status }) => status !== 500)).toBe(true);
		}),
		30_000,
	);
});

describe('a task that fails while the execution is parked', () => {
	const fail = { failCode: 'NSFW', failMsg: 'Not for children' };
	const failTwo = (apixo) =>
		apixo.misbehave({ on: 'submit', match: { promptIncludes: 'two' }, do: { fail } });

	test.concurrent(
		'fails the execution under On Error = Stop, and nothing runs after the node',
		withN8n(async ({ start, apixo }) => {
			failTwo(apixo);
			const result = await start(three).final;
			expect(result.status).toBe('error');
			expect(result.error.message).toContain('Not for children');
			expect(result.error.message).toContain(taskOf(apixo, 'two'));
			expect(result.error.message).toContain('[item 1]');
			for (const prompt of ['one', 'three']) {
				expect(result.error.description).toContain(taskOf(apixo, prompt));
			}
			expect(result.taskData('Good')).toEqual([]);
		}),
	);

	test.concurrent.each([
		['continueRegularOutput', 'Good', 3],
		['continueErrorOutput', 'Bad', 2],
	])(
		'is told as an item with On Error = %s',
		withN8n(async ({ start, apixo }, onError, output, good) => {
			failTwo(apixo);
			const result = await start({ ...three, settings: { onError } }).final;
			expect(result.status).toBe('success');
			const item = result.items(output).find(({ error }) => error !== undefined);
			expect(item.details).toMatchObject({
				taskId: taskOf(apixo, 'two'),
				state: 'failed',
				...fail,
			});
			expect(result.items('Good')).toHaveLength(good);
			if (output === 'Bad') expect(item.prompt).toBe('two');
		}),
	);
});

describe('when nobody calls until the timeout', () => {
	const lost = { on: 'callback', do: { lose: true } };

	test.concurrent(
		'the execution fails under On Error = Stop, and names every task',
		withN8n(async ({ start, apixo }) => {
			apixo.misbehave(lost);
			const execution = start(three);
			await execution.parked;
			const result = await execution.expire();
			expect(result.status).toBe('error');
			for (const { taskId } of apixo.tasks()) {
				expect(`${result.error.message}\n${result.error.description}`).toContain(taskId);
			}
			expect(`${result.error.message}\n${result.error.description}`).toMatch(/Get|Wait/);
			expect(result.taskData('Good')).toEqual([]);
		}),
	);

	test.concurrent.each([
		['continueRegularOutput', 'Good'],
		['continueErrorOutput', 'Bad'],
	])(
		'each item says so with On Error = %s',
		withN8n(async ({ start, apixo }, onError, output) => {
			apixo.misbehave(lost);
			const execution = start({ ...three, settings: { onError } });
			await execution.parked;
			const result = await execution.expire();
			const told = result.items(output);
			const expected = ['one', 'two', 'three'].map((prompt) => taskOf(apixo, prompt));
			expect(told.map(({ details }) => details.taskId)).toEqual(expected);
			for (const item of told) expect(toldBy(item)).toMatch(/Get|Wait/);
		}),
	);

	test.concurrent(
		'is as far away as the option Timeout says',
		withN8n(
			async ({ start }) => {
				const before = Date.now();
				const parked = await start(three, { options: { timeout: 5 } }).parked;
				const waitTill = new Date(parked.saved.waitTill).getTime();
				expect(Math.abs(waitTill - before - 5 * 60_000)).toBeLessThan(5000);
			},
			{ generationMs: 60_000 },
		),
	);
});

describe('before anything is paid for', () => {
	test.concurrent.each(['http://10.1.2.3:5678', 'http://n8n.internal', 'http://n8n.example'])(
		'a resume URL at %s is refused, with the advice to set WEBHOOK_URL',
		withN8n(async ({ run, apixo }, resumeOrigin) => {
			const { error } = await run(parameters, { ...three, resumeOrigin });
			expect(`${error.message}\n${error.description}`).toContain('WEBHOOK_URL');
			expect(apixo.requests()).toEqual([]);
		}),
	);

	test.concurrent(
		'a resume URL at a public HTTPS address is accepted',
		withN8n(
			async ({ run, apixo }) => {
				const resumeOrigin = 'https://n8n.example.com';
				const result = await run(parameters, { ...three, resumeOrigin });
				expect(result.status).toBe('waiting');
				for (const { callbackUrl } of apixo.tasks()) {
					expect(callbackUrl).toMatch(/^https:\/\/n8n\.example\.com\/webhook-waiting\//);
				}
			},
			{ generationMs: 60_000 },
		),
	);

	test.concurrent(
		'maxCost holds',
		withN8n(async ({ run, apixo, n8n }) => {
			const more = { ...three, resumeOrigin: n8n.origin };
			const { error } = await run({ ...parameters, options: { maxCost: 1 } }, more);
			expect(error.message).toMatch(/cost/i);
			expect(apixo.requests()).toEqual([]);
		}),
	);
});

describe('a submission that is refused', () => {
	const refuseTwo = (apixo) =>
		apixo.misbehave({ on: 'submit', match: { promptIncludes: 'two' }, do: { httpStatus: 400 } });

	test.concurrent(
		'does not park under On Error = Stop; Retry picks up what was paid for',
		withN8n(async ({ start, apixo, n8n, retry, charged }) => {
			const rule = refuseTwo(apixo);
			const execution = start(three);
			const result = await execution.final;
			expect(result.status).toBe('error');
			expect(result.error.message).toContain('[item 1]');
			rule.remove();
			const plan = { ...execution.plan, workflow: undefined, resumeOrigin: n8n.origin };
			const retried = await retry(result, plan);
			expect(['waiting', 'success']).toContain(retried.status);
			expect(
				charged()
					.map(({ input }) => input.prompt)
					.sort(),
			).toEqual(['one', 'three', 'two']);
		}),
	);

	test.concurrent(
		'parks for the others with On Error = Continue, and is told at the end',
		withN8n(async ({ start, apixo }) => {
			refuseTwo(apixo);
			const result = await start({ ...three, settings: { onError: 'continueErrorOutput' } }).final;
			const expected = ['one', 'three'].map((prompt) => taskOf(apixo, prompt));
			expect(result.items('Good').map(({ taskId }) => taskId)).toEqual(expected);
			expect(result.items('Bad')).toMatchObject([{ prompt: 'two', details: { httpCode: 400 } }]);
		}),
	);

	test.concurrent(
		'of every item ends at once with On Error = Continue',
		withN8n(async ({ start, apixo }) => {
			apixo.misbehave({ on: 'submit', do: { httpStatus: 400 } });
			const settings = { onError: 'continueErrorOutput' };
			const result = await start({ ...three, settings }).parked;
			expect(result.status).toBe('success');
			expect(result.items('Bad')).toHaveLength(3);
		}),
	);

	test.concurrent(
		'of the first item is not retried forever, nor paid twice, with Retry On Fail',
		withN8n(async ({ start, apixo, charged }) => {
			apixo.misbehave({
				on: 'submit',
				match: { promptIncludes: 'one' },
				times: 1,
				do: { httpStatus: 400 },
			});
			const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
			const result = await start({ ...three, settings }).final;
			expect(result.items('Good')).toHaveLength(3);
			expect(charged()).toHaveLength(3);
		}),
	);
});

test.concurrent.each(['agent', 'engineAgent'])(
	'as the tool of an agent of the kind "%s" the node polls instead',
	withN8n(async ({ runAsTool, apixo }, kind) => {
		const result = await runAsTool(kind, {}, { prompt: 'a fox', waitFor: 'callback' });
		expect(result.status).toBe('success');
		expect(JSON.stringify(result.items('Good'))).toContain('/files/');
		expect(apixo.requests({ kind: 'submit' })[0].body.request_type).toBe('async');
	}),
);
