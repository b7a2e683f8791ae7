/** Max Cost and Keep Balance Above, wherever the node stands: the judge is the emulator's ledger. */

import type { INode, INodeParameters } from 'n8n-workflow';
import { GENERATE, chat } from '../support/n8n/chat.mts';
import { runOf } from '../support/n8n/run.mts';
import { type Scene, useStage } from '../support/n8n/scene.mts';
import * as workflows from '../support/n8n/workflows.mts';

const withScene = useStage();

const KEY = 'sk-apixo-limited';
const POOR = { apiKey: KEY, keys: { [KEY]: { balanceUsd: 6 } }, generationMs: 500 };

const three = workflows.items(['one', 'two', 'three'].map((prompt) => ({ prompt })));

/** Each lets two videos for $0.50 through. */
const LIMITS: Array<[name: string, options: INodeParameters]> = [
	['Max Cost (USD)', { maxCost: 1 }],
	['Keep Balance Above (USD)', { keepBalance: 5 }],
];

const wan = ({ credentials }: Scene, options: INodeParameters, operation = 'submit'): INode =>
	workflows.wanVideo({ operation, options }, { credentials });

describe.each(LIMITS)('%s', (name, options) => {
	it.concurrent(
		'holds over all rounds of a loop',
		withScene(async (scene) => {
			const { client, apixo } = scene;
			const { id } = await client.createWorkflow(
				workflows.wired(
					'loop',
					[workflows.manualStart(), three, workflows.loop(1), wan(scene, options)],
					[
						['Start', 0, 'Items', 0],
						['Items', 0, 'Loop', 0],
						['Loop', 1, 'Wan', 0],
						['Wan', 0, 'Loop', 0],
					],
				),
			);
			const execution = await runOf(client, id, await client.run(id, 'Start')).final();
			expect(execution.status).toBe('error');
			expect(execution.data.resultData.error?.message).toContain(name);
			expect(apixo.ledger()).toHaveLength(2);
		}, POOR),
	);

	it.concurrent(
		'holds over all calls of a tool by an agent',
		withScene(async (scene) => {
			const calls = ['one', 'two', 'three'].map((Prompt) => ({
				...GENERATE,
				arguments: { Prompt, Resolution: '720p', Duration: 5 },
			}));
			const { model } = await chat(scene, calls, (ours) => {
				ours.options = { firstPollDelay: 1, pollInterval: 1, ...options };
			});
			const told = model.toolResults();
			expect(told).toHaveLength(3);
			expect(told[2]).toContain(name);
			expect(scene.apixo.ledger()).toHaveLength(2);
		}, POOR),
	);

	it.concurrent(
		'holds for all items of a workflow that is called with them',
		withScene(async (scene) => {
			const called = workflows.chain('called', [workflows.calledStart(), wan(scene, options)]);
			const { id } = await scene.client.createWorkflow(called);
			await scene.client.activate(id);
			const steps = [three, workflows.callWorkflow(id, 'once')];
			const run = await scene.start([workflows.manualStart(), ...steps]);
			expect((await run.final()).status).toBe('error');
			expect(scene.apixo.ledger()).toEqual([]);
		}, POOR),
	);
});

describe('a workflow that is called once for each item', () => {
	it.concurrent.each<[name: string, options: INodeParameters, paid: number]>([
		['keeps to Keep Balance Above over all calls', { keepBalance: 5 }, 2],
		['keeps to Max Cost in each call, as the page on costs says', { maxCost: 0.5 }, 3],
	])(
		'%s',
		withScene(async (scene, _name, options, paid) => {
			const called = workflows.chain('called', [workflows.calledStart(), wan(scene, options)]);
			const { id } = await scene.client.createWorkflow(called);
			await scene.client.activate(id);
			const steps = [three, workflows.callWorkflow(id, 'each')];
			const run = await scene.start([workflows.manualStart(), ...steps]);
			await run.final();
			expect(scene.apixo.ledger()).toHaveLength(paid);
		}, POOR),
	);
});
