import type { INode, INodeParameters } from 'n8n-workflow';
import type { Outcome, TaskView } from '../../emulator/index.mts';
import { outputItems } from '../../tools/n8n/driver/index.mts';
import { type Scene, useStage } from '../support/n8n/scene.mts';
import { listen, outputOf, submitTo } from '../support/n8n/trigger.mts';
import { code, tell, waitNode } from '../support/n8n/workflows.mts';

const withScene = useStage();

const resumeExecution = { resumeExecution: true, context: '{"row": 7}' };

/** Still running, not parked: n8n's own name for that is 409. */
const slow = (ms: number) =>
	code('Slow', `await new Promise((go) => setTimeout(go, ${ms})); return $input.all();`);

interface Waiting {
	/** of the Wait node */
	httpMethod?: 'POST';
	/** between Submit and the Wait node */
	before?: INode[];
	/** of the trigger */
	parameters?: INodeParameters;
	production?: boolean;
}

/** Submits, then waits at n8n's Wait node; a trigger listens in another workflow. */
async function waitingFor(
	scene: Scene,
	{ httpMethod, before = [], parameters, production }: Waiting = {},
) {
	const trigger = await listen(scene, parameters);
	const wait = waitNode(httpMethod === undefined ? {} : { httpMethod });
	const steps = [...before, wait, tell('After', scene.witnessUrl('after'))];
	const run = await submitTo(scene, trigger.url, resumeExecution, { steps, production });
	await scene.until(() => scene.apixo.ledger().length === 1);
	const [task] = scene.apixo.tasks();
	return {
		run,
		trigger,
		task,
		finish: (outcome?: Outcome) => scene.apixo.finish(task.taskId, outcome),
	};
}

const videoOf = ({ apixo }: Scene, { taskId }: TaskView) => `${apixo.origin}/files/${taskId}.mp4`;

describe('a Wait node after Submit', () => {
	it.concurrent(
		'with HTTP Method POST goes on with the finished task',
		withScene(async (scene) => {
			const { run, trigger, task, finish } = await waitingFor(scene, { httpMethod: 'POST' });
			await run.parked();
			finish();
			const execution = await run.final();

			const [{ json }] = outputItems(execution, 'Wait');
			const { taskId } = task;
			const expected = { taskId, state: 'success', videoUrl: videoOf(scene, task) };
			expect(json.body).toMatchObject({ ...expected, context: { row: 7 }, verified: true });
			expect(scene.visits('after')).toHaveLength(1);
			const [output] = outputOf(await trigger.runs(1));
			expect(output).toMatchObject({ ...expected, resumed: true });
			expect(scene.apixo.callbacks().map(({ status }) => status)).toEqual([200]);
		}),
	);

	it.concurrent(
		'with HTTP Method GET, its default, goes on with the essentials of the task',
		withScene(async (scene) => {
			const { run, trigger, task, finish } = await waitingFor(scene);
			await run.parked();
			finish();
			const execution = await run.final();

			const [{ json }] = outputItems(execution, 'Wait');
			const { taskId } = task;
			const expected = { taskId, state: 'success', videoUrl: videoOf(scene, task) };
			expect(json.query).toMatchObject(expected);
			expect(scene.visits('after')).toHaveLength(1);
			expect(outputOf(await trigger.runs(1))[0]).toMatchObject({ ...expected, resumed: true });
		}),
	);

	it.concurrent(
		'is told of a failure as well, even if that starts no workflow',
		withScene(async (scene) => {
			const parameters = { events: ['success'] };
			const { run, trigger, task, finish } = await waitingFor(scene, {
				httpMethod: 'POST',
				parameters,
			});
			await run.parked();
			finish({ state: 'failed', failCode: 'NSFW', failMsg: 'Not for children' });
			const [{ json }] = outputItems(await run.final(), 'Wait');
			expect(json.body).toMatchObject({ taskId: task.taskId, state: 'failed', failCode: 'NSFW' });
			expect(await trigger.count()).toBe(0);
		}),
	);

	it.concurrent(
		'stays parked if Resume Waiting is off',
		withScene(async (scene) => {
			const parameters = { options: { resumeWaiting: false } };
			const { run, trigger, finish } = await waitingFor(scene, { httpMethod: 'POST', parameters });
			await run.parked();
			finish();
			const [output] = outputOf(await trigger.runs(1));
			expect(output).not.toHaveProperty('resumed');
			expect((await run.now()).status).toBe('waiting');
		}),
	);
});

describe('an execution that is not parked yet', () => {
	it.concurrent.each([['by hand'], ['in production']])(
		'and runs %s is called again until it is, within one callback',
		withScene(async (scene, mode) => {
			const before = [slow(4_000)];
			const { run, trigger, finish } = await waitingFor(scene, {
				httpMethod: 'POST',
				before,
				production: mode === 'in production',
			});
			finish();
			const execution = await run.final();
			expect(outputItems(execution, 'Wait')[0].json.body).toMatchObject({ state: 'success' });
			expect(outputOf(await trigger.runs(1))[0]).toMatchObject({ resumed: true });
			expect(scene.apixo.callbacks().map(({ status }) => status)).toEqual([200]);
		}),
	);
});

describe('an execution that cannot be resumed', () => {
	it.concurrent(
		'because it has ended is named in the output of the trigger',
		withScene(async (scene) => {
			const trigger = await listen(scene);
			const run = await submitTo(scene, trigger.url, resumeExecution);
			await run.final();
			scene.finishAll();
			expect(outputOf(await trigger.runs(1))[0]).toMatchObject({
				state: 'success',
				resumed: false,
				notResumedBecause: expect.stringMatching(/not waiting|ended/),
			});
		}),
	);

	it.concurrent(
		'because the user stopped it is named in the output of the trigger',
		withScene(async (scene) => {
			const { run, trigger, finish } = await waitingFor(scene, { httpMethod: 'POST' });
			await run.parked();
			await scene.client.stop(run.id);
			finish();
			const [output] = outputOf(await trigger.runs(1));
			expect(output).toMatchObject({ resumed: false, notResumedBecause: expect.any(String) });
			expect(scene.visits('after')).toEqual([]);
		}),
	);
});

describe('a URL that carries no signature of ours', () => {
	it.concurrent.each([
		['signed with another key', {}, 'guessed', 403],
		['unsigned, where no signature is required', { options: { requireSignature: false } }, '', 403],
	])(
		'is never called: %s',
		withScene(async (scene, _name, parameters, key, status) => {
			const trigger = await listen(scene, parameters);
			const resumeUrl = scene.witnessUrl('called');
			scene.apixo.addTask({ taskId: 'task_1', state: 'success' });
			const expires = Math.floor(Date.now() / 1000) + 3_600;
			const token = scene.sign(key, { expires, resumeUrl });
			const body = { code: 200, data: { taskId: 'task_1', state: 'success' } };
			const answer = await scene.client.postWebhook(`${trigger.url}?apixo=${token}`, body);
			expect(answer.status).toBe(status);
			expect(await trigger.count()).toBe(0);
			expect(scene.visits('called')).toEqual([]);
		}),
	);
});
