import { randomUUID } from 'node:crypto';
import { widthOf } from './support/image.mts';
import { openStage } from './support/shared-stage.mts';
import { byHand, triggered } from '../../tools/editor/workflows.mts';
import type { NodeView } from '../../tools/editor/node-view.mts';
import type { SharedStage } from './support/shared-stage.mts';

describe('Wan Video Trigger in the editor', () => {
	let stage: SharedStage;
	let view: NodeView;
	let webhookId: string;

	beforeAll(async () => (stage = await openStage()));
	afterAll(async () => await stage?.close());
	afterEach(() => expect(stage.editor.problems).toEqual([]));

	beforeEach(async () => {
		webhookId = randomUUID();
		const workflow = await stage.client.createWorkflow(triggered(webhookId, stage.credential));
		await stage.editor.open(workflow.id);
		view = await stage.editor.openNode('Wan Video Trigger');
	});

	const urls = { test: 'webhook-test', production: 'webhook' };
	const urlOf = (kind: keyof typeof urls) =>
		`${stage.client.url}/${urls[kind]}/${webhookId}/wan-video`;

	it('shows both of its URLs', async () => {
		await view.root.getByText('Webhook URLs', { exact: true }).click();
		await view.root.getByText(urlOf('test')).waitFor();
		await view.root.getByTestId('radio-button-production').click();
		await view.root.getByText(urlOf('production')).waitFor();
	});

	it('has its icon and the documented fields, and says what to do first', async () => {
		const icon = view.root.locator('img[src$="/wanVideo.svg"]').first();
		expect(await widthOf(icon)).toBeGreaterThan(0);
		await view.parameters.getByText('put the Production URL into Callback URL').waitFor();
		expect(await view.fields()).toEqual([
			['Trigger On', ''],
			['Download Video', false],
			['Options', undefined],
		]);
		expect(await view.field('Trigger On').locator('.el-tag').allInnerTexts()).toEqual([
			'Video Finished',
			'Video Failed',
		]);
		expect(await view.offered('Options')).toEqual([
			'Deduplicate',
			'Require Signature',
			'Resume Waiting',
			'Simplify',
			'Verify',
		]);
	});

	it('listens for a test event, and shows the video that APIXO reports', async () => {
		await view.execute();
		await view.root.getByText('Listening for test event').waitFor();
		const submit = byHand(
			{
				operation: 'submit',
				prompt: 'A fox in the rain',
				delivery: 'callback',
				callbackUrl: urlOf('test'),
				options: { context: '{"row": 7}' },
			},
			stage.credential,
		);
		const { id } = await stage.client.createWorkflow(submit);
		await stage.client.waitForExecution(await stage.client.run(id, 'Start'));

		await view.output.getByTestId('node-run-status-success').waitFor();
		const [{ taskId }] = stage.apixo.tasks();
		await view.output.getByText(taskId, { exact: true }).waitFor();
		await view.output.getByText('row').first().waitFor();
	});
});
