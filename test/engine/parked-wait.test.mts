/** Wait For Result By = Callback: the execution is parked, and resumed by APIXO's callbacks. */

import type { OnError } from 'n8n-workflow';
import { startEmulator, type Effects, type Emulator, type Rule } from '../../emulator/index.mts';
import type { Execution } from '../support/engine/index.mts';
import {
	API_KEY,
	toldBy,
	type EmulatorOptions,
	type PanelParameters,
	type PlanOptions,
} from '../support/engine/wan.mts';
import { inputItemOf } from '../support/item.mts';
import { required } from '../support/required.mts';
import { AGENT_KINDS } from './agent-kinds.mts';
import { byPrompt, msByPrompt, paidPrompts, prompts, taskIdOf } from './batch.mts';
import { errorText } from './error-text.mts';
import { finishedItem } from './finished.mts';
import { sceneWithN8n, type N8nScene } from './n8n-scene.mts';
import { ERROR_OUTPUT, RETRY_ON_FAIL } from './settings.mts';
import { until } from './until.mts';

const parameters = { ...byPrompt, waitFor: 'callback' };
const names = ['one', 'two', 'three'];
const three = { items: prompts(...names) };

const taskIdsOf = (apixo: Emulator) => names.map((prompt) => taskIdOf(apixo, prompt));

interface ParkingScene extends Omit<N8nScene, 'start'> {
	/** Starts an execution that the node parks; `extra` are further parameters of the node. */
	start: (more?: PlanOptions, extra?: PanelParameters) => Execution;
}

/** A scene with an n8n that can park executions. */
const withN8n = <Row extends unknown[]>(
	body: (stage: ParkingScene, ...row: Row) => Promise<void>,
	settings: EmulatorOptions = {},
) =>
	sceneWithN8n(
		async (stage, ...row: Row) => {
			const start: ParkingScene['start'] = (more, extra = {}) =>
				stage.n8n.start({ ...stage.plan({ ...parameters, ...extra }, more), mode: 'trigger' });
			await body({ ...stage, start }, ...row);
		},
		{ generationMs: 200, ...settings },
	);

describe('a parked execution', () => {
	test.concurrent.each<[count: number, hints: unknown[]]>([
		[300, []],
		[301, [expect.stringContaining('301')]],
	])(
		'of %i tasks hints at what so many callbacks mean to n8n, if they are many',
		withN8n(
			async ({ start }, count, hints) => {
				const items = Array.from({ length: count }, (_, index) => ({ prompt: `prompt ${index}` }));
				const parked = await start({ items }).parked;
				expect(parked.hints('Tested').map(({ message }) => message)).toEqual(hints);
			},
			{ generationMs: Infinity, keys: { [API_KEY]: { balanceUsd: 1_000 } } },
		),
		60_000,
	);

	test.concurrent(
		'resumes once, when all tasks are final, with every result in its place',
		withN8n(
			async ({ start, apixo, charged }) => {
				const execution = start(three);
				const parked = await execution.parked;
				expect(parked.status).toBe('waiting');
				expect(apixo.requests({ kind: 'status' })).toEqual([]);
				const bodies = charged();
				expect(bodies.map((body) => body.request_type)).toEqual(Array(3).fill('callback'));
				expect(new Set(bodies.map((body) => body.callback_url)).size).toBe(3);
				expect(apixo.requests({ kind: 'submit' })).toHaveLength(3);

				const result = await execution.final;
				expect(result.status).toBe('success');
				const expected = taskIdsOf(apixo).map((taskId) => ({
					...finishedItem(apixo, taskId),
					mode: 'text-to-video',
					estimatedCostUsd: 0.5,
				}));
				expect(result.items('Good')).toEqual(expected);
				expect(result.fullItems('Tested').map(inputItemOf)).toEqual([0, 1, 2]);
				expect(execution.resumed).toBe(1);
				expect(apixo.ledger()).toHaveLength(3);
				expect(result.record).not.toContain(API_KEY);
			},
			{ generationMs: msByPrompt({ one: 900, two: 300 }, 600) },
		),
	);

	test.concurrent(
		'polls APIXO in proportion to the number of its tasks, not to its square',
		withN8n(
			async ({ start, apixo }) => {
				const items = Array.from({ length: 24 }, (_, index) => ({ prompt: `number ${index}` }));
				const result = await start({ items }).final;
				expect(result.items('Good')).toHaveLength(24);
				expect(apixo.requests({ kind: 'status' }).length).toBeLessThanOrEqual(3 * 24);
			},
			{ generationMs: ({ prompt }) => 500 + 20 * Number(prompt?.split(' ')[1]) },
		),
	);

	test.concurrent(
		'resumes once although every callback comes three times',
		withN8n(async ({ start, apixo }) => {
			apixo.misbehave({ on: 'callback', do: { duplicate: 2 } });
			const execution = start(three);
			const result = await execution.final;
			expect(result.items('Good')).toHaveLength(3);
			expect(execution.resumed).toBe(1);
		}),
	);

	test.concurrent(
		'gets a callback that comes before it is parked from the next attempt of APIXO',
		withN8n(async ({ start, apixo }) => {
			apixo.misbehave({ on: 'callback', do: { early: true } });
			const result = await start(three).final;
			expect(result.items('Good')).toHaveLength(3);
		}),
	);

	test.concurrent(
		'takes nothing from another execution, even one with the same task ID',
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
				expect(taskIdOf(apixo, 'quick')).toBe(result.items('Good')[0].taskId);
				expect(result.items('Good')[0].videoUrl).toContain(elsewhere.origin);
			},
			{ generationMs: msByPrompt({ slow: 60_000 }, 100) },
		),
	);

	test.concurrent(
		'downloads the videos when it resumes',
		withN8n(async ({ start }) => {
			const result = await start(three, { download: true }).final;
			const files = await Promise.all(result.fullItems('Good').map((item) => result.binary(item)));
			expect(files.map(({ length }) => length > 10_000)).toEqual([true, true, true]);
		}),
	);
});

describe('what a callback says', () => {
	test.concurrent.each<[name: string, effect: Effects]>([
		['a success that is none', { forge: { data: { state: 'success', resultJson: '{}' } } }],
		['a failure that is none', { forge: { data: { state: 'failed', failCode: 'NSFW' } } }],
		['another task', { forge: { data: { taskId: 'task_of_someone_else' } } }],
	])(
		'is not believed: %s',
		withN8n(async ({ start, apixo }, _name, effect) => {
			apixo.misbehave({ on: 'callback', do: effect });
			const result = await start(three).final;
			expect(result.items('Good').map(({ taskId }) => taskId)).toEqual(taskIdsOf(apixo));
			for (const { videoUrl } of result.items('Good')) expect(videoUrl).toContain(apixo.origin);
		}),
	);

	test.concurrent.each<[name: string, change: (query: URLSearchParams) => void]>([
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
				const target = new URL(required(apixo.tasks()[0].callbackUrl, 'callback URL'));
				change(target.searchParams);
				const { status } = await fetch(target, { method: 'POST', body: '{"code":200}' });
				expect(status).not.toBe(200);
				expect(status).not.toBe(500);
				expect(execution.state).toBe('waiting');
			},
			{ generationMs: 60_000 },
		),
	);

	test.concurrent.each<[name: string, effect: Effects]>([
		['APIXO is down', { httpStatus: 503 }],
		['APIXO limits the rate', { httpStatus: 429 }],
		['the connection breaks', { reset: true }],
		['the answer is no JSON', { malformedJson: true }],
	])(
		'is verified again while %s, and nothing is lost',
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
	const failTwo = (apixo: Emulator) =>
		apixo.misbehave({ on: 'submit', match: { promptIncludes: 'two' }, do: { fail } });

	test.concurrent(
		'fails the execution under On Error = Stop, and nothing runs after the node',
		withN8n(async ({ start, apixo }) => {
			failTwo(apixo);
			const result = await start(three).final;
			expect(result.status).toBe('error');
			const { message, description } = result.failure;
			expect(message).toContain('Not for children');
			expect(message).toContain(taskIdOf(apixo, 'two'));
			expect(message).toContain('[item 1]');
			for (const prompt of ['one', 'three']) {
				expect(description).toContain(taskIdOf(apixo, prompt));
			}
			expect(result.taskData('Good')).toEqual([]);
		}),
	);

	test.concurrent.each<[onError: OnError, output: string, good: number]>([
		['continueRegularOutput', 'Good', 3],
		['continueErrorOutput', 'Bad', 2],
	])(
		'is an item that says so with On Error = %s',
		withN8n(async ({ start, apixo }, onError, output, good) => {
			failTwo(apixo);
			const result = await start({ ...three, settings: { onError } }).final;
			expect(result.status).toBe('success');
			const item = result.items(output).find(({ error }) => error !== undefined);
			expect(item?.details).toMatchObject({
				taskId: taskIdOf(apixo, 'two'),
				state: 'failed',
				...fail,
			});
			expect(result.items('Good')).toHaveLength(good);
			if (output === 'Bad') expect(item?.prompt).toBe('two');
		}),
	);
});

describe('when no callback comes before the timeout', () => {
	const lost: Rule = { on: 'callback', do: { lose: true } };

	test.concurrent(
		'the execution fails under On Error = Stop, and names every task',
		withN8n(async ({ start, apixo }) => {
			apixo.misbehave(lost);
			const execution = start(three);
			await execution.parked;
			const result = await execution.expire();
			expect(result.status).toBe('error');
			const told = errorText(result.failure);
			for (const taskId of taskIdsOf(apixo)) expect(told).toContain(taskId);
			expect(told).toMatch(/Get|Wait/);
			expect(result.taskData('Good')).toEqual([]);
		}),
	);

	test.concurrent.each<[onError: OnError, output: string]>([
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
			expect(told.map((item) => item.details?.taskId)).toEqual(taskIdsOf(apixo));
			for (const item of told) expect(toldBy(item)).toMatch(/Get|Wait/);
		}),
	);

	test.concurrent(
		'is as far away as the option Timeout says',
		withN8n(
			async ({ start }) => {
				const before = Date.now();
				const parked = await start(three, { options: { timeout: 5 } }).parked;
				const waitTill = new Date(required(parked.saved.waitTill, 'end of the wait'));
				const waitMs = waitTill.getTime() - before;
				expect(Math.abs(waitMs - 5 * 60_000)).toBeLessThan(5000);
			},
			{ generationMs: 60_000 },
		),
	);
});

describe('before anything is paid for', () => {
	test.concurrent.each(['http://10.1.2.3:5678', 'http://n8n.internal', 'http://n8n.example'])(
		'a resume URL at %s is refused, with the advice to set WEBHOOK_URL',
		withN8n(async ({ run, apixo }, resumeOrigin) => {
			const result = await run(parameters, { ...three, resumeOrigin });
			expect(errorText(result.failure)).toContain('WEBHOOK_URL');
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
			const result = await run({ ...parameters, options: { maxCost: 1 } }, more);
			expect(result.failure.message).toMatch(/cost/i);
			expect(apixo.requests()).toEqual([]);
		}),
	);
});

describe('a submission that is refused', () => {
	const refuseTwo = (apixo: Emulator) =>
		apixo.misbehave({ on: 'submit', match: { promptIncludes: 'two' }, do: { httpStatus: 400 } });

	test.concurrent(
		'does not park under On Error = Stop; Retry picks up what was paid for',
		withN8n(async ({ start, apixo, n8n, retry, charged }) => {
			const rule = refuseTwo(apixo);
			const execution = start(three);
			const result = await execution.final;
			expect(result.status).toBe('error');
			expect(result.failure.message).toContain('[item 1]');
			rule.remove();
			const plan = { ...execution.plan, workflow: undefined, resumeOrigin: n8n.origin };
			const retried = await retry(result, plan);
			expect(['waiting', 'success']).toContain(retried.status);
			expect(paidPrompts(charged).sort()).toEqual(['one', 'three', 'two']);
		}),
	);

	test.concurrent(
		'parks for the others with On Error = Continue, and says so at the end',
		withN8n(async ({ start, apixo }) => {
			refuseTwo(apixo);
			const result = await start({ ...three, ...ERROR_OUTPUT }).final;
			const expected = ['one', 'three'].map((prompt) => taskIdOf(apixo, prompt));
			expect(result.items('Good').map(({ taskId }) => taskId)).toEqual(expected);
			expect(result.items('Bad')).toMatchObject([{ prompt: 'two', details: { httpCode: 400 } }]);
		}),
	);

	test.concurrent(
		'of every item ends at once with On Error = Continue',
		withN8n(async ({ start, apixo }) => {
			apixo.misbehave({ on: 'submit', do: { httpStatus: 400 } });
			const result = await start({ ...three, ...ERROR_OUTPUT }).parked;
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
			const result = await start({ ...three, settings: RETRY_ON_FAIL }).final;
			expect(result.items('Good')).toHaveLength(3);
			expect(charged()).toHaveLength(3);
		}),
	);
});

test.concurrent.each(AGENT_KINDS)(
	'as the tool of an agent of the kind "%s" the node polls instead',
	withN8n(async ({ runAsTool, charged }, kind) => {
		const result = await runAsTool(kind, {}, { prompt: 'a fox', waitFor: 'callback' });
		expect(result.status).toBe('success');
		expect(JSON.stringify(result.items('Good'))).toContain('/files/');
		expect(charged()).toMatchObject([{ request_type: 'async' }]);
	}),
);
