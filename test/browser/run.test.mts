import { openStage } from './support/shared-stage.mts';
import { byHand } from '../../tools/editor/workflows.mts';
import type { INodeParameters } from 'n8n-workflow';
import { until } from '../support/n8n/until.mts';
import type { SharedStage } from './support/shared-stage.mts';

const QUICK = { firstPollDelay: 1, pollInterval: 1 };

describe('a run in the editor', () => {
	let stage: SharedStage;

	beforeAll(async () => (stage = await openStage()));
	afterAll(async () => await stage?.close());
	afterEach(() => expect(stage.editor.problems).toEqual([]));
	beforeEach(() => stage.apixo.reset());

	const open = async (parameters: INodeParameters) => {
		const workflow = await stage.client.createWorkflow(byHand(parameters, stage.credential));
		await stage.editor.open(workflow.id);
		return workflow.id;
	};

	/** Runs Generate with Callback until it is parked. */
	const park = async (parameters: INodeParameters = {}) => {
		stage.apixo.setGeneration(Infinity);
		const workflowId = await open({
			prompt: 'A fox in the rain',
			waitFor: 'callback',
			...parameters,
		});
		await stage.editor.execute();
		await stage.editor.page.locator('[data-test-id="canvas-node"].waiting').waitFor();
		const view = await stage.editor.openNode('Wan Video');
		const [{ taskId }] = stage.apixo.tasks();
		return { view, workflowId, taskId };
	};

	const run = async (parameters: INodeParameters = {}) => {
		await open({ prompt: 'A fox in the rain', options: QUICK, ...parameters });
		const view = await stage.editor.openNode('Wan Video');
		await view.execute();
		return view;
	};

	it('shows the result', async () => {
		const { output } = await run();
		await output.getByTestId('node-run-status-success').waitFor();

		const [{ taskId }] = stage.apixo.tasks();
		await output.getByText(taskId, { exact: true }).waitFor();
		await output.getByText(`${taskId}.mp4`).first().waitFor();
	});

	it('opens the video by a click beside the output', async () => {
		const { output } = await run();
		const link = output.getByText('Watch the video');
		const [page] = await Promise.all([stage.editor.page.waitForEvent('popup'), link.click()]);
		expect(page.url()).toContain(stage.apixo.tasks()[0].taskId);
		await page.close();
	});

	it('plays the downloaded video', async () => {
		const { output } = await run({ download: true });
		await output.getByTestId('node-run-status-success').waitFor();
		await output.getByTestId('radio-button-binary').click();
		await output.getByTestId('ndv-view-binary-data').click();
		const video = stage.editor.page.locator('video');
		await video.waitFor();

		const seen = await video.evaluate(async (player: HTMLVideoElement) => {
			player.muted = true;
			await player.play();
			const startedAt = player.currentTime;
			await new Promise((resolve) =>
				player.addEventListener('timeupdate', resolve, { once: true }),
			);
			return { width: player.videoWidth, moved: player.currentTime - startedAt };
		});
		expect(seen.width).toBeGreaterThan(0);
		expect(seen.moved).toBeGreaterThan(0);
	});

	it('explains why a task failed, and what to do', async () => {
		const fail = { failCode: 'SensitiveContent', failMsg: 'The content was flagged' };
		stage.apixo.misbehave({ on: 'submit', times: 1, do: { fail } });
		const { output } = await run();
		await output.getByTestId('node-run-status-danger').waitFor();

		const [{ taskId }] = stage.apixo.tasks();
		const message = await output.getByTestId('node-error-message').innerText();
		expect(message).toContain(taskId);
		expect(message).toContain('The content was flagged');
		expect(await output.getByTestId('node-error-description').innerText()).toMatch(/Prompt/);
	});

	it('says that a video takes minutes, before the run and while it polls', async () => {
		stage.apixo.setGeneration(Infinity);
		await open({ prompt: 'A fox in the rain', options: QUICK });
		const view = await stage.editor.openNode('Wan Video');
		const notice = view.output.getByText('A video takes one to several minutes');
		await notice.waitFor();

		await view.execute();
		await view.output.getByText('Executing node').waitFor();
		await notice.waitFor();
		await until(() => stage.apixo.tasks().length === 1);
		stage.apixo.tasks().forEach(({ taskId }) => stage.apixo.finish(taskId));
		await view.output.getByTestId('node-run-status-success').waitFor();
	});

	it('says that it waits for APIXO while parked, and shows the video after the callback', async () => {
		const { view, taskId } = await park();
		await view.output.getByText('Waiting for APIXO').waitFor();

		stage.apixo.finish(taskId);
		await view.output.getByTestId('node-run-status-success').waitFor();
		await view.output.getByText(taskId, { exact: true }).waitFor();
	});

	it('goes on although the editor was left while it was parked', async () => {
		const { workflowId, taskId } = await park();
		await stage.editor.page.goto('about:blank');
		stage.apixo.finish(taskId);
		const [{ id }] = await stage.client.executions({ workflowId });
		const { status } = await stage.client.waitForExecution(id);
		expect(status).toBe('success');
	});

	it('fetches the paid video by Retry in the list of executions after a download failed', async () => {
		const rule = stage.apixo.misbehave({ on: 'file', do: { httpStatus: 404 } });
		const { view, workflowId, taskId } = await park({ download: true });
		stage.apixo.finish(taskId);
		await view.output.getByTestId('node-run-status-danger').waitFor();
		rule.remove();
		const { page } = stage.editor;
		await page.goto(`${stage.editor.url}/workflow/${workflowId}/executions`);
		await page.getByTestId('execution-preview-retry-button').click();
		await page.getByText('Retry with original workflow').filter({ visible: true }).click();
		await page.getByText('Retry successful').waitFor();
		expect(stage.apixo.ledger()).toHaveLength(1);
	});
});
