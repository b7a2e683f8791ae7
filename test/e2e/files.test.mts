import { jsonOf, runOf } from '../support/n8n/run.mts';
import { sendForm } from '../support/n8n/form.mts';
import { chain, code, manualStart, wanVideo } from '../support/n8n/workflows.mts';
import { useStage } from '../support/n8n/scene.mts';
import {
	PICTURE,
	addressesIn,
	expectFetched,
	testFilesOfForms,
} from '../support/n8n/form-cases.mts';

const withScene = useStage({ env: { N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem' } });

testFilesOfForms('on the disk', withScene);

it.concurrent(
	'a file that the workflow keeps in the JSON of its items becomes a video, which stands there, too',
	withScene(async (scene) => {
		const data = PICTURE.content.toString('base64');
		const give = code(
			'Give',
			`return [{ json: {}, binary: { photo: { data: '${data}', mimeType: 'image/png' } } }];`,
		);
		const parameters = {
			prompt: 'A',
			mode: 'image-to-video',
			imageSource: 'binary',
			imageBinaryProperty: '_files.photo',
			download: true,
			waitFor: 'parked',
			options: { firstPollDelay: 1 },
		};
		const steps = [manualStart(), give, wanVideo(parameters, { credentials: scene.credentials })];
		const { client } = scene;
		const workflow = { ...chain('In JSON', steps), settings: { binaryMode: 'combined' } };
		const { id } = await client.createWorkflow(workflow);
		const run = runOf(client, id, await client.run(id, 'Start'));
		await scene.until(() => scene.hasTask('A'));
		await expectFetched(addressesIn(scene)[0], PICTURE, 'image/png');
		scene.finishAll();
		const execution = await run.final();
		expect(jsonOf(execution, 'Give')).toMatchObject([{ _files: { photo: {} } }]);
		expect(jsonOf(execution, 'Wan')).toMatchObject([
			{ state: 'success', _files: { data: { mimeType: 'video/mp4' } } },
		]);
		expect(scene.apixo.ledger()).toHaveLength(1);
	}),
);

it.concurrent(
	'an item that is submitted after the execution was parked still has its file',
	withScene(async (scene) => {
		const file = (label: string) => ({ ...PICTURE, label });
		const split = code(
			'Split',
			"return ['A', 'B'].map((name) => ({ json: { name }, binary: { data: $input.first().binary[name] } }));",
		);
		const parameters = {
			prompt: '={{ $json.name }}',
			mode: 'image-to-video',
			imageSource: 'binary',
			waitFor: 'parked',
			options: { maxParallelTasks: 1, firstPollDelay: 75 },
		};
		const run = await sendForm(
			scene,
			[file('A'), file('B')],
			[split, wanVideo(parameters, { credentials: scene.credentials })],
		);
		await run.parked();
		await scene.until(() => scene.hasTask('A'));
		expect(scene.hasTask('B')).toBe(false);
		scene.finishAll();
		await scene.until(() => scene.hasTask('B'), 200_000);
		await run.parked();
		await expectFetched(addressesIn(scene)[0], PICTURE, 'image/png');
		scene.finishAll();
		const execution = await run.final(200_000);
		expect(jsonOf(execution, 'Wan').map(({ state }) => state)).toEqual(['success', 'success']);
		expect(scene.apixo.ledger()).toHaveLength(2);
	}),
);
