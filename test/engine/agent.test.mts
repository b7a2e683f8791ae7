/** The node as a tool of an AI agent. */

import type { AgentKind, RunResult } from '../support/engine/index.mts';
import { MEDIA, scene } from '../support/engine/wan.mts';
import { readItem, type Item } from '../support/item.mts';
import { AGENT_KINDS } from './agent-kinds.mts';
import { paidPrompts } from './batch.mts';
import { RETRY_ON_FAIL } from './settings.mts';

const promptByModel = { prompt: "={{ $fromAI('prompt', 'what the video shows', 'string') }}" };
const fox = { prompt: 'a fox in neon rain' };

/** The items that the agent got from its tool. */
function answerOf(kind: AgentKind, result: RunResult): Item[] {
	const [{ answer }] = result.items('Good');
	const items: unknown = kind === 'agent' ? JSON.parse(String(answer)) : answer;
	if (!Array.isArray(items)) throw new Error(`No items: ${JSON.stringify(items)}`);
	return items.map(readItem);
}

/** n8n stores what sub-nodes did too: a binary anywhere in the run is one too many. */
const binaryIn = (result: RunResult) =>
	Object.values(result.run.data.resultData.runData)
		.flat()
		.flatMap(({ data }) => Object.values(data ?? {}).flat(2))
		.filter((item) => item?.binary);

describe.each(AGENT_KINDS)('under an agent of the kind "%s"', (kind) => {
	test.concurrent(
		'Generate answers with the URL of the video that the model asked for',
		scene(async ({ runAsTool, charged }) => {
			const result = await runAsTool(kind, fox, promptByModel);
			expect(paidPrompts(charged)).toEqual([fox.prompt]);
			const [answer, ...more] = answerOf(kind, result);
			expect(more).toEqual([]);
			expect(result.hints('Tested')).toEqual([]);
			expect(answer).toMatchObject({
				state: 'success',
				videoUrl: expect.stringContaining('/files/'),
			});
		}),
	);

	test.concurrent(
		'the model may write a storyboard, too',
		scene(async ({ runAsTool, charged }) => {
			const shotsJson = "={{ $fromAI('shots', 'text and seconds of each shot', 'json') }}";
			const shots = [{ text: 'a fox', seconds: 3 }];
			await runAsTool(kind, { shots }, { promptFrom: 'shotsJson', shotsJson });
			expect(paidPrompts(charged)).toEqual(['Shot 1 [0-3s] a fox']);
		}),
	);

	test.concurrent(
		'Download Video gives no binary: it would flood the model',
		scene(async ({ runAsTool, apixo }) => {
			const result = await runAsTool(kind, fox, { ...promptByModel, download: true });
			const [answer] = answerOf(kind, result);
			expect(answer.videoUrl).toContain('/files/');
			expect(JSON.stringify(answer).length).toBeLessThan(2000);
			expect(binaryIn(result)).toEqual([]);
			expect(apixo.requests({ kind: 'file' })).toEqual([]);
		}),
	);

	test.concurrent(
		'Simplify off does not flood the model either',
		scene(async ({ runAsTool, apixo }) => {
			const resultUrls = [`${apixo.origin}/files/size/9.mp4`];
			const extra = { resultUrls, debug: 'x'.repeat(20_000) };
			apixo.misbehave({ on: 'submit', do: { resultJson: JSON.stringify(extra) } });
			const result = await runAsTool(kind, fox, { ...promptByModel, options: { simplify: false } });
			const [answer] = answerOf(kind, result);
			expect(JSON.stringify(answer).length).toBeLessThan(2000);
		}),
	);

	test.concurrent(
		'a task that failed is reported with its reason and its ID',
		scene(async ({ runAsTool, apixo }) => {
			const fail = { failCode: 'NSFW', failMsg: 'Not for children' };
			apixo.misbehave({ on: 'submit', do: { fail } });
			const result = await runAsTool(kind, fox, promptByModel);
			const told = `${result.error?.message} ${JSON.stringify([result.error, result.items('Good')])}`;
			expect(told).toContain('Not for children');
			expect(told).toContain(apixo.ledger()[0].taskId);
		}),
	);

	test.concurrent(
		'Retry On Fail pays no second time',
		scene(async ({ runAsTool, apixo }) => {
			apixo.misbehave({ on: 'status', times: 1, do: { httpStatus: 403 } });
			const result = await runAsTool(kind, fox, promptByModel, RETRY_ON_FAIL);
			expect(answerOf(kind, result)).toMatchObject([{ state: 'success' }]);
			expect(apixo.ledger()).toHaveLength(1);
		}),
	);

	test.concurrent(
		'the other operations answer too',
		scene(async ({ runAsTool, apixo }) => {
			const mode = 'image-to-video-flash';
			const submitted = await runAsTool(kind, fox, {
				operation: 'submit',
				mode,
				...MEDIA[mode],
				...promptByModel,
			});
			const [{ taskId, state }] = answerOf(kind, submitted);
			expect(state).toBe('pending');
			const taskField = { taskId: "={{ $fromAI('taskId', 'which task') }}" };
			const parameters = { operation: 'get', ...taskField };
			const got = await runAsTool(kind, { taskId }, parameters);
			expect(answerOf(kind, got)).toMatchObject([{ taskId, state: 'success' }]);
			expect(apixo.ledger()).toHaveLength(1);

			const cost = await runAsTool(kind, {}, { operation: 'estimateCost', duration: 4 });
			expect(answerOf(kind, cost)).toMatchObject([{ estimatedCostUsd: 0.4 }]);
			const left = await runAsTool(kind, {}, { resource: 'account', operation: 'getBalance' });
			expect(answerOf(kind, left)).toEqual([{ balanceUsd: 99.75 }]);
		}),
	);
});
