import { openStage } from './support/shared-stage.mts';
import { batch, byHand } from '../../tools/editor/workflows.mts';
import type { SharedStage } from './support/shared-stage.mts';

const QUICK = { firstPollDelay: 1, pollInterval: 1 };

describe('building a workflow in the editor', () => {
	let stage: SharedStage;

	beforeAll(async () => (stage = await openStage()));
	afterAll(async () => await stage?.close());
	afterEach(() => expect(stage.editor.problems).toEqual([]));
	beforeEach(() => stage.apixo.reset());

	/** For a person to look at, where one asks for it. */
	const picture = async (name: string) => {
		const folder = process.env.PICTURES;
		if (folder !== undefined) await stage.editor.page.screenshot({ path: `${folder}/${name}.png` });
	};

	it('pays five times for a batch of five of which one was refused, when the step is executed again', async () => {
		const refuse = { httpStatus: 400, message: 'Flagged' };
		const match = { promptIncludes: 'three' };
		const rule = stage.apixo.misbehave({ on: 'submit', match, do: refuse });
		const prompts = ['one', 'two', 'three', 'four', 'five'];
		const workflow = batch(prompts, { options: QUICK }, stage.credential);
		const { id } = await stage.client.createWorkflow(workflow);
		await stage.editor.open(id);
		await stage.editor.execute();
		const view = await stage.editor.openNode('Wan Video');
		await view.output.getByTestId('node-run-status-danger').waitFor();
		const description = view.output.getByTestId('node-error-description');
		expect(await description.innerText()).toContain('Submitted 4 videos: 20 seconds, about $2.00.');
		await picture('refused');
		expect(stage.apixo.ledger()).toHaveLength(4);

		rule.remove();
		await view.execute();
		await view.output.getByTestId('node-run-status-success').waitFor();
		const sum = 'Submitted 1 video: 5 seconds, about $0.50. Picked up 4 that were paid before';
		await view.output.getByText(sum).waitFor();
		await view.output.getByText(/add Reuse In Test Runs in Options and switch it off/).waitFor();
		await picture('again');
		expect(stage.apixo.ledger()).toHaveLength(5);
	});

	it('shows and plays a sample for nothing', async () => {
		const parameters = { prompt: 'a fox', download: true, options: { sampleInTestRuns: true } };
		const { id } = await stage.client.createWorkflow(byHand(parameters, stage.credential));
		await stage.editor.open(id);
		const view = await stage.editor.openNode('Wan Video');
		await view.execute();
		await view.output.getByTestId('node-run-status-success').waitFor();
		await view.output.getByText(/^Sample video: nothing was submitted/).waitFor();
		await picture('sample');
		await view.output.getByTestId('radio-button-binary').click();
		await view.output.getByTestId('ndv-view-binary-data').click();
		const video = stage.editor.page.locator('video');
		await video.waitFor();
		const width = await video.evaluate(async (player: HTMLVideoElement) => {
			player.muted = true;
			await player.play();
			return player.videoWidth;
		});
		await picture('sample-video');
		expect(width).toBe(320);
		expect(stage.apixo.requests()).toEqual([]);
	});
});
