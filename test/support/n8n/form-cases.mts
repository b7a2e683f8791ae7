/** What is tried with files from a form, wherever n8n keeps them. */
import type { INodeParameters } from 'n8n-workflow';
import { mediaFile } from '../media.mts';
import { ONCE, type Upload, sendForm } from './form.mts';
import { jsonOf } from './run.mts';
import type { SceneStage, SceneTools, WithScene } from './scene.mts';
import { type NodeSettings, tell, wanVideo } from './workflows.mts';
import { required } from '../required.mts';

const upload = (file: string, type: string, label: string): Upload => ({
	label,
	name: file,
	type,
	content: mediaFile(file),
});

export const PICTURE = upload('picture.png', 'image/png', 'Picture');
// As a browser sends what it does not know.
export const SONG = upload('tone.mp3', 'application/octet-stream', 'Song');
export const CLIP = upload('clip.mp4', 'video/mp4', 'Clip');

/** A scene of any stage. */
type Scene = SceneStage & SceneTools;

/** What the node is set to for each kind of file, and the type that APIXO is told. */
export const CASES: Array<
	[what: string, upload: Upload, type: string, parameters: INodeParameters]
> = [
	[
		'a picture',
		PICTURE,
		'image/png',
		{ mode: 'image-to-video', imageSource: 'binary', imageBinaryProperty: 'Picture' },
	],
	[
		'an MP3',
		SONG,
		'audio/mpeg',
		{ additionalFields: { audioSource: 'binary', audioBinaryProperty: 'Song' } },
	],
	[
		'a reference video',
		CLIP,
		'video/mp4',
		{
			mode: 'reference-to-video-flash',
			references: { reference: [{ source: 'binary', binaryProperty: 'Clip', kind: 'auto' }] },
		},
	],
];

/** Parked executions go on within a minute or so. */
const PATIENCE_MS = 240_000;

const PROMPT = 'character1 waves';

/** Sends a form whose workflow makes a video of its files. */
export const startForm = async (
	scene: Scene,
	uploads: Upload[],
	parameters: INodeParameters,
	settings?: NodeSettings,
) =>
	await sendForm(scene, uploads, [
		wanVideo({ prompt: PROMPT, ...parameters }, { credentials: scene.credentials, ...settings }),
		tell('Good', scene.witnessUrl('good')),
	]);

/** The addresses that APIXO was sent for the files of its latest task. */
export function addressesIn({ apixo }: Pick<Scene, 'apixo'>): string[] {
	const { input } = required(apixo.ledger().at(-1), 'charge').request;
	return [input.image_urls, input.reference_urls, input.audio_urls].flatMap((urls) => urls ?? []);
}

/** APIXO fetches a file: from outside, without login. */
export async function expectFetched(address: string, { content }: Upload, type: string) {
	const response = await fetch(address, { headers: ONCE });
	expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
	expect(Buffer.from(await response.arrayBuffer())).toEqual(content);
}

/** Makes a video of one file; it can be fetched meanwhile, and when the execution has ended. */
export async function fileBecomesVideo(
	scene: Scene,
	waitFor: 'polling' | 'callback',
	[, file, type, parameters]: (typeof CASES)[number],
) {
	const options = waitFor === 'polling' ? { firstPollDelay: 1, pollInterval: 1 } : {};
	const run = await startForm(scene, [file], { ...parameters, waitFor, options });
	await scene.until(() => scene.apixo.ledger().length === 1);
	const [address] = addressesIn(scene);
	if (waitFor === 'callback') await run.parked();
	await expectFetched(address, file, type);
	scene.finishAll();
	const execution = await run.final();
	expect(execution.data.resultData.error?.message).toBeUndefined();
	expect(jsonOf(execution, 'Wan')).toMatchObject([{ state: 'success' }]);
	await expectFetched(address, file, type);
	expect(scene.apixo.ledger()).toHaveLength(1);
	expect(JSON.stringify(execution)).not.toContain('signed?token=');
}

/**
 * The wait gives up at once; n8n retries the node, and its user the execution, with the original
 * workflow and with one that has more patience.
 */
export async function retriesPayOnce(scene: Scene, waitFor: 'polling' | 'callback') {
	const { client, apixo } = scene;
	const [, file, , parameters] = CASES[0];
	const seed = '={{ Math.floor(Math.random() * 1e9) }}';
	const options = { timeout: 0.01 };
	const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 100 };
	const impatient = { ...parameters, waitFor, additionalFields: { seed }, options };
	const failed = await startForm(scene, [file], impatient, settings);
	expect((await failed.final(PATIENCE_MS)).status).toBe('error');
	const timeoutMs = PATIENCE_MS;
	const again = await client.retry(failed.id, { timeoutMs });
	expect((await client.waitForExecution(again.id, { timeoutMs })).status).toBe('error');
	scene.finishAll();
	await client.updateWorkflow(failed.workflowId, ({ nodes }) => {
		const wan = required(
			nodes.find(({ name }) => name === 'Wan'),
			'node',
		);
		wan.parameters.options = { firstPollDelay: 1 };
	});
	const { id } = await client.retry(again.id, { loadWorkflow: true, timeoutMs });
	const execution = await client.waitForExecution(id, { timeoutMs });
	expect(execution.data.resultData.error?.message).toBeUndefined();
	expect(jsonOf(execution, 'Wan')).toMatchObject([{ state: 'success' }]);
	expect(apixo.ledger()).toHaveLength(1);
}

/** All of it on one stage, as tests. @param where n8n keeps the files, as the title says it */
export function testFilesOfForms(where: string, withScene: WithScene) {
	describe.each(['polling', 'callback'] as const)(`with files ${where}, by %s,`, (way) => {
		it.concurrent.each(CASES)(
			'%s from a form becomes a video',
			withScene(async (scene, ...row) => await fileBecomesVideo(scene, way, row)),
		);

		it.concurrent(
			'retries pay once',
			withScene(async (scene) => await retriesPayOnce(scene, way)),
		);
	});
}
