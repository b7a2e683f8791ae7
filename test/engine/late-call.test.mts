/**
 * n8n sets a timer for an execution up to 70 s before it is due, and lets it go off even if the
 * execution was called before. What has parked it by then, such as a Wait node, would go on.
 */
import { required } from '../support/required.mts';
import { byPrompt, prompts } from './batch.mts';
import { sceneWithN8n } from './n8n-scene.mts';
import { until } from './until.mts';

const three = { items: prompts('one', 'two', 'three') };

/** Lets time pass for everything that asks for it. */
function skip(ms: number) {
	const realNow = Date.now;
	jest.spyOn(Date, 'now').mockImplementation(() => realNow() + ms);
}

afterEach(() => jest.restoreAllMocks());

test.each([
	[
		'shortly before it is due stays parked until then, if a node behind may park it',
		62,
		true,
		true,
	],
	['shortly before it is due goes on at once, if no node behind may', 62, false, false],
	['long before it is due goes on at once', 80, true, false],
])(
	'an execution that is called back %s',
	sceneWithN8n(
		async ({ plan, n8n, apixo }, _name, firstPollDelay, isWaitBehind, isHeld) => {
			const parameters = { ...byPrompt, waitFor: 'callback', options: { firstPollDelay } };
			const planned = plan(parameters, three);
			const { nodes, connections } = planned.workflow;
			if (isWaitBehind) {
				// Disabled, so that the execution ends; but it is seen.
				const wait = { type: 'test.wait', id: 'id-Wait', name: 'Wait', disabled: true };
				nodes.push({ ...required(nodes[2], 'node Good'), ...wait });
				connections.Good = { main: [[{ node: 'Wait', type: 'main', index: 0 }]] };
			}
			const execution = n8n.start({ ...planned, mode: 'trigger' });
			await execution.parked;
			await until(() => execution.resumed === 1 && execution.state !== 'running');
			expect(execution.state).toBe(isHeld ? 'waiting' : 'finished');
			if (isHeld) {
				expect(execution.result?.taskData('Good')).toEqual([]);
				skip(firstPollDelay * 1_000);
				await execution.expire();
			}
			const result = await execution.final;
			expect(result.items('Good')).toHaveLength(3);
			expect(execution.resumed).toBe(isHeld ? 2 : 1);
			expect(apixo.requests({ kind: 'status' })).toHaveLength(3);
		},
		{ generationMs: 300 },
	),
);
