import { byHand, chained, triggered } from '../editor/workflows.mts';
import type { NodeView } from '../editor/node-view.mts';
import type { Stage } from '../editor/stage.mts';
import type { INodeParameters } from 'n8n-workflow';
import type { Locator, Page } from 'playwright-core';

const WEBHOOK_ID = '6f0c2a4e-5b1d-4c3f-9a7e-2d8b1c0e4f5a';
const BOAT = 'A paper boat sails down a rainy street at night, neon reflections, cinematic';
const PROMPTS = [
	BOAT,
	'A fox walks through fresh snow',
	'A lighthouse in a storm, seen from the sea',
];
const WALK =
	'character1 and character2 walk through a market in the morning, then character1 waves at the camera';
/** How long n8n's button fades in after a run. */
const FADE_MS = 1_000;

const QUICK = { firstPollDelay: 1, pollInterval: 1 };

const reference = (file: string) => ({ url: `https://example.com/${file}`, kind: 'auto' });

const TALKING: INodeParameters = {
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

const REFERENCES: INodeParameters = {
	mode: 'reference-to-video',
	prompt: WALK,
	references: { reference: [reference('anna.png'), reference('ben.mp4')] },
	waitFor: 'callback',
	download: true,
};

/** Opens a Wan Video node with these parameters. */
async function openNode(
	{ client, editor, createCredential }: Stage,
	parameters: INodeParameters,
): Promise<NodeView> {
	const workflow = await client.createWorkflow(byHand(parameters, await createCredential()));
	await editor.open(workflow.id);
	return await editor.openNode('Wan Video');
}

/** The part of the panel that holds the parameters, in a window high enough for it. */
async function parametersOf(stage: Stage, parameters: INodeParameters): Promise<Locator> {
	const { page } = stage.editor;
	const view = await openNode(stage, parameters);
	await view.field('Options').waitFor();
	const hiddenHeight = await view.parameters.evaluate((element) => {
		let max = 0;
		for (let at: Element | null = element; at !== null; at = at.parentElement) {
			max = Math.max(max, at.scrollHeight - at.clientHeight);
		}
		return max;
	});
	const size = page.viewportSize();
	if (!size) throw new Error('The page has no size of its own');
	await page.setViewportSize({ ...size, height: size.height + hiddenHeight });
	return view.parameters;
}

/** Opens a Wan Video node, runs it, and waits for its status. */
async function runNode(
	stage: Stage,
	parameters: INodeParameters,
	status: 'success' | 'danger',
): Promise<NodeView> {
	const view = await openNode(stage, { prompt: BOAT, options: QUICK, ...parameters });
	await view.execute();
	await view.output.getByTestId(`node-run-status-${status}`).waitFor();
	return view;
}

/**
 * The pictures of the documentation, by the name of their file. Each brings n8n into a state and
 * returns the part to take.
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
		const view = await runNode(stage, { download: true }, 'success');
		await view.output.getByTestId('radio-button-binary').click();
		await view.output.getByTestId('ndv-view-binary-data').click();
		const video = view.output.locator('video');
		await video.evaluate(async (player: HTMLVideoElement) => {
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
		const view = await runNode(stage, {}, 'success');
		await view.output.getByTestId('radio-button-json').click();
		return stage.editor.page;
	},

	'image-to-video-flash': async (stage) => await parametersOf(stage, TALKING),

	'reference-to-video': async (stage) => await parametersOf(stage, REFERENCES),

	async failure(stage) {
		const fail = { failCode: 'SensitiveContent', failMsg: 'The content was flagged' };
		stage.apixo.misbehave({ on: 'submit', times: 1, do: { fail } });
		await runNode(stage, {}, 'danger');
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
		const workflow = await client.createWorkflow(chained(PROMPTS, QUICK, await createCredential()));
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
