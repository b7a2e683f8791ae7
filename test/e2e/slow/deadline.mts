import { jsonOf, pairsOf } from '../../support/n8n/run.mts';
import { type NodeSettings, items, manualStart, wanVideo } from '../../support/n8n/workflows.mts';
import { failureOf } from '../support/execution.mts';
import type { Scene, WithScene } from '../../support/n8n/scene.mts';

/** n8n checks once a minute for executions whose time is up. */
const DEADLINE_CHECK_MS = 130_000;

/** Three items wait for 3 s, and nobody ever calls. */
const parkUncalled = async (scene: Scene, settings: NodeSettings, production = false) => {
	scene.apixo.misbehave({ on: 'callback', do: { lose: true } });
	const parameters = { options: { timeout: 0.05 } };
	const run = await scene.park({ count: 3, parameters, settings, production });
	await run.parked();
	scene.finishAll();
	return run;
};

/** The videos that a user gets by following the advice: Wait, with the IDs from the message. */
async function fetchWithWait(scene: Scene, taskIds: string[]) {
	const parameters = { operation: 'wait', taskId: '={{ $json.taskId }}' };
	const run = await scene.start([
		manualStart(),
		items(taskIds.map((taskId) => ({ taskId }))),
		wanVideo(parameters, { credentials: scene.credentials }),
	]);
	return jsonOf(await run.final(), 'Wan').map(({ videoUrl }) => videoUrl);
}

const urlsOf = ({ apixo }: Scene, taskIds: string[]) =>
	taskIds.map((id) => `${apixo.origin}/files/${id}.mp4`);
const inOrder = ({ taskOf }: Scene) => [1, 2, 3].map((n) => taskOf(`prompt ${n}`).taskId);

export const testDeadlines = (withScene: WithScene) => {
	it.concurrent.each([
		['by hand', false],
		['in production', true],
	])(
		'Callbacks that are lost fail the execution at the deadline, run %s; Wait with the IDs it names brings the videos; a retry pays nothing',
		withScene(async (scene, _name, production) => {
			const run = await parkUncalled(scene, {}, production);
			const execution = await run.final(DEADLINE_CHECK_MS);

			expect(execution.status).toBe('error');
			const { message, description } = failureOf(execution);
			const told = `${message} ${description}`;
			const taskIds = inOrder(scene);
			expect(told.match(/task_[0-9a-f]+/g)).toEqual(expect.arrayContaining(taskIds));
			expect(told).toMatch(/Wait/);
			expect(scene.wentOn()).toEqual([]);
			expect(scene.wentWrong()).toEqual([]);
			expect(await fetchWithWait(scene, taskIds)).toEqual(urlsOf(scene, taskIds));

			for (const loadWorkflow of [false, true]) {
				const { id } = await scene.client.retry(run.id, { loadWorkflow });
				const retried = await scene.client.waitForExecution(id);
				const again = failureOf(retried);
				expect(`${again.message} ${again.description}`).toContain(taskIds[0]);
				expect(retried.status).toBe('error');
			}
			expect(scene.apixo.ledger()).toHaveLength(3);
			expect(scene.wentOn()).toEqual([]);
		}),
	);

	it.concurrent(
		'Callbacks that are lost become items that name the tasks, On Error = Continue (using error output)',
		withScene(async (scene) => {
			const run = await parkUncalled(scene, { onError: 'continueErrorOutput' });
			const execution = await run.final(DEADLINE_CHECK_MS);

			expect(execution.status).toBe('success');
			expect(scene.wentOn()).toEqual([]);
			const [failures] = scene.wentWrong();
			const taskIds = inOrder(scene);
			expect(failures.map(({ details }) => details?.taskId)).toEqual(taskIds);
			expect(failures.map(({ error }) => error)).toEqual(
				taskIds.map((taskId) => expect.stringContaining(taskId)),
			);
			expect(pairsOf(execution, 'Wan', 1)).toEqual([0, 1, 2]);
			expect(scene.apixo.ledger()).toHaveLength(3);
		}),
	);

	it.concurrent(
		'Callbacks that are lost become items that name the tasks, On Error = Continue, and Retry On Fail pays nothing',
		withScene(async (scene) => {
			const retryOnFail = { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 };
			const run = await parkUncalled(scene, { onError: 'continueRegularOutput', ...retryOnFail });
			const execution = await run.final(DEADLINE_CHECK_MS);

			expect(execution.status).toBe('success');
			expect(scene.wentOn()).toHaveLength(1);
			const [came] = scene.wentOn();
			expect(came.map(({ details }) => details?.taskId)).toEqual(inOrder(scene));
			expect(scene.apixo.ledger()).toHaveLength(3);
		}),
	);
};
