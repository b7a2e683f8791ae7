import { DEFAULT_KEY, type Emulator, startEmulator } from '../../emulator/index.mts';
import { ensureN8n } from '../../tools/n8n/index.mts';
import {
	N8nClient,
	type N8nServer,
	installPackage,
	newUserFolder,
	outputItems,
	packPackage,
	startN8n,
} from '../../tools/n8n/driver/index.mts';
import { chain, items, manualStart, node } from '../support/n8n/workflows.mts';
import { required } from '../support/required.mts';

const REQUESTS = [
	{ mode: 'text-to-video', prompt: 'A fox in the rain' },
	{ mode: 'image-to-video-flash', prompt: 'Waves', imageUrl: 'https://files.example/a.png' },
	{
		mode: 'reference-to-video',
		prompt: 'character1 waves',
		references: ['https://files.example/a.png', { url: 'https://files.example/b.mp4', kind: 'video' }],
	},
];

function generateWorkflow(credential: { id: string; name: string }) {
	const parameters = {
		resource: 'video',
		operation: 'generate',
		mode: '={{ $json.mode }}',
		prompt: '={{ $json.prompt }}',
		imageUrl: '={{ $json.imageUrl }}',
		referenceSource: 'json',
		referencesJson: '={{ $json.references }}',
		resolution: '720p',
		duration: 3,
		download: true,
		options: { firstPollDelay: 1, pollInterval: 1 },
	};
	return chain('Generate three', [
		manualStart(),
		items(REQUESTS),
		node('Wan Video', 'n8n-nodes-apixo.wanVideo', {
			parameters,
			credentials: { apixoApi: { id: credential.id, name: credential.name } },
		}),
	]);
}

describe('the published package in a real n8n', () => {
	let apixo: Emulator;
	let n8n: N8nServer;
	let client: N8nClient;

	beforeAll(async () => {
		apixo = await startEmulator({ generationMs: 1_500 });
		const runtime = await ensureN8n();
		const userFolder = await newUserFolder(runtime);
		await installPackage(await packPackage(), userFolder);
		n8n = await startN8n({ runtime, userFolder });
		client = new N8nClient(n8n.url);
		await client.setupOwner();
	});

	afterAll(async () => {
		await n8n?.dispose();
		await apixo?.close();
	});

	afterEach(() => apixo.reset());

	const testCredential = async (apiKey: string) =>
		await client.testCredential({ type: 'apixoApi', data: { apiKey, baseUrl: apixo.baseUrl } });

	it('generates three videos, pays for each once, and keeps the files with their items', async () => {
		const data = { apiKey: DEFAULT_KEY, baseUrl: apixo.baseUrl };
		const credential = await client.createCredential({ name: 'APIXO', type: 'apixoApi', data });
		const workflow = await client.createWorkflow(generateWorkflow(credential));

		const execution = await client.waitForExecution(await client.run(workflow.id, 'Start'));

		expect(execution.data.resultData.error).toBeUndefined();
		expect(execution.status).toBe('success');
		const items = outputItems(execution, 'Wan Video');
		expect(items.map(({ json }) => json.mode)).toEqual(REQUESTS.map(({ mode }) => mode));
		expect(items.map(({ pairedItem }) => pairedItem)).toMatchObject([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		expect(items.map(({ json }) => json.taskId).sort()).toEqual(
			apixo
				.ledger()
				.map(({ taskId }) => taskId)
				.sort(),
		);
		for (const { binary } of items) {
			const video = await client.binary(required(binary?.data.id, 'file of the item'));
			expect(video.toString('latin1', 4, 8)).toBe('ftyp');
		}
	});

	it('shows a credential with the right key as good', async () => {
		expect(await testCredential(DEFAULT_KEY)).toMatchObject({ status: 'OK' });
	});

	it.each([['http'], ['envelope']] as const)(
		'shows a credential with a wrong key as bad when errors come as %s',
		async (errorForm) => {
			apixo.configure({ errorForm });

			expect(await testCredential('wrong-key')).toMatchObject({ status: 'Error' });
			expect(apixo.requests({ kind: 'balance' })[0]).toMatchObject({ key: 'wrong-key' });
		},
	);
});
