import fs from 'node:fs';
import path from 'node:path';
import { ensureN8n } from '../../tools/n8n/index.mts';
import { CommunityNodes } from './support/community-nodes.mts';
import { startRegistry, withVersion } from './support/registry.mts';
import { openStageIn } from '../../tools/editor/stage.mts';
import { sharedWorld } from './support/shared-stage.mts';
import { byHand } from '../../tools/editor/workflows.mts';
import { startOwnedN8n } from '../../tools/editor/world.mts';
import { repoDir } from '../../tools/shared/paths.mts';
import type { Stage } from '../../tools/editor/stage.mts';
import type { OwnedN8n } from '../../tools/editor/world.mts';
import type { Registry } from './support/registry.mts';

const { name: NAME, version: VERSION }: { name: string; version: string } = JSON.parse(
	fs.readFileSync(path.join(repoDir, 'package.json'), 'utf8'),
);
const NEXT_VERSION = VERSION.replace(/\d+$/, (patch) => String(Number(patch) + 1));

describe('the Community Nodes screen', () => {
	let registry: Registry;
	let n8n: OwnedN8n;
	let stage: Stage;
	let screen: CommunityNodes;
	let workflowId: string;

	beforeAll(async () => {
		registry = await startRegistry();
		await registry.publish(sharedWorld().tarball);
		const { nodePath } = await ensureN8n();
		const folders = [registry.npmFolder, path.dirname(nodePath), process.env.PATH];
		n8n = await startOwnedN8n({ env: { PATH: folders.join(path.delimiter) } });
		stage = await openStageIn({ ...sharedWorld(), n8nUrl: n8n.n8nUrl, cookie: n8n.cookie });
		screen = new CommunityNodes(stage.editor.page, n8n.n8nUrl);
	});

	afterAll(async () => {
		await stage?.close();
		await n8n?.dispose();
		await registry?.close();
	});

	const statusOfRun = async () => {
		const { client } = stage;
		const execution = await client.waitForExecution(await client.run(workflowId, 'Start'));
		return execution.status;
	};

	it('installs the package, whose nodes work at once', async () => {
		await screen.open();
		await screen.install(NAME);
		const card = screen.card(NAME);
		await card.getByText(`v${VERSION}`).waitFor();
		expect(await card.innerText()).toMatch(/2 nodes:\s+Wan Video,Wan Video Trigger/);

		const parameters = {
			prompt: 'A fox in the rain',
			download: true,
			options: { firstPollDelay: 1, pollInterval: 1 },
		};
		const workflow = byHand(parameters, await stage.createCredential());
		workflowId = (await stage.client.createWorkflow(workflow)).id;
		expect(await statusOfRun()).toBe('success');
		expect(stage.apixo.ledger()).toHaveLength(1);
	});

	it('updates the package, and saved workflows and credentials still work', async () => {
		await registry.publish(await withVersion(sharedWorld().tarball, NEXT_VERSION));
		await screen.open();
		await screen.update(NAME);
		await screen.card(NAME).getByText(`v${NEXT_VERSION}`).waitFor();

		expect(await statusOfRun()).toBe('success');
		expect(stage.apixo.ledger()).toHaveLength(2);
		await stage.editor.open(workflowId);
		const view = await stage.editor.openNode('Wan Video');
		await view.field('Download Video').waitFor();
		expect(await view.input('prompt').inputValue()).toBe('A fox in the rain');
		expect(await view.input('download').isChecked()).toBe(true);
	});
});
