import { ESTIMATE, GENERATE, chat } from '../support/n8n/chat.mts';
import { useStage } from '../support/n8n/scene.mts';
import { required } from '../support/required.mts';

const withScene = useStage();

const SOON = { generationMs: 1_500 };

describe('an AI agent with the node as its tool', () => {
	it.concurrent(
		'fills in the parameters, and gets the address of the video back',
		withScene(async (scene) => {
			const { execution, model, agentSaid } = await chat(scene, [ESTIMATE, GENERATE]);
			expect(execution.status).toBe('success');
			const [estimate, video] = model.toolResults();
			expect(estimate).toContain('"estimatedCostUsd":0.4');
			const [{ request, taskId }, ...more] = scene.apixo.ledger();
			expect(more).toEqual([]);
			expect(request.input).toMatchObject({ prompt: GENERATE.arguments.Prompt, duration: 4 });
			expect(JSON.stringify(request)).toContain('1080p');
			expect(video).toContain(`"taskId":"${taskId}"`);
			expect(agentSaid).toContain(`${scene.apixo.origin}/files/${taskId}.mp4`);
		}, SOON),
	);

	it.concurrent(
		'is offered tools with names, descriptions and parameters that a model understands',
		withScene(async (scene) => {
			const { model } = await chat(scene, []);
			const [estimate, generate] = ['Estimate_Cost', 'Generate_a_Video'].map((name) =>
				required(
					model.offers().find((offer) => offer.name === name),
					name,
				),
			);
			expect(estimate.description).toMatch(/would cost.* Free/);
			expect(generate.description).toMatch(/costs money/);
			const { properties } = generate.parameters;
			expect(Object.keys(properties)).toEqual(['Prompt', 'Resolution', 'Duration']);
			expect(properties.Prompt).toMatchObject({
				type: 'string',
				description: expect.stringContaining('What happens in the video'),
			});
			expect(properties.Duration).toMatchObject({ type: 'number' });
			expect(scene.apixo.ledger()).toEqual([]);
		}, SOON),
	);

	it.concurrent.each([
		['Download Video', { download: true }],
		['Simplify off', { options: { simplify: false, firstPollDelay: 1, pollInterval: 1 } }],
	])(
		'is told little, even with %s',
		withScene(async (scene, _name, parameters) => {
			const { execution, model } = await chat(scene, [GENERATE], (ours) =>
				Object.assign(ours, parameters),
			);
			expect(execution.status).toBe('success');
			expect(model.toolResults()).toHaveLength(1);
			expect(model.toolResults()[0].length).toBeLessThan(2_000);
			expect(scene.apixo.requests({ kind: 'file' })).toEqual([]);
			expect(JSON.stringify(execution.data)).not.toContain('"binary"');
		}, SOON),
	);

	it.concurrent(
		'learns why a task failed and what to do, and the chat goes on',
		withScene(async (scene) => {
			const fail = { failCode: 'NSFW', failMsg: 'Not for children' };
			scene.apixo.misbehave({ on: 'submit', do: { fail } });
			const { execution, model, agentSaid } = await chat(scene, [GENERATE]);
			expect(execution.status).toBe('success');
			const [told] = model.toolResults();
			expect(told).toContain('Not for children');
			expect(told).toContain(scene.apixo.ledger()[0].taskId);
			expect(told).toMatch(/prompt/i);
			expect(agentSaid).toContain('Not for children');
			expect(scene.apixo.ledger()).toHaveLength(1);
		}, SOON),
	);

	it.concurrent(
		'waits by polling although Callback was chosen: a tool call cannot be parked',
		withScene(async (scene) => {
			const { execution, model } = await chat(scene, [GENERATE], (ours) => {
				ours.waitFor = 'callback';
			});
			expect(execution.status).toBe('success');
			expect(scene.apixo.ledger().map(({ request }) => request.callback_url)).toEqual([undefined]);
			expect(scene.apixo.callbacks()).toEqual([]);
			expect(model.toolResults()[0]).toContain('/files/');
		}, SOON),
	);
});
