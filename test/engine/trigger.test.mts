/** Wan Video Trigger: what starts a workflow, and what APIXO is answered. */

import type { INodeParameters } from 'n8n-workflow';
import type { Effects, Emulator } from '../../emulator/index.mts';
import {
	itemsInto,
	triggeredBy,
	type ActiveWorkflow,
	type RunOptions,
	type RunResult,
} from '../support/engine/index.mts';
import { API_KEY, type EmulatorOptions } from '../support/engine/wan.mts';
import { required } from '../support/required.mts';
import { errorText } from './error-text.mts';
import { anyTime, finishedItem } from './finished.mts';
import { sceneWithN8n, type N8nScene } from './n8n-scene.mts';
import { until } from './until.mts';

const credentials = { apixoApi: { id: '1', name: 'APIXO' } };
const type = 'n8n-nodes-apixo.wanVideoTrigger';

interface TriggerScene extends N8nScene {
	/** Publishes a workflow with a trigger. */
	listen: (parameters?: INodeParameters, apiKey?: string) => ActiveWorkflow;
	submit: (callbackUrl: string, options?: INodeParameters) => Promise<RunResult>;
}

/** A scene with an n8n in which a trigger can listen. */
const withTrigger = <Row extends unknown[]>(
	body: (stage: TriggerScene, ...row: Row) => Promise<void>,
	settings: EmulatorOptions = {},
) =>
	sceneWithN8n(
		async (stage, ...row: Row) => {
			const listen: TriggerScene['listen'] = (parameters = {}, apiKey = API_KEY) =>
				stage.n8n.activate({
					...stage.plan({}, { apiKey }),
					workflow: triggeredBy({ type, parameters, credentials }),
				});
			const submit: TriggerScene['submit'] = async (callbackUrl, options = {}) =>
				await stage.run({ operation: 'submit', delivery: 'callback', callbackUrl, options });
			await body({ ...stage, listen, submit }, ...row);
		},
		{ generationMs: 100, ...settings },
	);

/** The results of the executions that were started, once so many calls were answered. */
async function runsAfter(trigger: ActiveWorkflow, answers: number) {
	await until(() => trigger.answers.length >= answers);
	const results = await Promise.all(trigger.runs);
	for (const result of results) expect(result.record).not.toContain(API_KEY);
	return results;
}

const itemsOf = (results: RunResult[]) => results.map((result) => result.items('Good'));

const post = async (url: string, body: unknown) => {
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	return (await fetch(url, { method: 'POST', body: text })).status;
};
const payload = (taskId: string) => ({ code: 200, data: { taskId, state: 'success' } });

/** The only task, and where APIXO reports it. */
function reportedTask(apixo: Emulator) {
	const [{ taskId, callbackUrl }] = apixo.tasks();
	return { taskId, callbackUrl: required(callbackUrl, 'callback URL') };
}

describe('a finished task', () => {
	test.concurrent.each([
		['an object', '={{ ({ row: 7 }) }}'],
		['JSON text', '{"row": 7}'],
	])(
		'starts the workflow, with the context that Submit was given as %s',
		withTrigger(async ({ listen, submit, apixo }, _name, context) => {
			const trigger = listen();
			await submit(trigger.url, { context });
			const results = await runsAfter(trigger, 1);
			const finished = finishedItem(apixo, reportedTask(apixo).taskId);
			expect(itemsOf(results)).toEqual([[{ ...finished, context: { row: 7 }, verified: true }]]);
			expect(trigger.answers).toEqual([200]);
		}),
	);

	test.concurrent(
		'that failed starts it too, and says why',
		withTrigger(async ({ listen, submit, apixo }) => {
			const fail = { failCode: 'NSFW', failMsg: 'Not for children' };
			apixo.misbehave({ on: 'submit', do: { fail } });
			const trigger = listen();
			await submit(trigger.url, { context: '{"row": 7}' });
			const [[item]] = itemsOf(await runsAfter(trigger, 1));
			expect(item).toEqual({
				taskId: reportedTask(apixo).taskId,
				state: 'failed',
				...fail,
				hint: expect.stringMatching(/change the prompt/i),
				createdAt: anyTime,
				completedAt: anyTime,
				context: { row: 7 },
				verified: true,
			});
		}),
	);

	test.concurrent.each([
		['success', ['failed']],
		['failed', ['success']],
	])(
		'with the state %s starts nothing if Trigger On is %s, and is not delivered again',
		withTrigger(async ({ listen, submit, apixo }, state, events) => {
			if (state === 'failed') apixo.misbehave({ on: 'submit', do: { fail: { failCode: 'NSFW' } } });
			const trigger = listen({ events });
			await submit(trigger.url);
			expect(await runsAfter(trigger, 1)).toEqual([]);
			expect(trigger.answers).toEqual([200]);
		}),
	);

	test.concurrent(
		'brings its video when Download Video is on',
		withTrigger(async ({ listen, submit }) => {
			const trigger = listen({ download: true, binaryPropertyName: 'clip' });
			await submit(trigger.url);
			const [result] = await runsAfter(trigger, 1);
			const [item] = result.fullItems('Good');
			expect((await result.binary(item, 'clip')).length).toBeGreaterThan(10_000);
		}),
	);

	test.concurrent(
		'starts the workflow once, however often it is reported',
		withTrigger(async ({ listen, submit, apixo }) => {
			apixo.misbehave({ on: 'callback', do: { duplicate: 3 } });
			const trigger = listen();
			await submit(trigger.url);
			await until(() => trigger.answers.filter((status) => status === 200).length === 4);
			expect(await runsAfter(trigger, 4)).toHaveLength(1);
			expect(trigger.answers.every((status) => [200, 503].includes(status))).toBe(true);
		}),
	);

	test.concurrent(
		'starts it each time when Deduplicate is off',
		withTrigger(async ({ listen, submit, apixo }) => {
			const trigger = listen({ options: { deduplicate: false } });
			await submit(trigger.url);
			await runsAfter(trigger, 1);
			const { callbackUrl, taskId } = reportedTask(apixo);
			await post(callbackUrl, payload(taskId));
			expect(await runsAfter(trigger, 2)).toHaveLength(2);
		}),
	);
});

describe('a report', () => {
	test.concurrent(
		'is not believed: APIXO is asked, and its answer used',
		withTrigger(async ({ listen, submit, apixo }) => {
			const forged = { state: 'failed', failCode: 'NSFW', failMsg: 'A lie' };
			apixo.misbehave({ on: 'callback', do: { forge: { data: forged } } });
			const trigger = listen();
			await submit(trigger.url);
			const [[item]] = itemsOf(await runsAfter(trigger, 1));
			expect(item).toMatchObject({ state: 'success', verified: true });
			expect(JSON.stringify(item)).not.toContain('A lie');
		}),
	);

	test.concurrent(
		'is used as it is when Verify is off, and says so',
		withTrigger(async ({ listen, submit, apixo }) => {
			const trigger = listen({ options: { verify: false } });
			await submit(trigger.url);
			const [[item]] = itemsOf(await runsAfter(trigger, 1));
			expect(item).toMatchObject({ state: 'success', verified: false });
			expect(apixo.requests({ kind: 'status' })).toEqual([]);
		}),
	);

	test.concurrent.each<[name: string, effect: Effects]>([
		['APIXO is down', { httpStatus: 503 }],
		['the connection breaks', { reset: true }],
		['APIXO limits the rate for long', { retryAfter: 60 }],
	])(
		'that cannot be verified because %s is verified again, and then handled',
		withTrigger(async ({ listen, submit, apixo }, _name, effect) => {
			const trouble = apixo.misbehave({ on: 'status', do: effect });
			const trigger = listen();
			await submit(trigger.url);
			await until(() => trigger.answers.length > 0);
			expect(trigger.answers).toEqual([503]);
			expect(trigger.runs).toEqual([]);
			trouble.remove();
			// Either the delivery that is being handled or a later one: APIXO is asked several times in each.
			await until(() => trigger.runs.length > 0);
			const [[item], ...more] = itemsOf(await runsAfter(trigger, 1));
			expect(item).toMatchObject({ state: 'success', verified: true });
			expect(more).toEqual([]);
		}),
		60_000,
	);

	test.concurrent(
		'of a task that is not finished is refused with 503',
		withTrigger(
			async ({ listen, submit, apixo }) => {
				const trigger = listen();
				await submit(trigger.url);
				const { callbackUrl, taskId } = reportedTask(apixo);
				expect(await post(callbackUrl, payload(taskId))).toBe(503);
				expect(await runsAfter(trigger, 1)).toEqual([]);
			},
			{ generationMs: 60_000 },
		),
	);

	test.concurrent(
		'of a task that APIXO does not know is refused with 404',
		withTrigger(
			async ({ listen, submit, apixo }) => {
				const trigger = listen();
				await submit(trigger.url);
				const { callbackUrl } = reportedTask(apixo);
				expect(await post(callbackUrl, payload('task_made_up'))).toBe(404);
				expect(await runsAfter(trigger, 1)).toEqual([]);
			},
			{ generationMs: 60_000 },
		),
	);

	test.concurrent(
		'of which a server in between says that it is unknown is to be delivered again',
		withTrigger(
			async ({ listen, submit, apixo }) => {
				const trigger = listen();
				await submit(trigger.url);
				const { callbackUrl, taskId } = reportedTask(apixo);
				apixo.misbehave({ on: 'status', do: { httpStatus: 404, html: true } });
				expect(await post(callbackUrl, payload(taskId))).toBe(503);
				expect(await runsAfter(trigger, 1)).toEqual([]);
			},
			{ generationMs: 60_000 },
		),
	);

	test.concurrent.each<[name: string, body: unknown]>([
		['nothing', ''],
		['no JSON', '{"data":'],
		['no object', '[]'],
		['null', 'null'],
		['no task', { code: 200, data: null }],
		['a task ID that is none', { data: { taskId: { $gt: '' }, state: 'success' } }],
		['a very long task ID', payload('x'.repeat(100_000))],
	])(
		'that says %s starts nothing and breaks nothing',
		withTrigger(
			async ({ listen, submit, apixo }, _name, body) => {
				const trigger = listen();
				await submit(trigger.url);
				const status = await post(reportedTask(apixo).callbackUrl, body);
				expect(status).toBeGreaterThanOrEqual(400);
				expect(status).not.toBe(500);
				expect(await runsAfter(trigger, 1)).toEqual([]);
			},
			{ generationMs: 60_000 },
		),
	);
});

describe('a signature', () => {
	/** Changes one character in the middle of the longest parameter. */
	const tamper = (url: string) => {
		const target = new URL(url);
		const byLength = [...target.searchParams].sort(([, a], [, b]) => b.length - a.length);
		const [[name, value]] = byLength;
		const middle = value.length >> 1;
		const other = value[middle] === 'A' ? 'B' : 'A';
		target.searchParams.set(name, value.slice(0, middle) + other + value.slice(middle + 1));
		return target.href;
	};

	test.concurrent.each<[name: string, change: (url: string) => string]>([
		['is missing', (url) => url.split('?')[0]],
		['was tampered with', tamper],
		['is empty', (url) => url.replace(/=.*/, '=')],
	])(
		'that %s is refused with 403, and APIXO is not asked',
		withTrigger(
			async ({ listen, submit, apixo }, _name, change) => {
				const trigger = listen();
				await submit(trigger.url, { context: '{"row": 7}' });
				const { callbackUrl, taskId } = reportedTask(apixo);
				expect(await post(change(callbackUrl), payload(taskId))).toBe(403);
				expect(await runsAfter(trigger, 1)).toEqual([]);
				expect(apixo.requests({ kind: 'status' })).toEqual([]);
			},
			{ generationMs: 60_000 },
		),
	);

	test.concurrent(
		'made with another API key is refused',
		withTrigger(async ({ listen, submit }) => {
			const trigger = listen({}, 'sk-another-key');
			await submit(trigger.url);
			expect(await runsAfter(trigger, 1)).toEqual([]);
			expect(trigger.answers[0]).toBe(403);
		}),
	);

	test.concurrent(
		'is not asked for when Require Signature is off; APIXO still is',
		withTrigger(async ({ listen, apixo }) => {
			const trigger = listen({ options: { requireSignature: false } });
			const { taskId } = apixo.addTask();
			expect(await post(trigger.url, payload(taskId))).toBe(200);
			const [[item]] = itemsOf(await runsAfter(trigger, 1));
			expect(item).toMatchObject({ taskId, state: 'success', verified: true });
			expect(await post(trigger.url, payload('task_made_up'))).toBe(404);
		}),
	);

	test.concurrent(
		'carries neither the API key nor anything that reveals it',
		withTrigger(
			async ({ listen, submit, apixo }) => {
				await submit(listen().url, { context: '{"row": 7}', resumeExecution: true });
				const { callbackUrl } = reportedTask(apixo);
				const decoded = [...new URL(callbackUrl).searchParams.values()]
					.flatMap((value) => [value, ...value.split('.')])
					.map((part) => `${part} ${Buffer.from(part, 'base64url')}`);
				expect(decoded.join(' ')).not.toContain(API_KEY);
			},
			{ generationMs: 60_000 },
		),
	);
});

describe('Submit', () => {
	test.concurrent.each([
		'http://10.0.0.1/hook',
		'http://n8n.example/hook',
		'ftp://a.example/x',
		'{{ $json.url }}',
		'https://a.example/hook, https://b.example/hook',
		' ',
	])(
		'refuses the Callback URL "%s" before anything is paid for',
		withTrigger(async ({ submit, apixo }, url) => {
			const { failure } = await submit(url);
			expect(errorText(failure)).toMatch(/Callback URL/);
			expect(apixo.requests()).toEqual([]);
		}),
	);

	test.concurrent(
		'refuses a context that is no JSON before anything is paid for',
		withTrigger(async ({ submit, listen, apixo }) => {
			const { failure } = await submit(listen().url, { context: '{"row":' });
			expect(failure.message).toMatch(/context/i);
			expect(apixo.requests()).toEqual([]);
		}),
	);

	const TEST_URL = 'https://n8n.example.com/webhook-test/1/wan-video';
	const byCallback = { operation: 'submit', delivery: 'callback', callbackUrl: TEST_URL };

	test.concurrent(
		'refuses a Test URL where the workflow runs by itself, before anything is paid for',
		withTrigger(async ({ n8n, plan, apixo }) => {
			const { failure } = await n8n.start({ ...plan(byCallback), mode: 'trigger' }).final;
			expect(failure.message).toMatch(/Test URL.*enter the Production URL/);
			expect(apixo.requests()).toEqual([]);
		}),
	);

	test.concurrent.each([
		['to a Test URL', TEST_URL, /Test URL: it takes one call/],
		['to a port', 'https://n8n.example.com:5678/webhook/1/wan-video', /has the port 5678/],
	])(
		'warns of a delivery %s, run by hand',
		withTrigger(async ({ run, charged }, _name, callbackUrl, said) => {
			const result = await run({ ...byCallback, callbackUrl }, { mode: 'manual' });
			const hints = result.hints('Tested').map(({ message }) => message);
			expect(hints).toContainEqual(expect.stringMatching(said));
			expect(charged()).toHaveLength(1);
		}),
	);

	test.concurrent.each([
		['a character that nobody sees', (url: string) => `${url}\u200b`],
		['angle brackets', (url: string) => `<${url}>`],
		['words before it', (url: string) => `Production URL: ${url}`],
	])(
		'takes a Callback URL out of %s that came along',
		withTrigger(async ({ submit, listen, apixo }, _what, copied) => {
			const trigger = listen();
			await submit(copied(trigger.url));
			await runsAfter(trigger, 1);
			expect(reportedTask(apixo).callbackUrl.startsWith(`${trigger.url}?`)).toBe(true);
		}),
	);

	test.concurrent(
		'keeps what the Callback URL carries already',
		withTrigger(async ({ submit, listen, apixo }) => {
			const trigger = listen();
			await submit(`${trigger.url}?mine=1`);
			await runsAfter(trigger, 1);
			expect(new URL(reportedTask(apixo).callbackUrl).searchParams.get('mine')).toBe('1');
		}),
	);

	/** Items → Submit → Wait → Good. */
	function submitAndWait(plan: RunOptions): RunOptions {
		const [, submitNode] = plan.workflow.nodes;
		const { nodes, connections } = itemsInto([{}], submitNode);
		nodes.push({ ...nodes[2], id: 'id-Wait', name: 'Wait', type: 'test.wait' });
		connections.Tested = { main: [[{ node: 'Wait', type: 'main', index: 0 }]] };
		connections.Wait = { main: [[{ node: 'Good', type: 'main', index: 0 }]] };
		return { ...plan, workflow: { nodes, connections } };
	}

	test.concurrent.each<[name: string, options: INodeParameters, isResumed: boolean]>([
		['is resumed with the finished task', {}, true],
		['is left alone when Resume Waiting is off', { resumeWaiting: false }, false],
	])(
		'with Resume Execution: the Wait node behind it %s',
		withTrigger(async ({ n8n, listen, plan, apixo }, _name, options, isResumed) => {
			const trigger = listen({ options });
			const planned = plan({
				operation: 'submit',
				delivery: 'callback',
				callbackUrl: trigger.url,
				options: { resumeExecution: true },
			});
			const execution = n8n.start({ ...submitAndWait(planned), mode: 'trigger' });
			await execution.parked;
			expect(await runsAfter(trigger, 1)).toHaveLength(1);
			expect(execution.resumed).toBe(isResumed ? 1 : 0);
			if (!isResumed) return;
			const [{ body }] = (await execution.final).items('Good');
			const { taskId } = reportedTask(apixo);
			const videoUrl = expect.stringContaining(taskId);
			expect(body).toMatchObject({ taskId, state: 'success', videoUrl });
		}),
		30_000,
	);
});
