import { widthOf } from './support/image.mts';
import { openStage } from './support/shared-stage.mts';
import type { NodeCreator } from '../../tools/editor/node-creator.mts';
import type { SharedStage } from './support/shared-stage.mts';

const EMPTY = { name: 'Empty', nodes: [], connections: {} };

describe('the search for nodes', () => {
	let stage: SharedStage;
	let creator: NodeCreator;

	beforeAll(async () => {
		stage = await openStage();
		await stage.editor.open((await stage.client.createWorkflow(EMPTY)).id);
		creator = await stage.editor.openNodeCreator();
	});
	afterAll(async () => await stage?.close());
	afterEach(() => expect(stage.editor.problems).toEqual([]));

	it.each([
		['wan'],
		['apixo'],
		['text to video'],
		['image to video'],
		['Wan Video'],
		['wan 2.6'],
		['ai video'],
		['generate video'],
		['video generator'],
		['animate image'],
		['text2video'],
		['t2v'],
		['i2v'],
		['tiktok'],
		['talking photo'],
		['video finished'],
	])('lists Wan Video first for "%s", with icon and description', async (words) => {
		const entry = await creator.findFirst(words, 'Wan Video');

		expect(await entry.innerText()).toMatch(/Generate videos with Wan 2\.6 on APIXO/);
		const icon = entry.locator('img[src*="n8n-nodes-apixo"]').first();
		expect(await widthOf(icon)).toBeGreaterThan(0);
	});

	it('offers the events of the trigger and every operation, and opens the panel of the chosen one', async () => {
		await (await creator.findFirst('Wan Video', 'Wan Video')).click();
		await creator.unfold('Actions');
		const estimate = creator.entries.getByText('Estimate the cost of a video');
		await estimate.waitFor();

		expect(await creator.entries.allInnerTexts()).toEqual([
			'On video failed',
			'On video finished',
			'VIDEO ACTIONS',
			'Estimate the cost of a video',
			'Generate a video (paid, takes minutes)',
			'Get a submitted video',
			'Submit a video without waiting (paid)',
			'Wait for a submitted video',
			'ACCOUNT ACTIONS',
			'Get the account balance',
		]);
		await estimate.click();
		const view = await stage.editor.nodeView();
		await view.field('Duration (Seconds)').waitFor();
		expect(await view.fields()).toEqual([
			['Resource', 'Video'],
			['Operation', 'Estimate Cost'],
			['Mode', 'Text to Video'],
			['Resolution', '720p'],
			['Duration (Seconds)', '5'],
			['Add Up All Items', false],
		]);
	});
});
