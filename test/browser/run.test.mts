import { openStage } from './support/shared-stage.mts';
import { byHand } from '../../tools/editor/workflows.mts';
import type { INodeParameters } from 'n8n-workflow';
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

	it('shows that it is parked, and resumes on the callback', async () => {
		stage.apixo.setGeneration(Infinity);
		await open({ prompt: 'A fox in the rain', waitFor: 'callback' });
		await stage.editor.execute();
		await stage.editor.page.locator('[data-test-id="canvas-node"].waiting').waitFor();
		const { output } = await stage.editor.openNode('Wan Video');
		await output.getByText('Parked until APIXO reports').waitFor();

		const [{ taskId }] = stage.apixo.tasks();
		stage.apixo.finish(taskId);
		await output.getByTestId('node-run-status-success').waitFor();
		await output.getByText(taskId, { exact: true }).waitFor();
	});
});
