import { randomUUID } from 'node:crypto';
import type { Execution } from '../../tools/n8n/driver/index.mts';
import { hintsOf, jsonOf, pairsOf, runOf } from '../support/n8n/run.mts';
import { type Scene, useStage } from '../support/n8n/scene.mts';
import {
	callWorkflow,
	calledStart,
	chain,
	items,
	manualStart,
	tell,
	wanVideo,
	webhookStart,
} from '../support/n8n/workflows.mts';

const withScene = useStage();

const generating = ({ credentials }: Scene) =>
	wanVideo({ waitFor: 'callback' }, { credentials, onError: 'stopWorkflow' });

/** A workflow gives three prompts to another one, which waits for the videos by callback. */
async function call(scene: Scene, mode: 'once' | 'each') {
	const { client, start, witnessUrl, until, apixo } = scene;
	const called = await client.createWorkflow(chain('Called', [calledStart(), generating(scene)]));
	await client.activate(called.id);
	const run = await start([
		manualStart(),
		items([1, 2, 3].map((n) => ({ prompt: `prompt ${n}` }))),
		callWorkflow(called.id, mode),
		tell('After', witnessUrl('after')),
	]);
	await until(() => apixo.ledger().length === 3);
	return {
		run,
		/** of the called workflow, once all wait in the database; newest first */
		async children(count: number): Promise<Execution[]> {
			const listed = async () => await client.executions({ workflowId: called.id });
			await until(async () => (await listed()).length === count);
			const runs = (await listed()).map(({ id }) => runOf(client, called.id, id));
			return await Promise.all(runs.map(async (child) => await child.parked()));
		},
	};
}

describe('a workflow that another one calls', () => {
	it.concurrent(
		'with all items at once gives all videos back, paired, though it was parked meanwhile',
		withScene(async (scene) => {
			const { run, children } = await call(scene, 'once');
			await children(1);
			scene.finishAll();
			const execution = await run.final();

			expect(execution.status).toBe('success');
			const inOrder = [1, 2, 3].map((n) => scene.taskOf(`prompt ${n}`).taskId);
			expect(jsonOf(execution, 'Call').map(({ taskId }) => taskId)).toEqual(inOrder);
			expect(pairsOf(execution, 'Call')).toEqual([0, 1, 2]);
			expect(scene.visits('after')).toHaveLength(1);
			expect(scene.apixo.ledger()).toHaveLength(3);
		}),
	);

	it.concurrent(
		'once for each item says that n8n goes on with the first video alone, and what helps',
		withScene(async (scene) => {
			const { run, children } = await call(scene, 'each');
			const hints = (await children(3)).map((child) => hintsOf(child, 'Wan').join());
			expect(hints).toEqual(Array(3).fill(expect.stringContaining('Run Once With All Items')));
			scene.finishAll();
			await run.final();
			expect(scene.apixo.ledger()).toHaveLength(3);
		}),
	);
});

describe('a Webhook node that answers when the last node finishes', () => {
	it.concurrent.each([['lastNode', true] as const, ['onReceived', false] as const])(
		'gives its caller no video, as a hint says: Respond = %s, hint: %s',
		withScene(async (scene, responseMode, isHinted) => {
			const { client, n8n, apixo, until } = scene;
			const path = randomUUID();
			const workflow = await client.createWorkflow(
				chain(path, [
					webhookStart(path, responseMode),
					items([{ prompt: 'prompt 1' }]),
					generating(scene),
				]),
			);
			await client.activate(workflow.id);
			const { status, data } = await client.postWebhook(`${n8n.url}/webhook/${path}`, {});
			expect(status).toBe(200);
			expect(JSON.stringify(data)).not.toContain('videoUrl');
			await until(() => apixo.ledger().length === 1);
			const [{ id }] = await client.executions({ workflowId: workflow.id });
			const run = runOf(client, workflow.id, id);
			for (const moment of [run.parked, run.final]) {
				const execution = await moment();
				const isTold = hintsOf(execution, 'Wan').join().includes('its caller gets no video');
				expect(isTold).toBe(isHinted);
				scene.finishAll();
			}
		}),
	);
});
