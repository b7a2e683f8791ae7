import { DEFAULT_KEY } from '../../emulator/index.mts';
import { widthOf } from './support/image.mts';
import { openStage } from './support/shared-stage.mts';
import { byHand } from '../../tools/editor/workflows.mts';
import type { CredentialDialog } from '../../tools/editor/credential-dialog.mts';
import type { SharedStage } from './support/shared-stage.mts';

const WRONG_KEY = 'not-a-key';
const GOOD = 'Connection tested successfully';
const BAD = 'Couldn’t connect with these settings';

describe('the dialog of the credential', () => {
	let stage: SharedStage;
	let dialog: CredentialDialog;

	beforeAll(async () => (stage = await openStage()));
	afterAll(async () => await stage?.close());
	afterEach(() => expect(stage.editor.problems).toEqual([]));

	beforeEach(() => stage.apixo.reset());

	/** n8n tests a saved credential as soon as it is shown. */
	const open = async (apiKey: string, firstVerdict: string) => {
		const credential = await stage.createCredential(apiKey);
		const workflow = await stage.client.createWorkflow(byHand({}, credential));
		await stage.editor.open(workflow.id);
		const view = await stage.editor.openNode('Wan Video');
		await view.parameters.getByTestId('credential-edit-button').click();
		dialog = stage.editor.credentialDialog;
		await dialog.root.getByText(firstVerdict).waitFor();
	};

	it('has its icon, and says where to get a key', async () => {
		await open(DEFAULT_KEY, GOOD);
		const icon = dialog.root.locator('img[src$="/apixo.svg"]').first();
		expect(await widthOf(icon)).toBeGreaterThan(0);
		await dialog.root.getByText('API Key').waitFor();
		expect(await dialog.root.innerText()).toMatch(/apixo\.ai/);
	});

	it('turns green when the wrong key is replaced with the right one', async () => {
		await open(WRONG_KEY, BAD);
		await dialog.save({ apiKey: DEFAULT_KEY, baseUrl: stage.apixo.baseUrl });
		await dialog.root.getByText(GOOD).waitFor();

		expect(stage.apixo.requests({ kind: 'balance' }).at(-1)).toMatchObject({ key: DEFAULT_KEY });
	});

	it.each<['http' | 'envelope']>([['http'], ['envelope']])(
		'turns red for a wrong key and says so, with errors as %s',
		async (errorForm) => {
			stage.apixo.configure({ errorForm });
			await open(DEFAULT_KEY, GOOD);
			await dialog.save({ apiKey: WRONG_KEY, baseUrl: stage.apixo.baseUrl });

			await dialog.root.getByText(BAD).waitFor();
			await dialog.root.getByText('More details').click();
			await dialog.root.getByText('APIXO does not accept this API key').waitFor();
		},
	);

	it('turns red when something other than APIXO answers', async () => {
		await open(DEFAULT_KEY, GOOD);
		await dialog.save({ apiKey: DEFAULT_KEY, baseUrl: `${stage.client.url}/` });

		await dialog.root.getByText('More details').click();
		await dialog.root.getByText('The Base URL is not that of the APIXO API').waitFor();
	});
});
