/** Get, Wait, Estimate Cost, Get Balance. */

import type { Effects } from '../../emulator/index.mts';
import { MEDIA, scene, toldBy } from '../support/engine/wan.mts';
import { PRICES } from '../support/model/documented.mts';
import { errorText } from './error-text.mts';
import { anyTime, finishedItem } from './finished.mts';
import { CONTINUE, ERROR_OUTPUT } from './settings.mts';

const FAILED = { state: 'failed', failCode: 'NSFW', failMsg: 'Not for children' } as const;

describe('Get', () => {
	test.concurrent.each(['pending', 'processing', 'some_new_state'])(
		'polls once a task that is %s',
		scene(async ({ run, apixo }, state) => {
			const { taskId } = apixo.addTask({ state });
			const result = await run({ operation: 'get', taskId });
			expect(result.items('Good')).toEqual([{ taskId, state, createdAt: anyTime }]);
			expect(apixo.requests()).toHaveLength(1);
		}),
	);

	test.concurrent(
		'gives the result of a finished task',
		scene(async ({ run, apixo }) => {
			const { taskId } = apixo.addTask();
			const result = await run({ operation: 'get', taskId });
			expect(result.items('Good')).toEqual([finishedItem(apixo, taskId)]);
		}),
	);

	test.concurrent(
		'with Simplify off gives the task as APIXO sent it',
		scene(async ({ run, apixo }) => {
			const { taskId, createTime } = apixo.addTask({ state: 'processing' });
			const result = await run({ operation: 'get', taskId, options: { simplify: false } });
			expect(result.items('Good')).toEqual([{ taskId, state: 'processing', createTime }]);
		}),
	);

	test.concurrent(
		'says why a failed task failed',
		scene(async ({ run, apixo }) => {
			const { taskId } = apixo.addTask(FAILED);
			const [item] = (await run({ operation: 'get', taskId }, CONTINUE)).items('Good');
			expect({ ...item, ...item.details }).toMatchObject({ taskId, ...FAILED });
		}),
	);

	test.concurrent(
		'of an unknown task says so, with its ID',
		scene(async ({ run }) => {
			const { failure } = await run({ operation: 'get', taskId: 'task_unheard_of' });
			expect(failure.message).toContain('task_unheard_of');
			expect(failure.description).toMatch(/\w+ \w+/);
		}),
	);

	test.concurrent(
		'gives many tasks in their order, and one bad ID harms no other',
		scene(async ({ run, apixo }) => {
			const ids = [apixo.addTask().taskId, 'task_nowhere', apixo.addTask().taskId];
			const items = ids.map((taskId) => ({ taskId }));
			const parameters = { operation: 'get', taskId: '={{ $json.taskId }}' };
			const result = await run(parameters, { items, ...ERROR_OUTPUT });
			expect(result.items('Good').map(({ taskId }) => taskId)).toEqual([ids[0], ids[2]]);
			expect(result.items('Bad').map(({ details }) => details?.taskId)).toEqual([ids[1]]);
		}),
	);

	test.concurrent(
		'sends a strange ID as one value',
		scene(async ({ run, apixo }) => {
			await run({ operation: 'get', taskId: 'task_1&state=success#x' });
			const [{ taskId, path }] = apixo.requests();
			expect(path).toBe('/api/v1/statusTask/wan-2-6-video');
			expect(taskId).toBe('task_1&state=success#x');
		}),
	);

	test.concurrent(
		'without an ID sends nothing',
		scene(async ({ run, apixo }) => {
			const { failure } = await run({ operation: 'get', taskId: '={{ "  " }}' });
			expect(errorText(failure)).toContain('Task ID');
			expect(apixo.requests()).toEqual([]);
		}),
	);
});

describe('Wait', () => {
	test.concurrent(
		'waits until an existing task is final',
		scene(async ({ run, apixo }) => {
			const { taskId } = apixo.addTask({ state: 'processing', generationMs: 600 });
			const result = await run({ operation: 'wait', taskId });
			expect(result.items('Good')).toEqual([finishedItem(apixo, taskId)]);
			expect(apixo.requests({ kind: 'status' })).toHaveLength(2);
			expect(apixo.ledger()).toEqual([]);
		}),
	);

	test.concurrent(
		'fails when the task failed, with advice',
		scene(async ({ run, apixo }) => {
			const { taskId } = apixo.addTask(FAILED);
			const [item] = (await run({ operation: 'wait', taskId }, ERROR_OUTPUT)).items('Bad');
			expect(item.error).toContain(taskId);
			expect(item.details).toMatchObject({ taskId, ...FAILED });
			expect(toldBy(item)).toMatch(/change the prompt/i);
		}),
	);

	test.concurrent(
		'ends after the timeout, with the task ID',
		scene(async ({ run, apixo }) => {
			const { taskId } = apixo.addTask({ state: 'processing' });
			const { failure } = await run({ operation: 'wait', taskId, options: { timeout: 0.02 } });
			expect(failure.message).toContain(taskId);
		}),
	);
});

describe('Estimate Cost', () => {
	const estimate = { operation: 'estimateCost', prompt: undefined };
	const offline = { settings: { credentials: undefined }, baseUrl: 'http://127.0.0.1:9' };

	test.concurrent.each(PRICES)(
		'of %s at %s, sound %s, is %s USD a second; without HTTP or credential',
		scene(async ({ run, apixo }, mode, resolution, sound, price) => {
			const unitPriceUsd = Number(price);
			const soundField = sound === undefined ? {} : { sound };
			for (const durationSeconds of [2, 3, 7, 10]) {
				const result = await run(
					{ ...estimate, mode, resolution, duration: durationSeconds, ...soundField },
					offline,
				);
				const [{ estimatedCostUsd, ...rest }] = result.items('Good');
				expect(rest).toEqual({ mode, resolution, durationSeconds, ...soundField, unitPriceUsd });
				expect(String(estimatedCostUsd)).toBe(String(+(durationSeconds * unitPriceUsd).toFixed(5)));
			}
			expect(apixo.requests()).toEqual([]);
		}),
	);

	test.concurrent(
		'agrees with what APIXO charges',
		scene(async ({ run, apixo }) => {
			const items = PRICES.map(([mode, resolution, sound]) => ({ mode, resolution, sound }));
			const fields = {
				mode: '={{ $json.mode }}',
				resolution: '={{ $json.resolution }}',
				sound: '={{ $json.sound ?? true }}',
				duration: 7,
			};
			const result = await run({ ...estimate, ...fields }, { items, ...offline });
			const estimated = result.items('Good');
			const media = { imageUrl: MEDIA['image-to-video'].imageUrl, ...MEDIA['reference-to-video'] };
			await run({ operation: 'submit', ...fields, ...media }, { items });
			const charged = apixo.ledger().map(({ mode, usd }) => `${mode} ${usd}`);
			const expected = estimated.map(({ mode, estimatedCostUsd }) => `${mode} ${estimatedCostUsd}`);
			expect(charged.sort()).toEqual(expected.sort());
			expect(charged).toHaveLength(PRICES.length);
		}),
	);

	test.concurrent(
		'adds up a batch, if asked, without what could not be made',
		scene(async ({ run, apixo }) => {
			const items = [
				{ mode: 'text-to-video', seconds: 3 },
				{ mode: 'image-to-video-flash', seconds: 7, sound: false },
				{ mode: 'text-to-video', seconds: 99 },
				{ mode: 'reference-to-video', seconds: 10 },
			];
			const fields = {
				...estimate,
				mode: '={{ $json.mode }}',
				resolution: '1080p',
				sound: '={{ $json.sound ?? true }}',
				duration: '={{ $json.seconds }}',
			};
			const more = { items, settings: { ...offline.settings, ...CONTINUE.settings } };
			const total = { videos: 3, durationSeconds: 20, estimatedCostUsd: 3.7125 };
			const added = (await run({ ...fields, total: true }, more)).items('Good');
			expect(added).toMatchObject([
				{ total },
				{ total },
				{ error: expect.stringContaining('Duration') },
				{ total },
			]);
			expect(added.map(({ estimatedCostUsd }) => estimatedCostUsd)).toEqual([
				0.45,
				0.2625,
				undefined,
				3,
			]);
			const plain = (await run(fields, more)).items('Good');
			expect(plain.filter((item) => 'total' in item)).toEqual([]);
			expect(apixo.requests()).toEqual([]);
		}),
	);

	test.concurrent(
		'refuses what could not be made',
		scene(async ({ run }) => {
			const { failure } = await run({ ...estimate, duration: '={{ 60 }}' }, offline);
			expect(errorText(failure)).toContain('Duration');
		}),
	);
});

describe('Get Balance', () => {
	const balance = { resource: 'account', operation: 'getBalance', prompt: undefined };

	test.concurrent(
		'gives what is left, in USD',
		scene(async ({ run, apixo }) => {
			const result = await run(balance);
			expect(result.items('Good')).toEqual([{ balanceUsd: 100 }]);
			expect(apixo.requests().map(({ kind }) => kind)).toEqual(['balance']);
		}),
	);

	test.concurrent.each<[name: string, effect: Effects]>([
		['HTTP 401', { httpStatus: 401 }],
		['a code 401 in HTTP 200', { code: 401, message: 'unauthorized' }],
	])(
		'says that the key is wrong, on %s',
		scene(async ({ run, apixo }, _name, effect) => {
			apixo.misbehave({ on: 'balance', do: effect });
			const { failure } = await run(balance);
			expect(errorText(failure)).toMatch(/credential/i);
			expect(apixo.requests()).toHaveLength(1);
		}),
	);

	test.concurrent(
		'is asked for again after a 503 and a broken connection',
		scene(async ({ run, apixo }) => {
			apixo.misbehave({ on: 'balance', times: 1, do: { httpStatus: 503 } });
			apixo.misbehave({ on: 'balance', times: 1, do: { reset: true } });
			const result = await run(balance);
			expect(result.items('Good')).toEqual([{ balanceUsd: 100 }]);
		}),
	);
});
