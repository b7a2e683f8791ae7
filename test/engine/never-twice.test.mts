/** Nothing is paid for twice: the emulator's ledger decides. */

import { sleep, type IConnection, type OnError } from 'n8n-workflow';
import type { Effects, Emulator, RequestKind } from '../../emulator/index.mts';
import type { RunOptions, RunResult } from '../support/engine/index.mts';
import {
	scene,
	toldBy,
	type NodeSettings,
	type PanelParameters,
	type Scene,
} from '../support/engine/wan.mts';
import { byPrompt, paidPrompts, prompts, taskIdOf } from './batch.mts';
import { errorText } from './error-text.mts';
import { CONTINUE, RETRY_ON_FAIL } from './settings.mts';
import { nodeExecutionStack } from '../support/engine/retry.mts';
import { required } from '../support/required.mts';
import { until } from './until.mts';

/** Of what was paid for, in order. */
const taskIds = (apixo: Emulator) => apixo.ledger().map(({ taskId }) => taskId);

describe('Retry On Fail', () => {
	test.concurrent.each<OnError>(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'])(
		'with On Error = %s picks up the tasks that were submitted',
		scene(async ({ run, apixo, charged }, onError) => {
			// The first item fails first: with the Continue settings n8n looks at no other for a retry.
			const match = { promptIncludes: 'one' };
			apixo.misbehave({ on: 'status', match, times: 1, do: { httpStatus: 403 } });
			const items = prompts('one', 'two', 'three');
			const result = await run(byPrompt, { items, settings: { ...RETRY_ON_FAIL, onError } });
			expect(result.error).toBeUndefined();
			expect(result.items('Good').map(({ state }) => state)).toEqual(Array(3).fill('success'));
			expect(paidPrompts(charged).sort()).toEqual(['one', 'three', 'two']);
		}),
	);

	test.concurrent(
		'keeps identical items of a batch apart: each is a task of its own',
		scene(async ({ run, apixo }) => {
			apixo.misbehave({ on: 'status', times: 1, do: { httpStatus: 403 } });
			const items = prompts('same', 'same', 'same');
			const result = await run(byPrompt, { items, settings: RETRY_ON_FAIL });
			const given = result.items('Good').map(({ taskId }) => taskId);
			expect(given.sort()).toEqual(taskIds(apixo).sort());
			expect(new Set(given).size).toBe(3);
		}),
	);

	test.concurrent(
		'submits a task that ended failed anew, and no other',
		scene(async ({ run, apixo, charged }) => {
			const match = { promptIncludes: 'two' };
			const fail = { failCode: 'GENERATION_FAILED', failMsg: 'Out of luck' };
			apixo.misbehave({ on: 'submit', match, times: 1, do: { fail } });
			const result = await run(byPrompt, { items: prompts('one', 'two'), settings: RETRY_ON_FAIL });
			expect(result.items('Good')).toMatchObject([{ state: 'success' }, { state: 'success' }]);
			expect(paidPrompts(charged).sort()).toEqual(['one', 'two', 'two']);
		}),
	);

	test.concurrent.each<[name: string, effect: Effects]>([
		['was lost', { loseAnswer: true }],
		['was cut in half', { cut: true }],
		['was malformed', { malformedJson: true }],
		['had no task ID', { noTaskId: true }],
		['came from a gateway that gave up (504)', { httpStatus: 504, accept: true }],
		['was the web page of a gateway (502)', { httpStatus: 502, html: true, accept: true }],
		['was an empty 503 of a gateway', { httpStatus: 503, text: '', accept: true }],
	])(
		'does not pay again when the answer to the submission %s',
		scene(async ({ run, apixo }, _name, effect) => {
			apixo.misbehave({ on: 'submit', times: 1, do: effect });
			const { failure } = await run({}, { settings: RETRY_ON_FAIL });
			expect(failure.message).toMatch(/may/);
			expect(apixo.ledger()).toHaveLength(1);
			expect(apixo.requests({ kind: 'submit' })).toHaveLength(1);
		}),
	);

	test.concurrent(
		'of Submit submits only what is missing',
		scene(async ({ run, apixo, charged }) => {
			const match = { promptIncludes: 'two' };
			apixo.misbehave({ on: 'submit', match, times: 1, do: { httpStatus: 402 } });
			const items = prompts('one', 'two', 'three');
			const parameters = { operation: 'submit', ...byPrompt };
			const result = await run(parameters, { items, settings: RETRY_ON_FAIL });
			const given = result.items('Good').map(({ taskId }) => taskId);
			expect(given.sort()).toEqual(taskIds(apixo).sort());
			expect(paidPrompts(charged).sort()).toEqual(['one', 'three', 'two']);
		}),
	);
});

describe('Retry of a failed execution', () => {
	/** Every item is submitted, then the key is refused: the execution fails with three paid tasks. */
	async function failWithPaidTasks({ plan, start, apixo }: Scene) {
		const rule = apixo.misbehave({ on: 'status', do: { httpStatus: 401 } });
		const planned = plan(byPrompt, { items: prompts('one', 'two', 'three') });
		const result = await start(planned).result;
		expect(result.status).toBe('error');
		rule.remove();
		return { planned, result };
	}

	test.concurrent.each(['original', 'current'])(
		'with the %s workflow picks up the tasks that were submitted',
		scene(async (stage, which) => {
			const { planned, result } = await failWithPaidTasks(stage);
			const paid = taskIds(stage.apixo);
			const workflow = which === 'current' ? planned.workflow : undefined;
			const retried = await stage.retry(result, { ...planned, workflow });
			expect(retried.status).toBe('success');
			const given = retried.items('Good').map(({ taskId }) => taskId);
			expect(given).toEqual(expect.arrayContaining(paid));
			expect(paidPrompts(stage.charged).sort()).toEqual(['one', 'three', 'two']);
		}),
	);

	test.concurrent(
		'names every item that may be paid for, though the first of them ends the try',
		scene(async ({ plan, start, retry, apixo }) => {
			apixo.misbehave({ on: 'submit', do: { noTaskId: true } });
			const items = prompts('one', 'two');
			const failed = await start(plan(byPrompt, { items })).result;
			const oneByOne = plan({ ...byPrompt, options: { maxParallelTasks: 1 } }, { items });
			const text = errorText((await retry(failed, oneByOne)).failure);
			expect(text).toMatch(/may exist and may be billed[^[]*\[item 0\b/);
			expect(text).toMatch(/may exist and may be billed[^[]*\[item 1\b/);
			expect(apixo.ledger()).toHaveLength(2);
		}),
	);

	test.concurrent(
		'of a Retry that failed too still picks them up',
		scene(async (stage) => {
			const { planned, result } = await failWithPaidTasks(stage);
			const rule = stage.apixo.misbehave({ on: 'status', do: { httpStatus: 403 } });
			const again = await stage.retry(result, { ...planned, workflow: undefined });
			expect(again.status).toBe('error');
			rule.remove();
			const last = await stage.retry(again, { ...planned, workflow: undefined });
			expect(last.items('Good')).toHaveLength(3);
			expect(stage.apixo.ledger()).toHaveLength(3);
		}),
	);

	test.concurrent(
		'with another prompt in the current workflow is another request, and gives its own video',
		scene(async (stage) => {
			const { planned, result } = await failWithPaidTasks(stage);
			const workflow = structuredClone(planned.workflow);
			workflow.nodes[1].parameters.prompt = '={{ "new " + $json.prompt }}';
			const retried = await stage.retry(result, { ...planned, workflow });
			const expected = ['new one', 'new two', 'new three'].map((prompt) =>
				taskIdOf(stage.apixo, prompt),
			);
			expect(retried.items('Good').map(({ taskId }) => taskId)).toEqual(expected);
		}),
	);

	test.concurrent.each([
		['the same', '{"size": 1}', 3],
		['another', '{"size": 2}', 6],
	])(
		'with %s Extra Input in the current workflow is the same request only if it is unchanged',
		scene(async (stage, _name, extraInput, charges) => {
			const { plan, retry, start, apixo } = stage;
			apixo.configure({ extraInput: ['size'] });
			const rule = apixo.misbehave({ on: 'status', do: { httpStatus: 401 } });
			const items = prompts('one', 'two', 'three');
			const planned = (json: string) =>
				plan({ ...byPrompt, additionalFields: { extraInput: json } }, { items });
			const result = await start(planned('{"size": 1}')).result;
			rule.remove();
			const { workflow } = planned(extraInput);
			const retried = await retry(result, { ...planned('{"size": 1}'), workflow });
			expect(retried.items('Good')).toHaveLength(3);
			expect(apixo.ledger()).toHaveLength(charges);
		}),
	);

	test.concurrent(
		'after a timeout waits for the same task',
		scene(async ({ plan, start, retry, apixo }) => {
			apixo.misbehave({ on: 'submit', do: { never: true } });
			const planned = plan({ options: { timeout: 0.02 } });
			const result = await start(planned).result;
			const [{ taskId }] = apixo.ledger();
			expect(result.failure.message).toContain(taskId);
			apixo.finish(taskId);
			const retried = await retry(result, { ...planned, workflow: undefined });
			expect(retried.items('Good')).toMatchObject([{ taskId, state: 'success' }]);
			expect(apixo.ledger()).toHaveLength(1);
		}),
	);

	test.concurrent(
		'submits a task that ended failed anew',
		scene(async ({ plan, start, retry, apixo }) => {
			apixo.misbehave({ on: 'submit', times: 1, do: { fail: { failCode: 'Timeout' } } });
			const planned = plan();
			const result = await start(planned).result;
			expect(result.failure.message).toContain(apixo.ledger()[0].taskId);
			const retried = await retry(result, { ...planned, workflow: undefined });
			expect(retried.items('Good')).toMatchObject([{ taskId: apixo.ledger()[1].taskId }]);
			expect(apixo.ledger()).toHaveLength(2);
		}),
	);
});

test.concurrent(
	'A retry that fails at once names the tasks that the first try paid for',
	scene(async ({ run, apixo }) => {
		apixo.misbehave({ on: 'submit', match: { promptIncludes: 'two' }, do: { loseAnswer: true } });
		const items = prompts('one', 'two', 'three');
		const { failure } = await run(byPrompt, { items, settings: RETRY_ON_FAIL });
		const told = errorText(failure);
		expect(told).toMatch(/may exist and may be billed.*\[item 1: ".+"\]/);
		for (const { prompt, taskId } of apixo.tasks()) {
			if (prompt !== 'two') expect(told).toContain(taskId);
		}
		expect(apixo.ledger()).toHaveLength(3);
	}),
);

describe('Retry of an execution that was killed together with n8n, before n8n 2.15', () => {
	const items = prompts('one', 'two');

	test.concurrent.each<[operation: string, parameters: PanelParameters]>([
		['generate', {}],
		['generate', { waitFor: 'callback' }],
		['submit', {}],
	])(
		'submits nothing and says where the tasks are named: %s %o',
		scene(async ({ plan, retry, retryKilled, apixo }, operation, parameters) => {
			const planned = plan({ operation, ...byPrompt, ...parameters }, { items });
			const refused = await retryKilled(planned);
			expect(refused.status).toBe('error');
			expect(refused.failure.message).toMatch(/n8n was killed/);
			expect(refused.failure.description).toMatch(/log of n8n.*Wait operation/);
			for (const workflow of [undefined, planned.workflow]) {
				const again = await retry(refused, { ...planned, workflow });
				expect(again.failure.message).toBe(refused.failure.message);
			}
			expect(apixo.requests()).toEqual([]);
		}),
	);

	test.concurrent.each<OnError>(['continueRegularOutput', 'continueErrorOutput'])(
		'says so in each item, On Error = %s, and Retry On Fail changes nothing',
		scene(async ({ plan, retryKilled, apixo }, onError) => {
			const settings = { onError, ...RETRY_ON_FAIL };
			const result = await retryKilled(plan(byPrompt, { items, settings }));
			const told = [...result.items('Good'), ...result.items('Bad')];
			expect(told.map(toldBy)).toEqual(Array(2).fill(expect.stringMatching(/n8n was killed/)));
			expect(apixo.requests()).toEqual([]);
		}),
	);

	test.concurrent(
		'is not mistaken for that of one which failed before it submitted anything',
		scene(async ({ plan, start, retry, apixo }) => {
			const planned = plan({}, { apiKey: 'no key' });
			const failed = await start(planned).result;
			expect(failed.failure.message).toMatch(/API Key/);
			const retried = await retry(failed, { ...plan(), workflow: undefined });
			expect(retried.items('Good')).toHaveLength(1);
			expect(apixo.ledger()).toHaveLength(1);
		}),
	);
});

test.concurrent.each(['original', 'current'])(
	'Retry of an execution that was killed when n8n had saved its progress, but not yet that it is parked, goes on, with the %s workflow',
	scene(
		async ({ plan, start, retry, apixo }, workflow) => {
			const planned = plan({ waitFor: 'parked' });
			const parked = await start(planned).result;
			parked.saved.data = required(parked.progress, 'progress');
			const [taskId] = taskIds(apixo);
			apixo.finish(taskId);

			const current = workflow === 'current' ? planned.workflow : undefined;
			const retried = await retry(parked, { ...planned, workflow: current });

			expect(retried.items('Good')).toMatchObject([{ taskId, state: 'success' }]);
			expect(apixo.ledger()).toHaveLength(1);
		},
		{ generationMs: Infinity },
	),
);

test.concurrent(
	'Retry of a parked execution with the current workflow disables nothing that may run again in a loop',
	scene(
		async ({ plan, start, retry, apixo }) => {
			const planned = plan({ waitFor: 'parked' });
			const { nodes, connections } = planned.workflow;
			const [source] = nodes;
			nodes.push({ ...source, id: 'Before', name: 'Before', type: 'test.sink', parameters: {} });
			connections.Before = connections.Source;
			connections.Source = { main: [[{ node: 'Before', type: 'main', index: 0 }]] };
			const parked = await start(planned).result;
			apixo.finish(taskIds(apixo)[0]);

			// n8n disables the node that has the name of the first entry, for all that follows.
			const [first] = nodeExecutionStack(parked.saved.data);
			expect(first.node.name).toBe('Source');
			const retried = await retry(parked, planned);
			expect(retried.items('Good')).toHaveLength(1);
		},
		{ generationMs: Infinity },
	),
);

describe('the memory of submitted tasks', () => {
	/** The node runs twice in one execution, as in a loop, with the same items. */
	const twice = ({ workflow, ...plan }: RunOptions): RunOptions => {
		const { nodes, connections } = structuredClone(workflow);
		const [source] = nodes;
		for (const name of ['Round 1', 'Round 2']) {
			nodes.push({ ...source, id: name, name, type: 'test.sink', parameters: {} });
			connections[name] = connections.Source;
		}
		const rounds: IConnection[] = ['Round 1', 'Round 2'].map((node) => ({
			node,
			type: 'main',
			index: 0,
		}));
		const linked = { ...connections, Source: { main: [rounds] } };
		return { ...plan, workflow: { nodes, connections: linked } };
	};

	test.concurrent.each<[name: string, settings: NodeSettings, refusals: number]>([
		['makes a video of its own', {}, 0],
		['is kept apart on a retry', RETRY_ON_FAIL, 1],
	])(
		'of each round of a loop %s',
		scene(async ({ plan, start, apixo }, _name, settings, refusals) => {
			if (refusals) apixo.misbehave({ on: 'status', match: { nth: 2 }, do: { httpStatus: 403 } });
			const result = await start(twice(plan({}, { settings }))).result;
			const given = result
				.taskData('Tested')
				.flatMap(({ data }) => data?.main[0]?.map(({ json }) => json.taskId));
			expect(given).toEqual(taskIds(apixo));
			expect(new Set(given).size).toBe(2);
		}),
	);

	test.concurrent.each<[begun: boolean, onError: OnError]>([
		[true, 'stopWorkflow'],
		[true, 'continueRegularOutput'],
		[false, 'stopWorkflow'],
	])(
		'tells rounds of a loop that had begun before n8n was killed: %s, On Error = %s',
		scene(
			async ({ plan, start, retry, apixo }, begun, onError) => {
				const planned = twice(plan({ waitFor: 'parked' }, { settings: { onError } }));
				const parked = await start(planned).result;
				expect(parked.status).toBe('waiting');
				apixo.setGeneration(0);
				apixo.finish(taskIds(apixo)[0]);
				// What n8n had saved last is where the first round was parked.
				const executionData = structuredClone(parked.saved.data);
				if (begun) await start({ ...planned, executionData }).result;

				const retried = await retry(parked, { ...planned, workflow: undefined });

				expect(apixo.ledger()).toHaveLength(2);
				const [first, second] = retried.taskData('Tested');
				expect(first.data?.main[0]).toMatchObject([{ json: { taskId: taskIds(apixo)[0] } }]);
				const isStopping = onError === 'stopWorkflow';
				const told = second.data?.main[0]?.map(({ json }) => json.error);
				expect(isStopping ? [second.error?.message] : told).toEqual([
					begun ? expect.stringContaining('not known whether this item was submitted') : undefined,
				]);
			},
			{ generationMs: Infinity },
		),
	);

	test.concurrent(
		'does not outlive its execution: running the workflow anew makes a new video',
		scene(async ({ run, apixo }) => {
			await run();
			await run();
			expect(apixo.ledger()).toHaveLength(2);
		}),
	);
});

describe('Stop', () => {
	const remembered = (result: RunResult) =>
		JSON.stringify(result.saved.data.executionData?.contextData);

	const seen = (apixo: Emulator, kind: RequestKind) => apixo.requests({ kind }).length;

	/** Presses Stop as soon as `isSo`, and waits for what follows. */
	async function stopOnce(
		isSo: (apixo: Emulator) => boolean,
		{ start, apixo }: Scene,
		planned: RunOptions,
	) {
		const { cancel, result } = start(planned);
		await until(() => isSo(apixo));
		const requestsBefore = apixo.requests().length;
		const pressedAt = Date.now();
		cancel();
		const stopped = await result;
		const tookMs = Date.now() - pressedAt;
		await sleep(1500);
		return { stopped, tookMs, requestsAfter: apixo.requests().length - requestsBefore };
	}

	test.concurrent(
		'while waiting ends within a second, sends nothing more, and keeps the task IDs',
		scene(
			async (stage) => {
				const planned = stage.plan(byPrompt, { items: prompts('one', 'two') });
				const { stopped, tookMs, requestsAfter } = await stopOnce(
					(apixo) => seen(apixo, 'status') >= 2,
					stage,
					planned,
				);
				expect(stopped.status).toBe('canceled');
				expect(tookMs).toBeLessThan(1000);
				expect(requestsAfter).toBe(0);
				expect(stage.apixo.ledger()).toHaveLength(2);
				for (const taskId of taskIds(stage.apixo)) {
					expect(remembered(stopped)).toContain(taskId);
					expect(errorText(stopped.failure)).toContain(taskId);
				}
				expect(stopped.taskData('Good')).toEqual([]);
			},
			{ generationMs: 30_000 },
		),
	);

	test.concurrent(
		'with On Error = Continue stops all the same',
		scene(
			async (stage) => {
				const planned = stage.plan({}, CONTINUE);
				const { stopped, tookMs, requestsAfter } = await stopOnce(
					(apixo) => seen(apixo, 'status') >= 1,
					stage,
					planned,
				);
				expect(stopped.status).toBe('canceled');
				expect(tookMs).toBeLessThan(1000);
				expect(requestsAfter).toBe(0);
			},
			{ generationMs: 30_000 },
		),
	);

	test.concurrent(
		'keeps queued items from being submitted',
		scene(
			async (stage) => {
				const options = { maxParallelTasks: 1 };
				const items = prompts('one', 'two', 'three');
				const planned = stage.plan({ ...byPrompt, options }, { items });
				await stopOnce((apixo) => seen(apixo, 'status') >= 1, stage, planned);
				expect(paidPrompts(stage.charged)).toEqual(['one']);
			},
			{ generationMs: 30_000 },
		),
	);

	test.concurrent(
		'during the submission waits for its answer, so that the task ID is known',
		scene(async (stage) => {
			const { apixo, start, plan } = stage;
			apixo.misbehave({ on: 'submit', do: { delayMs: 300 } });
			const { cancel, result } = start(plan());
			await until(() => apixo.ledger().length === 1);
			const pressedAt = Date.now();
			cancel();
			const stopped = await result;
			expect(Date.now() - pressedAt).toBeLessThan(1000);
			const [{ taskId }] = apixo.ledger();
			expect(errorText(stopped.failure)).toContain(taskId);
			await sleep(1200);
			expect(apixo.requests({ kind: 'status' })).toEqual([]);
		}),
	);

	test.concurrent(
		'during a submission that is never answered ends within a second too',
		scene(async (stage) => {
			stage.apixo.misbehave({ on: 'submit', do: { delayMs: 60_000 } });
			const { tookMs, requestsAfter, stopped } = await stopOnce(
				(apixo) => seen(apixo, 'submit') === 1,
				stage,
				stage.plan(),
			);
			expect(tookMs).toBeLessThan(1000);
			expect(requestsAfter).toBe(0);
			expect(errorText(stopped.failure)).toMatch(/may/);
		}),
	);

	test.concurrent(
		'during a backoff sends nothing more',
		scene(async (stage) => {
			stage.apixo.misbehave({ on: 'submit', do: { retryAfter: 1 } });
			const { tookMs, requestsAfter } = await stopOnce(
				(apixo) => apixo.requests({ kind: 'submit' })[0]?.endedAt !== undefined,
				stage,
				stage.plan(),
			);
			expect(tookMs).toBeLessThan(1000);
			expect(requestsAfter).toBe(0);
		}),
	);

	test.concurrent(
		'during a status request ends it',
		scene(async (stage) => {
			stage.apixo.misbehave({ on: 'status', do: { delayMs: 30_000 } });
			const { tookMs, requestsAfter } = await stopOnce(
				(apixo) => seen(apixo, 'status') === 1,
				stage,
				stage.plan(),
			);
			expect(tookMs).toBeLessThan(1000);
			expect(requestsAfter).toBe(0);
		}),
	);
});

describe('maxCost', () => {
	const items = prompts('one', 'two', 'three');

	test.concurrent.each(['generate', 'submit'])(
		'keeps %s from submitting anything when the whole run would cost more',
		scene(async ({ run, apixo }, operation) => {
			const options = { maxCost: 1.49 };
			const { failure } = await run({ operation, ...byPrompt, options }, { items });
			expect(errorText(failure)).toMatch(/1\.5/);
			expect(errorText(failure)).toMatch(/1\.49/);
			expect(apixo.requests()).toEqual([]);
		}),
	);

	test.concurrent(
		'lets through what costs exactly as much',
		scene(async ({ run, apixo }) => {
			const result = await run({ ...byPrompt, options: { maxCost: 1.5 } }, { items });
			expect(result.items('Good')).toHaveLength(3);
			expect(apixo.ledger()).toHaveLength(3);
		}),
	);

	test.concurrent.each<OnError>(['continueRegularOutput', 'continueErrorOutput'])(
		'holds with On Error = %s, and each item says why',
		scene(async ({ run, apixo }, onError) => {
			const options = { maxCost: 1 };
			const result = await run({ ...byPrompt, options }, { items, settings: { onError } });
			const told = [...result.items('Good'), ...result.items('Bad')];
			expect(told).toHaveLength(3);
			for (const item of told) expect(toldBy(item)).toMatch(/cost/i);
			expect(apixo.requests()).toEqual([]);
		}),
	);

	test.concurrent(
		'counts nothing twice on a retry: what is paid for stays allowed',
		scene(async ({ run, apixo }) => {
			apixo.misbehave({ on: 'status', times: 1, do: { httpStatus: 403 } });
			const more = { items, settings: RETRY_ON_FAIL };
			const result = await run({ ...byPrompt, options: { maxCost: 1.5 } }, more);
			expect(result.items('Good')).toHaveLength(3);
			expect(apixo.ledger()).toHaveLength(3);
		}),
	);
});
