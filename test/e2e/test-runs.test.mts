/** What a run is to n8n, by hand and in production: only the first picks up what was paid before. */

import { randomUUID } from 'node:crypto';
import type { INodeParameters } from 'n8n-workflow';
import { GENERATE, chat } from '../support/n8n/chat.mts';
import { hintsOf, jsonOf, runOf } from '../support/n8n/run.mts';
import { type Scene, useStage } from '../support/n8n/scene.mts';
import * as workflows from '../support/n8n/workflows.mts';

const withScene = useStage();

const SOON = { generationMs: 500 };
const QUICK = { firstPollDelay: 1, pollInterval: 1 };

const parameters: INodeParameters = {
	prompt: 'a fox',
	additionalFields: { seed: '={{ Math.floor(Math.random() * 1e9) }}' },
	options: QUICK,
};

async function save({ client, credentials }: Scene, start = workflows.manualStart()) {
	const wan = workflows.wanVideo(parameters, { credentials });
	return await client.createWorkflow(workflows.chain(randomUUID(), [start, wan]));
}

it.concurrent(
	'a workflow that is executed by hand again pays once',
	withScene(async (scene) => {
		const { client, apixo } = scene;
		const { id } = await save(scene);
		const execute = async () => await runOf(client, id, await client.run(id, 'Start')).final();
		const [first, second] = [await execute(), await execute()];
		expect(jsonOf(second, 'Wan')).toEqual(jsonOf(first, 'Wan'));
		expect(apixo.ledger()).toHaveLength(1);
		const [{ taskId }] = apixo.ledger();
		const watch = expect.stringContaining('>Watch the video</a>');
		expect(hintsOf(first, 'Wan')).toEqual(['Submitted 1 video: 5 seconds, about $0.50', watch]);
		expect(hintsOf(second, 'Wan')).toEqual([
			expect.stringContaining(`not paid again: ${taskId} [item 0]`),
			watch,
		]);
	}, SOON),
);

it.concurrent(
	'a webhook that is tested in the editor pays once, and each call in production pays for itself',
	withScene(async (scene) => {
		const { client, apixo, n8n, until } = scene;
		const path = randomUUID();
		const { id } = await save(scene, workflows.webhookStart(path));
		const finished = async (mode: string) =>
			(await client.executions({ workflowId: id })).filter(
				(execution) => execution.mode === mode && execution.status === 'success',
			);
		for (const count of [1, 2]) {
			// The editor's "Listen for test event".
			await client.post(`/workflows/${id}/run`, { triggerToStartFrom: { name: 'Start' } });
			await client.postWebhook(`${n8n.url}/webhook-test/${path}`, {});
			await until(async () => (await finished('manual')).length === count);
		}
		expect(apixo.ledger()).toHaveLength(1);
		await client.activate(id);
		for (const count of [1, 2]) {
			await client.postWebhook(`${n8n.url}/webhook/${path}`, {});
			await until(async () => (await finished('webhook')).length === count);
		}
		expect(apixo.ledger()).toHaveLength(3);
	}, SOON),
);

it.concurrent(
	'an agent that asks for the same again in one chat message gets one more video, in test runs, too',
	withScene(async (scene) => {
		const { model } = await chat(scene, [GENERATE, GENERATE], (ours) => {
			ours.options = QUICK;
		});
		expect(model.toolResults()).toHaveLength(2);
		expect(model.toolResults().join()).not.toContain('"note"');
		expect(scene.apixo.ledger()).toHaveLength(2);
	}, SOON),
);

it.concurrent(
	'a sample costs nothing, and its file is a video',
	withScene(async (scene) => {
		const { client, apixo, credentials } = scene;
		const wan = workflows.wanVideo(
			{ ...parameters, download: true, options: { sampleInTestRuns: true } },
			{ credentials },
		);
		const workflow = workflows.chain(randomUUID(), [workflows.manualStart(), wan]);
		const { id } = await client.createWorkflow(workflow);
		const execution = await runOf(client, id, await client.run(id, 'Start')).final();
		expect(jsonOf(execution, 'Wan')).toMatchObject([{ sample: true, state: 'success' }]);
		expect(hintsOf(execution, 'Wan')).toEqual([
			expect.stringMatching(/^Sample video/),
			expect.stringContaining('/docs/media/sample.mp4"'),
		]);
		expect(apixo.requests()).toEqual([]);
	}, SOON),
);
