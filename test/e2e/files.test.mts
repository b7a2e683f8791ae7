import { jsonOf } from '../support/n8n/run.mts';
import { sendForm } from '../support/n8n/form.mts';
import { code, wanVideo } from '../support/n8n/workflows.mts';
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
