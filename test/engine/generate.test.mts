/** Submit, wait, result: what comes out, in which order, and how often APIXO is polled. */

import { sleep } from 'n8n-workflow';
import type { Effects, Emulator } from '../../emulator/index.mts';
import { MEDIA, MODES, scene, toldBy, type ModeName } from '../support/engine/wan.mts';
import { inputItemOf } from '../support/item.mts';
import { byPrompt, msByPrompt, prompts, taskIdOf } from './batch.mts';
import { finishedItem } from './finished.mts';
import { ERROR_OUTPUT } from './settings.mts';

/** USD for the 5 seconds of an untouched panel. */
const PRICE_OF_UNTOUCHED: Record<ModeName, number> = {
	'text-to-video': 0.5,
	'image-to-video-flash': 0.25,
	'image-to-video': 0.5,
	'reference-to-video-flash': 0.8,
	'reference-to-video': 1.5,
};

/** When the requests of a kind came, in Unix ms. */
const times = (apixo: Emulator, kind: 'submit' | 'status') =>
	apixo.requests({ kind }).map(({ at }) => at);

describe('Generate', () => {
	test.concurrent.each(MODES)(
		'gives the finished task of %s',
		scene(
			async ({ run, apixo }, mode) => {
				const result = await run({ mode, ...MEDIA[mode] });
				const [{ taskId, usd }] = apixo.ledger();
				const estimatedCostUsd = PRICE_OF_UNTOUCHED[mode];
				expect(result.items('Good')).toEqual([
					{ ...finishedItem(apixo, taskId), mode, estimatedCostUsd },
				]);
				expect(usd).toBe(PRICE_OF_UNTOUCHED[mode]);
			},
			{ generationMs: 300 },
		),
	);

	test.concurrent(
		'with Simplify off gives the task as APIXO sent it, plus the parsed result',
		scene(async ({ run, apixo }) => {
			const result = await run({ options: { simplify: false } });
			const [{ taskId, createTime, completeTime, resultJson }] = apixo.tasks();
			expect(result.items('Good')).toEqual([
				{
					taskId,
					state: 'success',
					resultJson,
					result: JSON.parse(String(resultJson)),
					createTime,
					completeTime,
					costTime: expect.any(Number),
				},
			]);
		}),
	);

	test.concurrent(
		'works in a workflow that a trigger started',
		scene(async ({ run, apixo }) => {
			const result = await run({}, { mode: 'trigger' });
			expect(result.status).toBe('success');
			expect(apixo.ledger()).toHaveLength(1);
		}),
	);

	test.concurrent(
		'does nothing for no items',
		scene(async ({ run, apixo }) => {
			const result = await run({}, { items: [] });
			expect(result.status).toBe('success');
			expect(apixo.requests()).toEqual([]);
		}),
	);
});

describe('a batch', () => {
	test.concurrent(
		'comes out in its own order, paired, however long each task takes',
		scene(
			async ({ run, apixo }) => {
				const items = prompts('slow', 'quick', 'medium', 'quick too');
				const result = await run(byPrompt, { items });
				const expected = items.map(({ prompt }) => taskIdOf(apixo, prompt));
				expect(result.items('Good').map(({ taskId }) => taskId)).toEqual(expected);
				expect(result.fullItems('Tested').map(inputItemOf)).toEqual([0, 1, 2, 3]);
			},
			{ generationMs: msByPrompt({ slow: 1500, medium: 700 }, 0) },
		),
	);

	/** How many tasks were in flight at once, at most. */
	function maxInFlight(apixo: Emulator) {
		const tasks = apixo.tasks();
		const inFlight = (at: number) =>
			tasks.filter((task) => task.createTime <= at && at < (task.completeTime ?? Infinity)).length;
		return Math.max(...tasks.map(({ createTime }) => inFlight(createTime)));
	}

	test.concurrent(
		'has all its tasks in flight at once',
		scene(
			async ({ run, apixo }) => {
				await run(byPrompt, { items: prompts('a', 'b', 'c', 'd', 'e') });
				expect(maxInFlight(apixo)).toBe(5);
			},
			{ generationMs: 600 },
		),
	);

	test.concurrent.each([1, 2])(
		'has no more than maxParallelTasks = %i in flight',
		scene(
			async ({ run, apixo }, maxParallelTasks) => {
				const items = prompts('a', 'b', 'c', 'd');
				const result = await run({ ...byPrompt, options: { maxParallelTasks } }, { items });
				expect(result.items('Good')).toHaveLength(4);
				expect(maxInFlight(apixo)).toBe(maxParallelTasks);
			},
			{ generationMs: 600 },
		),
	);

	test.concurrent(
		'polls with the credential, and only its own tasks',
		scene(async ({ run, apixo }) => {
			await run(byPrompt, { items: prompts('a', 'b', 'c') });
			const asked = apixo.requests({ kind: 'status' }).map(({ taskId }) => taskId);
			expect([...new Set(asked)].sort()).toEqual(
				apixo
					.tasks()
					.map((task) => task.taskId)
					.sort(),
			);
			expect(apixo.requests().every(({ status }) => status === 200)).toBe(true);
		}),
	);
});

describe('waiting', () => {
	test.concurrent(
		'polls first after firstPollDelay, then every pollInterval',
		scene(
			async ({ run, apixo }) => {
				await run({ options: { firstPollDelay: 1, pollInterval: 1 } });
				const [submitted] = times(apixo, 'submit');
				const [first, second, ...more] = times(apixo, 'status');
				expect(first - submitted).toBeGreaterThanOrEqual(950);
				expect(second - first).toBeGreaterThanOrEqual(950);
				expect(second - first).toBeLessThan(2500);
				expect(more).toEqual([]);
			},
			{ generationMs: 1500 },
		),
	);

	test.concurrent(
		'leaves a new task alone at first, as the service recommends',
		scene(async ({ plan, start, apixo }) => {
			const options = plan();
			delete options.workflow.nodes[1].parameters.options;
			const { cancel, result } = start(options);
			await sleep(2500);
			expect(apixo.ledger()).toHaveLength(1);
			expect(apixo.requests({ kind: 'status' })).toEqual([]);
			cancel();
			await result;
		}),
	);

	test.concurrent(
		'goes on through a state that is not known',
		scene(async ({ run, apixo }) => {
			apixo.misbehave({ on: 'status', times: 2, do: { state: 'queued_for_upscaling' } });
			const result = await run();
			expect(result.items('Good')).toMatchObject([{ state: 'success' }]);
			expect(apixo.requests({ kind: 'status' })).toHaveLength(3);
		}),
	);

	test.concurrent.each<[name: string, effect: Effects]>([
		['a 500', { httpStatus: 500 }],
		['a 502', { httpStatus: 502 }],
		['a 503', { httpStatus: 503 }],
		['a 504', { httpStatus: 504 }],
		['a 429', { httpStatus: 429 }],
		['a code 500 in HTTP 200', { code: 500, message: 'busy' }],
		['a reset connection', { reset: true }],
		['a lost answer', { loseAnswer: true }],
		['an answer cut in half', { cut: true }],
		['malformed JSON', { malformedJson: true }],
		['a web page', { html: true }],
		['the web page of a gateway (502)', { httpStatus: 502, html: true }],
		['an envelope without a task', { envelope: { code: 200, message: 'success', data: null } }],
	])(
		'survives %s, twice',
		scene(async ({ run, apixo }, _name, effect) => {
			apixo.misbehave({ on: 'status', times: 2, do: effect });
			const result = await run();
			expect(result.error).toBeUndefined();
			expect(result.items('Good')).toMatchObject([{ state: 'success' }]);
			expect(apixo.ledger()).toHaveLength(1);
			expect(apixo.requests({ kind: 'status' })).toHaveLength(3);
		}),
	);

	test.concurrent(
		'waits as long as Retry-After says',
		scene(async ({ run, apixo }) => {
			apixo.misbehave({ on: 'status', times: 1, do: { retryAfter: 2 } });
			await run();
			const [refused, answered] = times(apixo, 'status');
			expect(answered - refused).toBeGreaterThanOrEqual(1950);
		}),
	);

	test.concurrent(
		'ends after the timeout, and names the task that continues',
		scene(async ({ run, apixo }) => {
			apixo.misbehave({ on: 'submit', match: { promptIncludes: 'endless' }, do: { never: true } });
			const result = await run(
				{ ...byPrompt, options: { timeout: 0.03 } },
				{ items: prompts('endless', 'quick'), ...ERROR_OUTPUT },
			);
			const taskId = taskIdOf(apixo, 'endless');
			const [item] = result.items('Bad');
			expect(item.error).toContain(taskId);
			expect(item.details?.taskId).toBe(taskId);
			expect(toldBy(item)).toMatch(/Wait|Get/);
			expect(result.items('Good')).toMatchObject([{ state: 'success' }]);
		}),
	);
});

describe('Submit', () => {
	test.concurrent.each(MODES)(
		'gives the task ID of %s at once',
		scene(
			async ({ run, apixo }, mode) => {
				const result = await run({ operation: 'submit', mode, ...MEDIA[mode] });
				const [{ taskId }] = apixo.ledger();
				const estimatedCostUsd = PRICE_OF_UNTOUCHED[mode];
				const expected = { taskId, state: 'pending', mode, estimatedCostUsd };
				expect(result.items('Good')).toEqual([expected]);
				expect(apixo.requests({ kind: 'status' })).toEqual([]);
			},
			{ generationMs: 60_000 },
		),
	);

	test.concurrent(
		'keeps order and pairing',
		scene(async ({ run, apixo }) => {
			const items = prompts('a', 'b', 'c');
			const result = await run({ operation: 'submit', ...byPrompt }, { items });
			const expected = items.map(({ prompt }) => taskIdOf(apixo, prompt));
			expect(result.items('Tested').map(({ taskId }) => taskId)).toEqual(expected);
			expect(result.fullItems('Tested').map(inputItemOf)).toEqual([0, 1, 2]);
		}),
	);
});

describe('a submission', () => {
	test.concurrent.each<[name: string, effect: Effects]>([
		['a 429 with Retry-After', { retryAfter: 1 }],
		['a 429', { httpStatus: 429 }],
		['a 500', { httpStatus: 500 }],
		['a 502', { httpStatus: 502 }],
		['a 503', { httpStatus: 503 }],
		['a code 429 in HTTP 200', { code: 429, message: 'slow down' }],
		['a code 503 in HTTP 200', { code: 503, message: 'busy' }],
	])(
		'that was refused with %s is sent again',
		scene(async ({ run, apixo }, _name, effect) => {
			apixo.misbehave({ on: 'submit', times: 1, do: effect });
			const result = await run();
			expect(result.error).toBeUndefined();
			expect(result.items('Good')).toMatchObject([{ state: 'success' }]);
			expect(apixo.ledger()).toHaveLength(1);
			const [refused, accepted] = times(apixo, 'submit');
			expect(accepted - refused).toBeGreaterThanOrEqual(effect.retryAfter ? 950 : 200);
		}),
	);

	test.concurrent(
		'waits until the date that Retry-After gives',
		scene(async ({ run, apixo }) => {
			const date = new Date(Date.now() + 3000);
			date.setMilliseconds(0);
			apixo.misbehave({ on: 'submit', times: 1, do: { retryAfter: date.toUTCString() } });
			await run();
			expect(times(apixo, 'submit')[1]).toBeGreaterThanOrEqual(date.getTime());
			expect(apixo.ledger()).toHaveLength(1);
		}),
	);

	test.concurrent(
		'succeeds under the limit of concurrent tasks',
		scene(
			async ({ run, apixo }) => {
				const result = await run(byPrompt, { items: prompts('a', 'b', 'c', 'd') });
				expect(result.items('Good')).toHaveLength(4);
				expect(apixo.ledger()).toHaveLength(4);
			},
			{ generationMs: 500, limits: { concurrentTasks: 2 } },
		),
	);
});
