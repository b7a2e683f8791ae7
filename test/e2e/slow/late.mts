import { randomUUID } from 'node:crypto';
import type { INode } from 'n8n-workflow';
import { jsonOf, runOf } from '../../support/n8n/run.mts';
import {
	items,
	loop,
	manualStart,
	node,
	tell,
	waitNode,
	wanVideo,
	wired,
} from '../../support/n8n/workflows.mts';
import type { Scene, WithScene } from '../../support/n8n/scene.mts';

/** Callbacks that failed are repeated when the test says so. */
const UNHURRIED = { timeScale: 100 };

/** Seconds: looks soon for what was not reported, but parks however slowly all is submitted. */
const EARLY = { firstPollDelay: 80 };

const PARK_MS = 130_000;

const generating = ({ credentials }: Scene, parameters = {}): INode =>
	wanVideo({ waitFor: 'callback', options: EARLY, ...parameters }, { credentials });

/** n8n's own Wait node; whoever calls it approves of what follows. */
const approval = (): INode => waitNode({ httpMethod: 'POST' });

/** How all deliveries of callbacks were answered, in the order in which they were made. */
const answers = ({ apixo }: Scene) => apixo.callbacks().map(({ status }) => status);

/** The Wait node after Generate is what the execution is parked at. */
const isAtApproval = async ({ client }: Scene, executionId: string) => {
	const { status, data } = await client.execution(executionId);
	return status === 'waiting' && data.resultData.lastNodeExecuted === 'Wait';
};

/** Approves, as whom the workflow asked would. */
async function approve({ client }: Scene, executionId: string) {
	const [{ url }] = jsonOf(await client.execution(executionId), 'Url');
	expect((await client.postWebhook(String(url), {})).status).toBe(200);
}

const resumeUrl = (): INode =>
	node('Url', 'set', {
		typeVersion: 3.4,
		parameters: { mode: 'raw', jsonOutput: '={{ { url: $execution.resumeUrl } }}' },
	});

export const testLateCallbacks = (withScene: WithScene) => {
	it.concurrent(
		'A callback that comes after its execution went on without it does not approve what follows',
		withScene(async (scene) => {
			const { apixo, client, start, taskOf, until } = scene;
			const run = await start([
				manualStart(),
				items([{ prompt: 'prompt 1' }, { prompt: 'prompt 2' }]),
				generating(scene),
				resumeUrl(),
				approval(),
				tell('Publish', scene.witnessUrl('published')),
			]);
			await run.parked();
			apixo.misbehave({
				on: 'callback',
				match: { taskId: taskOf('prompt 2').taskId },
				do: { lose: 1 },
			});
			scene.finishAll();
			await until(async () => await isAtApproval(scene, run.id), PARK_MS);

			apixo.retryCallbacks();
			await scene.delivered(3);
			expect(answers(scene).at(-1)).toBe(404);
			expect(await isAtApproval(scene, run.id)).toBe(true);
			expect(scene.visits('published')).toEqual([]);

			await approve(scene, run.id);
			expect((await run.final()).status).toBe('success');
			expect(scene.visits('published')).toHaveLength(1);
			expect((await client.execution(run.id)).data.resultData.runData.Wan).toHaveLength(1);
			expect(apixo.ledger()).toHaveLength(2);
		}, UNHURRIED),
	);

	it.concurrent(
		'A callback that comes again while its video is downloaded, and once more later, does not approve what follows',
		withScene(async (scene) => {
			const { apixo, client, start, until } = scene;
			apixo.misbehave({ on: 'file', do: { delayMs: 4_000 } });
			const run = await start([
				manualStart(),
				items([{ prompt: 'prompt 1' }]),
				generating(scene, { download: true }),
				resumeUrl(),
				approval(),
				tell('Publish', scene.witnessUrl('published')),
			]);
			await run.parked();
			scene.finishAll();
			await until(() => apixo.requests({ kind: 'file' }).length > 0);
			const [{ url, body }] = apixo.callbacks();
			const callAgain = async () => (await client.postWebhook(url, JSON.parse(body))).status;
			expect(await callAgain()).toBe(409);
			await until(async () => await isAtApproval(scene, run.id));
			expect(await callAgain()).toBe(404);
			expect(await isAtApproval(scene, run.id)).toBe(true);
			expect(scene.visits('published')).toEqual([]);

			await approve(scene, run.id);
			expect((await run.final()).status).toBe('success');
			expect(scene.visits('published')).toHaveLength(1);
			expect(apixo.ledger()).toHaveLength(1);
		}, UNHURRIED),
	);

	it.concurrent(
		'A callback that belongs to an earlier round of a loop ends no later round, and nothing is paid twice',
		withScene(async (scene) => {
			const { apixo, client, taskOf, hasTask, until } = scene;
			const four = items([1, 2, 3, 4].map((n) => ({ prompt: `prompt ${n}` })));
			const publish = tell('Publish', scene.witnessUrl('published'));
			const nodes = [manualStart(), four, loop(2), generating(scene), publish];
			const workflow = await client.createWorkflow(
				wired(randomUUID(), nodes, [
					['Start', 0, 'Items', 0],
					['Items', 0, 'Loop', 0],
					['Loop', 0, 'Publish', 0],
					['Loop', 1, 'Wan', 0],
					['Wan', 0, 'Loop', 0],
				]),
			);
			const run = runOf(client, workflow.id, await client.run(workflow.id, 'Start'));
			await until(() => hasTask('prompt 2'));
			await run.parked();
			const { taskId } = taskOf('prompt 2');
			apixo.misbehave({ on: 'callback', match: { taskId }, do: { lose: 1 } });
			scene.finishAll();
			await until(() => hasTask('prompt 4'), PARK_MS);
			await run.parked();

			apixo.retryCallbacks();
			await scene.delivered(3);
			expect(answers(scene).at(-1)).toBe(404);
			expect((await run.now()).status).toBe('waiting');

			scene.finishAll();
			const execution = await run.final();
			expect(execution.status).toBe('success');
			const inOrder = [1, 2, 3, 4].map((n) => taskOf(`prompt ${n}`).taskId);
			expect(scene.visits('published').map(({ body }) => body)).toEqual([
				inOrder.map((id) => expect.objectContaining({ taskId: id, state: 'success' })),
			]);
			expect(apixo.ledger()).toHaveLength(4);
		}, UNHURRIED),
	);
};
