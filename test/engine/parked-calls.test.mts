/** Who calls an execution that waits by callback, and what comes of it. */

import { startEmulator, type Effects, type Emulator } from '../../emulator/index.mts';
import { API_KEY } from '../support/engine/wan.mts';
import { required } from '../support/required.mts';
import { prompts, taskIdOf } from './batch.mts';
import { errorText } from './error-text.mts';
import { parkedScene, taskIdsOf, three } from './parked-scene.mts';
import { until } from './until.mts';

/** Ends tasks after a while, so that their callbacks come by themselves. */
const QUICK = { generationMs: 300 };

/** The URL that APIXO calls for a task. */
const callbackUrlOf = ({ tasks }: Pick<Emulator, 'tasks'>) =>
	new URL(required(tasks()[0].callbackUrl, 'callback URL'));

async function post(url: URL | string, body: unknown) {
	const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
	return answer.status;
}

const reportOf = (taskId: string, more: object = {}) => ({
	code: 200,
	data: { taskId, state: 'success', ...more },
});

describe('the callbacks of an execution', () => {
	test.concurrent(
		'all go to its own path, with nothing that tells one item from another',
		parkedScene(async ({ start, charged, n8n }) => {
			const execution = start('callback', three);
			await execution.parked;
			const bodies = charged();
			expect(bodies.map((body) => body.request_type)).toEqual(Array(3).fill('callback'));
			const [url, ...others] = new Set(bodies.map((body) => body.callback_url));
			expect(others).toEqual([]);
			const path = `${n8n.origin}/webhook-waiting/${execution.id}/wan-video`;
			expect(url).toMatch(new RegExp(`^${path}\\?signature=[^&]+$`));
		}),
	);

	test.concurrent(
		'wake it once although each comes three times',
		parkedScene(async ({ start, apixo }) => {
			apixo.misbehave({ on: 'callback', do: { duplicate: 2 } });
			const execution = start('callback', three);
			const result = await execution.final;
			expect(result.items('Good')).toHaveLength(3);
			expect(execution.resumed).toBe(1);
		}, QUICK),
	);

	test.concurrent(
		'are delivered again if they come before it is parked',
		parkedScene(async ({ start, apixo }) => {
			apixo.misbehave({ on: 'callback', do: { early: true } });
			const result = await start('callback', three).final;
			expect(result.items('Good')).toHaveLength(3);
		}, QUICK),
	);

	test.concurrent(
		'of another execution are none of it, even with the same task ID',
		parkedScene(async ({ start, apixo }) => {
			const half = start('callback', { items: prompts('quick', 'slow') });
			await half.parked;
			apixo.finish(taskIdOf(apixo, 'quick'));
			await until(() => apixo.callbacks().length > 0);
			// The same seed gives the same task IDs.
			const keys = { [API_KEY]: { balanceUsd: 1 } };
			const elsewhere = await startEmulator({ port: 0, keys, generationMs: 100 });
			const { baseUrl, origin } = elsewhere;
			const result = await start('callback', { items: prompts('quick'), baseUrl }).final;
			await elsewhere.close();
			expect(taskIdOf(apixo, 'quick')).toBe(result.items('Good')[0].taskId);
			expect(result.items('Good')[0].videoUrl).toContain(origin);
			expect(half.state).toBe('waiting');
		}),
	);

	test.concurrent(
		'may be lost: when its time comes, it finds the videos all the same',
		parkedScene(async ({ start, apixo }) => {
			apixo.misbehave({ on: 'callback', do: { lose: true } });
			const execution = start('callback', three);
			await execution.parked;
			for (const taskId of taskIdsOf(apixo)) apixo.finish(taskId);
			const result = await execution.expire();
			expect(result.items('Good').map(({ taskId }) => taskId)).toEqual(taskIdsOf(apixo));
		}),
	);

	test.concurrent(
		'that come late reach nothing of what is parked after the node',
		parkedScene(async ({ plan, n8n, apixo }) => {
			const { workflow, ...planned } = plan({
				waitFor: 'callback',
				// Long enough for n8n to have set no timer yet: see late-call.test.mts.
				options: { firstPollDelay: 300 },
			});
			const approval = { ...required(workflow.nodes[2], 'node Good'), type: 'test.wait' };
			workflow.nodes[2] = { ...approval, id: 'id-Approval', name: 'Approval' };
			workflow.nodes.push({ ...approval, type: 'test.sink' });
			workflow.connections.Tested = { main: [[{ node: 'Approval', type: 'main', index: 0 }]] };
			workflow.connections.Approval = { main: [[{ node: 'Good', type: 'main', index: 0 }]] };
			const execution = n8n.start({ ...planned, workflow, mode: 'trigger' });
			await execution.parked;
			const [{ taskId }] = apixo.tasks();
			apixo.finish(taskId);
			await until(() => execution.resumed === 1 && execution.state === 'waiting');

			expect(await post(callbackUrlOf(apixo), reportOf(taskId))).toBe(404);
			expect(execution.state).toBe('waiting');
			const approved = callbackUrlOf(apixo).href.replace('/wan-video', '');
			expect(await post(approved, { approved: true })).toBe(200);
			const result = await execution.final;
			expect(result.items('Good')).toMatchObject([{ body: { approved: true } }]);
		}),
	);
});

describe('what a callback says', () => {
	test.concurrent.each<[name: string, effect: Effects]>([
		['a success that is none', { forge: { data: { state: 'success', resultJson: '{}' } } }],
		['a failure that is none', { forge: { data: { state: 'failed', failCode: 'NSFW' } } }],
	])(
		'is not believed: %s',
		parkedScene(async ({ start, apixo }, _name, effect) => {
			apixo.misbehave({ on: 'callback', do: effect });
			const result = await start('callback', three).final;
			expect(result.items('Good').map(({ taskId }) => taskId)).toEqual(taskIdsOf(apixo));
			for (const { videoUrl } of result.items('Good')) expect(videoUrl).toContain(apixo.origin);
		}, QUICK),
	);

	test.concurrent(
		'costs one poll if its task is unfinished, and the execution is parked again',
		parkedScene(async ({ start, apixo }) => {
			const execution = start('callback', { items: prompts('one') });
			await execution.parked;
			const taskId = taskIdOf(apixo, 'one');
			for (const resumed of [1, 2]) {
				const forged = reportOf(taskId, { resultJson: '{"resultUrls":["https://evil.example/"]}' });
				expect(await post(callbackUrlOf(apixo), forged)).toBe(200);
				await until(() => execution.resumed === resumed && execution.state === 'waiting');
				expect(apixo.requests({ kind: 'status' })).toHaveLength(resumed);
			}
			apixo.finish(taskId);
			const result = await execution.final;
			expect(result.items('Good')).toMatchObject([{ taskId, state: 'success' }]);
			expect(result.items('Good')[0].videoUrl).toContain(apixo.origin);
		}),
	);

	test.concurrent.each<[name: string, body: unknown, status: number]>([
		['of another task finds nobody', reportOf('task_of_someone_else'), 404],
		['of no task is refused', { code: 200 }, 400],
		['of one of several tasks wakes nothing', 'the first task', 200],
	])(
		'%s',
		parkedScene(async ({ start, apixo }, _name, body, status) => {
			const execution = start('callback', three);
			await execution.parked;
			const url = callbackUrlOf(apixo);
			// Version 0.1 told by this which item was meant.
			url.searchParams.set('item', '1');
			const posted = body === 'the first task' ? reportOf(taskIdOf(apixo, 'one')) : body;
			expect(await post(url, posted)).toBe(status);
			expect([execution.state, execution.resumed]).toEqual(['waiting', 0]);
			expect(apixo.requests({ kind: 'status' })).toEqual([]);
		}),
	);

	test.concurrent.each<[name: string, effect: Effects]>([
		['APIXO is down', { httpStatus: 503 }],
		['APIXO limits the rate', { httpStatus: 429 }],
		['the connection breaks', { reset: true }],
		['the answer is no JSON', { malformedJson: true }],
	])(
		'is asked for again at once while %s, and nothing is lost',
		parkedScene(async ({ start, apixo }, _name, effect) => {
			apixo.misbehave({ on: 'status', times: 2, do: effect });
			const execution = start('callback', { items: prompts('one') });
			const result = await execution.final;
			expect(result.items('Good')).toMatchObject([{ state: 'success' }]);
			expect(execution.resumed).toBe(1);
			expect(apixo.requests({ kind: 'status' })).toHaveLength(3);
		}, QUICK),
	);
});

describe('the address of n8n', () => {
	test.concurrent.each(['http://10.1.2.3:5678', 'http://n8n.internal', 'http://n8n.example'])(
		'%s is refused before anything is paid for, with the advice to set WEBHOOK_URL',
		parkedScene(async ({ start, apixo }, resumeOrigin) => {
			const result = await start('callback', { ...three, resumeOrigin }).final;
			expect(errorText(result.failure)).toContain('WEBHOOK_URL');
			expect(errorText(result.failure)).toContain('Parked Polling');
			expect(apixo.requests()).toEqual([]);
		}),
	);

	test.concurrent(
		'is accepted if it is public and HTTPS',
		parkedScene(async ({ start, apixo }) => {
			const resumeOrigin = 'https://n8n.example.com';
			const result = await start('callback', { ...three, resumeOrigin }).parked;
			expect(result.status).toBe('waiting');
			for (const { callbackUrl } of apixo.tasks()) {
				expect(callbackUrl).toMatch(
					/^https:\/\/n8n\.example\.com\/webhook-waiting\/\d+\/wan-video\?/,
				);
			}
		}),
	);
});
