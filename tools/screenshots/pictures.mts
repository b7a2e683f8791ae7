import { byHand, chained, triggered } from '../editor/workflows.mts';
import type { NodeView } from '../editor/node-view.mts';
import type { Stage } from '../editor/stage.mts';
import type { Locator, Page } from 'playwright-core';

const WEBHOOK_ID = '6f0c2a4e-5b1d-4c3f-9a7e-2d8b1c0e4f5a';
const BOAT = 'A paper boat sails down a rainy street at night, neon reflections, cinematic';
const WALK =
	'character1 and character2 walk through a market in the morning, then character1 waves at the camera';
/** n8n's button fades in again after a run. */
const FADE_MS = 1_000;

const QUICK = { firstPollDelay: 1, pollInterval: 1 };

const reference = (file) => ({ url: `https://example.com/${file}`, kind: 'auto' });

const TALKING = {
	mode: 'image-to-video-flash',
	prompt: 'The woman smiles, looks into the camera and begins to speak',
	imageUrl: 'https://example.com/portrait.png',
	duration: 8,
	additionalFields: {
		audioUrl: 'https://example.com/voice.mp3',
		negativePrompt: 'blurry, low quality',
	},
	options: { maxCost: 1, timeout: 20 },
};

const REFERENCES = {
	mode: 'reference-to-video',
	prompt: WALK,
	references: { reference: [reference('anna.png'), reference('ben.mp4')] },
	waitFor: 'callback',
	download: true,
};

/** Opens a Wan Video node with these parameters. */
async function openNode({ client, editor, createCredential }, parameters) {
	const workflow = await client.createWorkflow(byHand(parameters, await createCredential()));
	await editor.open(workflow.id);
	return await editor.openNode('Wan Video');
}

/** @returns the column of the panel that holds the parameters, in a window high enough for it */
async function column(stage, parameters) {
	const { page } = stage.editor;
	const view = await openNode(stage, parameters);
	await view.field('Options').waitFor();
	const hidden = await view.parameters.evaluate((element) => {
		const scrollers = [];
		for (let at = element; at !== null; at = at.parentElement) scrollers.push(at);
		return Math.max(...scrollers.map((at) => at.scrollHeight - at.clientHeight));
	});
	const { width, height } = page.viewportSize();
	await page.setViewportSize({ width, height: height + hidden });
	return view.parameters;
}

/** @returns of a node that has run */
async function ranNode(stage, parameters, status): Promise<NodeView> {
	const view = await openNode(stage, { prompt: BOAT, options: QUICK, ...parameters });
	await view.execute();
	await view.output.getByTestId(`node-run-status-${status}`).waitFor();
	return view;
}

/**
 * The pictures of the documentation, by the name of their file. Each puts n8n into a state and tells
 * what of it to take.
 */
export const PICTURES: Record<string, (stage: Stage) => Promise<Page | Locator>> = {
	async search({ client, editor }) {
		const empty = { name: 'My workflow', nodes: [], connections: {} };
		await editor.open((await client.createWorkflow(empty)).id);
		const creator = await editor.openNodeCreator();
		await creator.findFirst('wan', 'Wan Video');
		return editor.page;
	},

	async credential({ client, editor }) {
		await editor.open((await client.createWorkflow(byHand())).id);
		const view = await editor.openNode('Wan Video');
		await view.parameters.getByText('Connect to APIXO').click();
		const dialog = editor.credentialDialog;
		await dialog.input('apiKey').fill('an-api-key-from-the-dashboard');
		await dialog.root.getByText('APIXO API', { exact: true }).click();
		return dialog.root;
	},

	async 'text-to-video'(stage) {
		const view = await ranNode(stage, { download: true }, 'success');
		await view.output.getByTestId('radio-button-binary').click();
		await view.output.getByTestId('ndv-view-binary-data').click();
		const video = view.output.locator('video');
		await video.evaluate(async (player) => {
			while (player.currentTime < 1) {
				await new Promise((resolve) =>
					player.addEventListener('timeupdate', resolve, { once: true }),
				);
			}
			player.pause();
		});
		return stage.editor.page;
	},

	async result(stage) {
		const resultJson = JSON.stringify({ resultUrls: ['https://example.com/paper-boat.mp4'] });
		stage.apixo.misbehave({ on: 'submit', times: 1, do: { resultJson } });
		const view = await ranNode(stage, {}, 'success');
		await view.output.getByTestId('radio-button-json').click();
		return stage.editor.page;
	},

	'image-to-video-flash': async (stage) => await column(stage, TALKING),

	'reference-to-video': async (stage) => await column(stage, REFERENCES),

	async failure(stage) {
		const fail = { failCode: 'SensitiveContent', failMsg: 'The content was flagged' };
		stage.apixo.misbehave({ on: 'submit', times: 1, do: { fail } });
		await ranNode(stage, {}, 'danger');
		return stage.editor.page;
	},

	async trigger({ client, editor, createCredential }) {
		const workflow = await client.createWorkflow(triggered(WEBHOOK_ID, await createCredential()));
		await editor.open(workflow.id);
		const view = await editor.openNode('Wan Video Trigger');
		await view.root.getByText('Webhook URLs', { exact: true }).click();
		await view.root.getByTestId('radio-button-production').click();
		return editor.page;
	},

	async canvas({ client, editor, createCredential }) {
		const workflow = await client.createWorkflow(chained(BOAT, QUICK, await createCredential()));
		await editor.open(workflow.id);
		await editor.fitCanvas();
		await editor.execute();
		await editor.node('Save').getByTestId('canvas-node-status-mark-success').waitFor();
		const button = editor.page.getByTestId('execute-workflow-button');
		await button.getByText('Execute workflow').waitFor();
		await editor.page.waitForTimeout(FADE_MS);
		return editor.page;
	},
};
