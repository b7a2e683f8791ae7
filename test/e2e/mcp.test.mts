/** The node as a tool of an MCP server, called by a real client. The judge is the emulator's ledger. */

import { randomUUID } from 'node:crypto';
import type { INode, INodeParameters } from 'n8n-workflow';
import { type McpClient, loadMcp } from '../support/n8n/mcp-client.mts';
import { importExample, nodeOf } from '../support/n8n/examples.mts';
import { type Scene, useStage } from '../support/n8n/scene.mts';
import { node } from '../support/n8n/workflows.mts';
import { required } from '../support/required.mts';

const withScene = useStage();

let connect: Awaited<ReturnType<typeof loadMcp>>;
beforeAll(async () => (connect = await loadMcp()));

const fox = { Prompt: 'a fox in neon rain', Resolution: '720p', Duration: 5 };

/** An MCP server with one tool, which a model gives its prompt. @returns where it is called */
async function serve({ client, credentials, n8n }: Scene, parameters: INodeParameters) {
	const path = randomUUID();
	const server = node('MCP Server', '@n8n/n8n-nodes-langchain.mcpTrigger', {
		typeVersion: 2,
		webhookId: path,
		parameters: { path },
	});
	const tool: INode = node('Tool', 'n8n-nodes-apixo.wanVideoTool', {
		typeVersion: 1.1,
		credentials,
		parameters: {
			resource: 'video',
			prompt: "={{ $fromAI('Prompt', 'what happens', 'string') }}",
			...parameters,
		},
	});
	const workflow = await client.createWorkflow({
		name: path,
		nodes: [server, tool],
		connections: { Tool: { ai_tool: [[{ node: 'MCP Server', type: 'ai_tool', index: 0 }]] } },
		settings: {},
	});
	await client.activate(workflow.id);
	return `${n8n.url}/mcp/${path}`;
}

const QUICK = { options: { firstPollDelay: 1, pollInterval: 1 } };

const called = async (mcp: McpClient, timeoutMs?: number) =>
	await mcp.call('Tool', { Prompt: fox.Prompt }, timeoutMs);

describe('example 8, called by an MCP client', () => {
	async function example(scene: Scene) {
		const path = randomUUID();
		const { id } = await importExample(scene, '8', (workflow) => {
			const { parameters } = nodeOf(workflow, 'MCP Server');
			Object.assign(parameters, { path });
			nodeOf(workflow, 'MCP Server').webhookId = path;
		});
		await scene.client.activate(id);
		return await connect(`${scene.n8n.url}/mcp/${path}`);
	}

	it.concurrent(
		'submits a video, and gets it when it is finished',
		withScene(async (scene) => {
			const mcp = await example(scene);
			const { Resolution, Duration } = fox;
			expect(await mcp.call('Estimate_Cost', { Resolution, Duration })).toMatchObject({
				estimatedCostUsd: 0.5,
			});
			const submitted = await mcp.call('Submit_a_Video', fox);
			expect(submitted).toMatchObject({ state: 'pending', estimatedCostUsd: 0.5 });
			const taskId = String(submitted.taskId);
			const found = await mcp.call('Get_a_Video', { Task_ID: taskId });
			expect(found.state).toMatch(/pending|processing/);
			scene.apixo.finish(taskId);
			expect(await mcp.call('Get_a_Video', { Task_ID: taskId })).toMatchObject({
				state: 'success',
				videoUrl: expect.stringContaining(`/files/${taskId}.mp4`),
			});
			expect(scene.apixo.ledger()).toHaveLength(1);
			await mcp.close();
		}),
	);

	it.concurrent(
		'tells the model which tool costs money, and how long a video takes',
		withScene(async (scene) => {
			const mcp = await example(scene);
			const tools = await mcp.tools();
			const described = (name: string) =>
				required(
					tools.find((tool) => tool.name === name),
					name,
				).description;
			expect(described('Submit_a_Video')).toMatch(/Costs money.* minutes/);
			expect(described('Get_a_Video')).toMatch(/Free/);
			await mcp.close();
		}),
	);

	it.concurrent(
		'keeps to Keep Balance Above over all calls, each of which is an execution of its own',
		withScene(
			async (scene) => {
				const mcp = await example(scene);
				const prompts = ['one', 'two', 'three'];
				const outcomes: string[] = [];
				for (const Prompt of prompts) {
					const outcome = mcp.call('Submit_a_Video', { ...fox, Prompt });
					outcomes.push(await outcome.then(({ error }) => String(error ?? 'made'), String));
				}
				expect(outcomes.slice(0, 2)).toEqual(['made', 'made']);
				expect(outcomes[2]).toContain('Keep Balance Above');
				expect(scene.apixo.ledger()).toHaveLength(2);
				await mcp.close();
			},
			{ keys: { 'sk-poor-123456': { balanceUsd: 6 } }, apiKey: 'sk-poor-123456' },
		),
	);
});

describe('a tool of an MCP server', () => {
	it.concurrent.each([
		['generate', /costs? money|paid/i],
		['submit', /costs? money|paid/i],
	])(
		'tells the model that %s costs money, although nobody described it',
		withScene(async (scene, operation, words) => {
			const mcp = await connect(await serve(scene, { operation }));
			const [tool] = await mcp.tools();
			expect(tool.description).toMatch(words);
			await mcp.close();
		}),
	);

	it.concurrent(
		'picks up the task of a client that gave up and calls again, and the model learns of it',
		withScene(async (scene) => {
			const mcp = await connect(await serve(scene, { operation: 'generate', ...QUICK }));
			await expect(called(mcp, 1_500)).rejects.toThrow(/timed out/i);
			// A busy n8n may still be about to submit it.
			await scene.until(() => scene.apixo.tasks().length === 1);
			const [{ taskId }] = scene.apixo.tasks();
			const again = called(mcp);
			await scene.until(() => scene.apixo.requests({ kind: 'status' }).length > 3);
			scene.apixo.finish(taskId);
			const video = await again;
			expect(video).toMatchObject({ taskId, state: 'success' });
			expect(video.note).toMatch(/^An earlier call with the same arguments/);
			expect(scene.apixo.ledger()).toHaveLength(1);
			await mcp.close();
		}),
	);

	it.concurrent(
		'makes one more video for the same arguments once the first was handed over',
		withScene(
			async (scene) => {
				const mcp = await connect(await serve(scene, { operation: 'generate', ...QUICK }));
				const [first, second] = [await called(mcp), await called(mcp)];
				expect(second.taskId).not.toBe(first.taskId);
				expect(second).not.toHaveProperty('note');
				expect(scene.apixo.ledger()).toHaveLength(2);
				await mcp.close();
			},
			{ generationMs: 500 },
		),
	);

	it.concurrent(
		'that submits gives an unfinished task again, to another session, too',
		withScene(async (scene) => {
			const url = await serve(scene, { operation: 'submit' });
			const [mcp, other] = [await connect(url), await connect(url)];
			const first = await called(mcp);
			const second = await called(other);
			expect(second).toMatchObject({ taskId: first.taskId, note: expect.stringMatching(/paid/) });
			scene.apixo.finish(String(first.taskId));
			const third = await called(mcp);
			expect(third.taskId).not.toBe(first.taskId);
			expect(scene.apixo.ledger()).toHaveLength(2);
			await Promise.all([mcp.close(), other.close()]);
		}),
	);
});
