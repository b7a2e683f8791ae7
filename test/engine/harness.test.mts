/**
 * What the package relies on in n8n's engine, shown with small nodes of our own, so that a change in
 * n8n is told apart from a fault in the package. Proves the harness at the same time.
 */

import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import {
	sleep,
	type ICredentialType,
	type IHttpRequestOptions,
	type INodeTypeDescription,
	type NodeOutput,
} from 'n8n-workflow';
import {
	agentWith,
	binaryFolder,
	retryWorkflow,
	runWorkflow,
	startWorkflow,
	type AgentKind,
} from '../support/engine/index.mts';
import { originOf } from '../support/origin.mts';
import { probe, type Execute } from './probe.mts';

const bearerApi: ICredentialType = {
	name: 'bearerApi',
	displayName: 'Bearer',
	properties: [
		{ displayName: 'Key', name: 'key', type: 'string', default: '' },
		{ displayName: 'Path', name: 'path', type: 'string', default: '/default-path' },
	],
	authenticate: {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{$credentials.key}}' } },
	},
};

const server = http.createServer((request, response) => {
	const isKnown = request.headers.authorization === 'Bearer right-key';
	response.writeHead(request.url === '/bytes' || isKnown ? 200 : 401);
	response.end(request.url === '/bytes' ? Buffer.alloc(100_000, 7) : request.url);
});

beforeAll(async () => {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
});

afterAll(() => server.close());

describe('items', () => {
	const addOne: Execute = async function () {
		return [
			this.getInputData().map((_, item) => ({
				json: { sum: this.getNodeParameter('sum', item) },
				pairedItem: { item },
			})),
		];
	};
	const description: Partial<INodeTypeDescription> = {
		properties: [{ displayName: 'Sum', name: 'sum', type: 'string', default: '', required: true }],
	};

	test('go through expressions, paired', async () => {
		const parameters = { sum: '={{ $json.n + 1 }}' };
		const options = probe(addOne, { items: [{ n: 1 }, { n: 2 }], description, parameters });
		const result = await runWorkflow(options);
		expect(result.status).toBe('success');
		expect(result.items('Good')).toEqual([{ sum: 2 }, { sum: 3 }]);
		expect(result.fullItems('Tested')[1].pairedItem).toEqual({ item: 1 });
	});

	test('do not reach a node whose required parameter is missing', async () => {
		const result = await runWorkflow(probe(addOne, { description, parameters: { sum: '' } }));
		expect(result.status).toBe('error');
		expect(result.failure.message).toContain('has issues');
		expect(result.taskData('Tested')).toEqual([]);
	});

	test('come with the hints that the node gave', async () => {
		const result = await runWorkflow(
			probe(async function () {
				this.addExecutionHints({ message: 'Mind the step', location: 'outputPane' });
				return [[{ json: {} }]];
			}),
		);
		expect(result.hints('Tested')).toEqual([{ message: 'Mind the step', location: 'outputPane' }]);
	});
});

describe('an authenticated request', () => {
	const ask: Execute = async function () {
		const { path } = await this.getCredentials('bearerApi');
		const request = { url: `${originOf(server)}${path}` };
		const { httpRequestWithAuthentication } = this.helpers;
		const answer = await httpRequestWithAuthentication.call(this, 'bearerApi', request);
		return [[{ json: { answer } }]];
	};
	const run = async (key: string) =>
		await runWorkflow({
			...probe(ask, {
				description: { credentials: [{ name: 'bearerApi', required: true }] },
				credentials: { bearerApi: { id: '1', name: 'Bearer' } },
			}),
			credentialTypes: { bearerApi },
			credentials: { bearerApi: { key } },
		});

	test('carries the credential, with the defaults of its fields', async () => {
		const result = await run('right-key');
		expect(result.items('Good')).toEqual([{ answer: '/default-path' }]);
	});

	test('that is refused fails as a NodeApiError', async () => {
		const { error } = await run('wrong-key');
		expect(error).toMatchObject({ name: 'NodeApiError', httpCode: '401' });
	});
});

describe('On Error', () => {
	const withDetails = { error: 'No', details: { taskId: 'task_1' } };
	const mixed: Execute = async () => [
		[
			{ json: { fine: true }, pairedItem: { item: 0 } },
			{ json: withDetails, pairedItem: { item: 1 } },
			{ json: { error: 'No', taskId: 'task_2' }, pairedItem: { item: 2 } },
		],
	];
	const items = [{ n: 0 }, { n: 1 }, { n: 2 }];

	test('= error output moves an item only if its keys are error, message, details', async () => {
		const result = await runWorkflow(probe(mixed, { items, onError: 'continueErrorOutput' }));
		expect(result.items('Bad')).toEqual([{ n: 1, ...withDetails }]);
		expect(result.items('Good')).toHaveLength(2);
	});

	test('= continue leaves the items where they are', async () => {
		const result = await runWorkflow(probe(mixed, { items, onError: 'continueRegularOutput' }));
		expect(result.items('Good')).toHaveLength(3);
		expect(result.items('Bad')).toEqual([]);
	});
});

describe('the memory of a node (getContext)', () => {
	/** Fails until the third call, and counts the calls in the memory and outside of it. */
	function failingTwice(fail: () => NodeOutput) {
		const calls = { count: 0 };
		const execute: Execute = async function () {
			const memory = this.getContext('node');
			memory.calls = (memory.calls ?? 0) + 1;
			calls.count += 1;
			if (memory.calls < 3) return fail();
			return [[{ json: { calls: memory.calls } }]];
		};
		return { calls, execute };
	}
	const throwing = (): never => {
		throw new Error('Not yet');
	};
	const fastRetry = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

	test('survives Retry On Fail', async () => {
		const { execute, calls } = failingTwice(throwing);
		const result = await runWorkflow(probe(execute, fastRetry));
		expect(result.items('Good')).toEqual([{ calls: 3 }]);
		expect(calls.count).toBe(3);
	});

	test('is needed even if the node throws nothing: an error key in the first item means a retry', async () => {
		const { execute, calls } = failingTwice(() => [[{ json: { error: 'Not yet' } }]]);
		await runWorkflow(probe(execute, { ...fastRetry, onError: 'continueRegularOutput' }));
		expect(calls.count).toBe(3);
	});

	test.each(['original', 'current'])('survives a Retry with the %s workflow', async (which) => {
		const { execute } = failingTwice(throwing);
		const options = probe(execute);
		let result = await runWorkflow(options);
		const retried = which === 'current' ? options : { ...options, workflow: undefined };
		for (let left = 2; left > 0; left -= 1) {
			expect(result.failure.message).toBe('Not yet');
			result = await retryWorkflow(result, retried);
		}
		expect(result.items('Good')).toEqual([{ calls: 3 }]);
	});
});

describe('Stop', () => {
	test('reaches the node through its signal, and what it remembered is stored', async () => {
		let stoppedAt = Infinity;
		const execute: Execute = async function () {
			this.getContext('node').taskId = 'task_1';
			const signal = this.getExecutionCancelSignal();
			while (!signal?.aborted) await sleep(5);
			stoppedAt = Date.now();
			throw new Error('Stopped');
		};
		const run = startWorkflow(probe(execute));
		await sleep(50);
		const pressedAt = Date.now();
		run.cancel();
		const result = await run.result;
		expect(result.status).toBe('canceled');
		expect(stoppedAt - pressedAt).toBeLessThan(500);
		expect(result.saved.data.executionData?.contextData).toEqual({
			'node:Tested': { taskId: 'task_1' },
		});
		expect(result.taskData('Good')).toEqual([]);
	});
});

describe('binary data', () => {
	const download: Execute = async function () {
		const request: IHttpRequestOptions = {
			url: `${originOf(server)}/bytes`,
			encoding: 'stream',
			returnFullResponse: true,
		};
		const { body } = await this.helpers.httpRequest(request);
		const data = await this.helpers.prepareBinaryData(body, 'seven.mp4', 'video/mp4');
		return [[{ json: {}, binary: { data } }]];
	};

	test.each(['default', 'filesystem'] as const)('streams into %s mode', async (binaryMode) => {
		const result = await runWorkflow({ ...probe(download), binaryMode });
		const [item] = result.fullItems('Good');
		expect(item.binary?.data).toMatchObject({ fileName: 'seven.mp4', mimeType: 'video/mp4' });
		expect(await result.binary(item)).toEqual(Buffer.alloc(100_000, 7));
		expect(item.binary?.data.id !== undefined).toBe(binaryMode === 'filesystem');
	});

	test('of filesystem mode is in files of the run', () => {
		const files = fs.readdirSync(binaryFolder(), { recursive: true, withFileTypes: true });
		expect(files.some((file) => file.isFile())).toBe(true);
	});
});

describe('as a tool of an agent', () => {
	const answer: Execute = async function () {
		const wish = this.getNodeParameter('wish', 0);
		return [[{ json: { wish, isTool: this.isToolExecution(), type: this.getNode().type } }]];
	};
	const description: Partial<INodeTypeDescription> = {
		usableAsTool: true,
		properties: [{ displayName: 'Wish', name: 'wish', type: 'string', default: '' }],
	};
	const tested = {
		type: 'test.probeTool',
		parameters: { toolDescription: 'Grants wishes', wish: "={{ $fromAI('wish', 'a wish') }}" },
	};
	const run = async (kind: AgentKind) =>
		await runWorkflow({
			...probe(answer, { description }),
			workflow: agentWith(kind, { wish: 'a fox' }, tested),
		});

	test('a node that the agent invokes knows that it is one', async () => {
		const [item] = (await run('agent')).items('Good');
		expect(item).toMatchObject({ toolName: 'Tested', description: 'Grants wishes' });
		const expected = [{ wish: 'a fox', isTool: true, type: 'test.probeTool' }];
		expect(JSON.parse(String(item.answer))).toEqual(expected);
	});

	test('a node that the engine runs for the agent knows it from its type alone', async () => {
		const result = await run('engineAgent');
		const expected = { wish: 'a fox', isTool: false, type: 'test.probeTool' };
		expect(result.items('Good')).toEqual([{ answer: [expected] }]);
	});
});
