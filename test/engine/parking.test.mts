/**
 * What the callback wait relies on in n8n's engine: how an execution is parked, and how it goes on.
 * See harness.test.mts for the rest.
 */

import { NodeOperationError, sleep } from 'n8n-workflow';
import { runWorkflow, startN8n } from '../support/engine/index.mts';
import { probe } from './probe.mts';

const webhooks = [
	{
		name: 'default',
		httpMethod: 'POST',
		responseMode: 'onReceived',
		path: '',
		restartWebhook: true,
		isFullPath: true,
	},
];

/** Parks two items, and gives the resume URL as what is shown meanwhile. */
const park = (settings = {}) =>
	async function () {
		this.getExecuteData().data.main[0] = [0, 1].map((item) => ({
			json: { error: 'Nobody called', details: { taskId: `task_${item}` } },
			pairedItem: { item },
		}));
		const resumeError = new NodeOperationError(this.getNode(), 'Nobody called at all');
		if (settings.fails) this.setMetadata({ resumeError });
		await this.putExecutionToWait(new Date(Date.now() + 60_000));
		return [[{ json: { url: this.evaluateExpression('{{ $execution.resumeUrl }}', 0) } }]];
	};

/** Goes on with what the caller posted, or stays parked when that is nothing. */
const webhook = async function () {
	const { numbers, fails } = this.getBodyData();
	const parked = this.evaluateExpression('{{ $input.all() }}', 0);
	if (!numbers) return { webhookResponse: { parked: parked.length } };
	const resumeError = fails && new NodeOperationError(this.getNode(), 'The caller says no');
	this.executeData.metadata = { ...this.executeData.metadata, resumeError };
	return { workflowData: [numbers.map((n, item) => ({ json: { n }, pairedItem: { item } }))] };
};

const post = async (url, body) => {
	const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
	return { status: answer.status, body: await answer.json() };
};

let n8n;
beforeAll(async () => {
	n8n = await startN8n();
});
afterAll(async () => await n8n.close());

const items = [{ name: 'a' }, { name: 'b' }];
const plan = (execute, settings) =>
	probe(execute, { items, description: { webhooks }, webhook, ...settings });

async function parkedAt(execute, settings) {
	const execution = n8n.start(plan(execute, settings));
	const result = await execution.parked;
	return { execution, result, url: result.items('Tested')[0].url };
}

test('a parked execution is stored as waiting, with the parked items to go on from', async () => {
	const resumeOrigin = 'https://n8n.test';
	const result = await runWorkflow({ ...plan(park()), resumeOrigin });
	expect(result.status).toBe('waiting');
	const [{ url }] = result.items('Tested');
	expect(url).toMatch(/^https:\/\/n8n\.test\/webhook-waiting\/\d+\?signature=/);
	const [entry] = result.saved.data.executionData.nodeExecutionStack;
	expect(entry.data.main[0]).toHaveLength(2);
	expect(result.taskData('Good')).toEqual([]);
});

test('a call that brings no items is answered, and the execution stays parked', async () => {
	const { execution, url } = await parkedAt(park());
	expect(await post(url, {})).toEqual({ status: 200, body: { parked: 2 } });
	expect(execution.state).toBe('waiting');
});

test('a call that brings items goes on with them, once', async () => {
	const { execution, url } = await parkedAt(park());
	await Promise.all([post(url, { numbers: [1, 2] }), post(url, { numbers: [1, 2] })]);
	const result = await execution.final;
	expect(result.items('Good')).toEqual([{ n: 1 }, { n: 2 }]);
	expect(execution.resumed).toBe(1);
	expect((await post(url, {})).status).toBe(409);
});

test('a call without the token, or while the execution runs, is refused', async () => {
	const { url } = await parkedAt(park());
	expect((await post(url.replace(/signature=.*/, ''), {})).status).toBe(401);
	const running = n8n.start(plan(async () => await sleep(200)));
	expect((await post(`${n8n.origin}/webhook-waiting/${running.id}`, {})).status).toBe(409);
	await running.final;
});

test('at the deadline the parked items go on, to the error output if they have its keys', async () => {
	const { execution } = await parkedAt(park(), { onError: 'continueErrorOutput' });
	const result = await execution.expire();
	const told = (item) => ({ error: 'Nobody called', details: { taskId: `task_${item}` } });
	expect(result.items('Bad')).toEqual([
		{ name: 'a', ...told(0) },
		{ name: 'b', ...told(1) },
	]);
});

test('at the deadline an execution with a resumeError fails, and nothing runs after the node', async () => {
	const { execution } = await parkedAt(park({ fails: true }));
	const result = await execution.expire();
	expect(result.status).toBe('error');
	expect(result.error.message).toBe('Nobody called at all');
	expect(result.taskData('Good')).toEqual([]);
});

test('webhook() decides anew whether the execution fails', async () => {
	const failing = await parkedAt(park({ fails: true }));
	await post(failing.url, { numbers: [1], fails: true });
	expect((await failing.execution.final).error.message).toBe('The caller says no');

	const fine = await parkedAt(park({ fails: true }));
	await post(fine.url, { numbers: [1] });
	expect((await fine.execution.final).items('Good')).toEqual([{ n: 1 }]);
});
