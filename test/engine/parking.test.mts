/**
 * What the callback wait relies on in n8n's engine: how an execution is parked, and how it resumes.
 * See harness.test.mts for the rest.
 */

import {
	NodeOperationError,
	sleep,
	type ITaskMetadata,
	type IWebhookDescription,
	type IWebhookFunctions,
} from 'n8n-workflow';
import { runWorkflow, startN8n, type N8nStandIn } from '../support/engine/index.mts';
import { nodeExecutionStack } from '../support/engine/retry.mts';
import { required } from '../support/required.mts';
import { probe, type Execute, type ProbeOptions } from './probe.mts';

const webhooks: IWebhookDescription[] = [
	{
		name: 'default',
		httpMethod: 'POST',
		responseMode: 'onReceived',
		path: '',
		restartWebhook: true,
		isFullPath: true,
	},
];

/** n8n reads this field, but its type does not have it. */
const withResumeError = (
	resumeError: NodeOperationError | undefined,
	metadata?: ITaskMetadata,
): ITaskMetadata => Object.assign({}, metadata, { resumeError });

/** The entry from which n8n resumes: there at run time, but not in the type. */
function entryOf(context: IWebhookFunctions): { metadata?: ITaskMetadata } {
	const { executeData } = context as { executeData?: { metadata?: ITaskMetadata } };
	return required(executeData, 'executeData of the context');
}

/** Parks two items, and gives the resume URL as what is shown meanwhile. */
const park = ({ fails = false } = {}): Execute =>
	async function () {
		this.getExecuteData().data.main[0] = [0, 1].map((item) => ({
			json: { error: 'Nobody called', details: { taskId: `task_${item}` } },
			pairedItem: { item },
		}));
		const resumeError = new NodeOperationError(this.getNode(), 'Nobody called at all');
		if (fails) this.setMetadata(withResumeError(resumeError));
		await this.putExecutionToWait(new Date(Date.now() + 60_000));
		return [[{ json: { url: this.evaluateExpression('{{ $execution.resumeUrl }}', 0) } }]];
	};

/** Resumes with what the caller posted, or stays parked when that is nothing. */
const webhook: ProbeOptions['webhook'] = async function () {
	const { numbers, fails } = this.getBodyData();
	if (!Array.isArray(numbers)) {
		const parked = this.evaluateExpression('{{ $input.all() }}', 0);
		return { webhookResponse: { parked: Array.isArray(parked) && parked.length } };
	}
	const error = new NodeOperationError(this.getNode(), 'The caller says no');
	const entry = entryOf(this);
	entry.metadata = withResumeError(fails ? error : undefined, entry.metadata);
	return { workflowData: [numbers.map((n, item) => ({ json: { n }, pairedItem: { item } }))] };
};

const post = async (url: string, body: object) => {
	const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
	return { status: answer.status, body: await answer.json() };
};

let n8n: N8nStandIn;
beforeAll(async () => {
	n8n = await startN8n();
});
afterAll(async () => await n8n.close());

const items = [{ name: 'a' }, { name: 'b' }];
const plan = (execute: Execute, settings?: ProbeOptions) =>
	probe(execute, { items, description: { webhooks }, webhook, ...settings });

async function parkedAt(execute: Execute, settings?: ProbeOptions) {
	const execution = n8n.start(plan(execute, settings));
	const result = await execution.parked;
	return { execution, url: String(result.items('Tested')[0].url) };
}

test('a parked execution is stored as waiting, with the parked items to resume from', async () => {
	const resumeOrigin = 'https://n8n.test';
	const result = await runWorkflow({ ...plan(park()), resumeOrigin });
	expect(result.status).toBe('waiting');
	const [{ url }] = result.items('Tested');
	expect(url).toMatch(/^https:\/\/n8n\.test\/webhook-waiting\/\d+\?signature=/);
	const [entry] = nodeExecutionStack(result.saved.data);
	expect(entry.data.main[0]).toHaveLength(2);
	expect(result.taskData('Good')).toEqual([]);
});

test('a call that brings no items is answered, and the execution stays parked', async () => {
	const { execution, url } = await parkedAt(park());
	expect(await post(url, {})).toEqual({ status: 200, body: { parked: 2 } });
	expect(execution.state).toBe('waiting');
});

test('a call that brings items resumes with them, once', async () => {
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
	const running = n8n.start(
		plan(async () => {
			await sleep(200);
			return [[]];
		}),
	);
	expect((await post(`${n8n.origin}/webhook-waiting/${running.id}`, {})).status).toBe(409);
	await running.final;
});

test('at the deadline it resumes with the parked items, on the error output if they have its keys', async () => {
	const { execution } = await parkedAt(park(), { onError: 'continueErrorOutput' });
	const result = await execution.expire();
	const told = (item: number) => ({ error: 'Nobody called', details: { taskId: `task_${item}` } });
	expect(result.items('Bad')).toEqual([
		{ name: 'a', ...told(0) },
		{ name: 'b', ...told(1) },
	]);
});

test('at the deadline an execution with a resumeError fails, and nothing runs after the node', async () => {
	const { execution } = await parkedAt(park({ fails: true }));
	const result = await execution.expire();
	expect(result.status).toBe('error');
	expect(result.failure.message).toBe('Nobody called at all');
	expect(result.taskData('Good')).toEqual([]);
});

test('webhook() decides anew whether the execution fails', async () => {
	const failing = await parkedAt(park({ fails: true }));
	await post(failing.url, { numbers: [1], fails: true });
	expect((await failing.execution.final).failure.message).toBe('The caller says no');

	const fine = await parkedAt(park({ fails: true }));
	await post(fine.url, { numbers: [1] });
	expect((await fine.execution.final).items('Good')).toEqual([{ n: 1 }]);
});
