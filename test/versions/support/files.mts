import { CASES, fileBecomesVideo, startForm } from '../../support/n8n/form-cases.mts';
import { type Scene, openScene } from '../../support/n8n/scene.mts';
import { openServer } from '../../support/n8n/stage.mts';
import { environmentFor } from './environment.mts';

type Way = 'polling' | 'callback';

async function allBecomeVideos(scene: Parameters<typeof fileBecomesVideo>[0], way: Way) {
	scene.apixo.setGeneration(Infinity);
	for (const row of CASES) {
		scene.apixo.reset();
		await fileBecomesVideo(scene, way, row);
	}
}

/** n8n 1 keeps files in memory unless it is told otherwise: nothing is paid for then. */
async function refusedInMemory(scene: Scene) {
	const [[, picture, , parameters]] = CASES;
	const execution = await (await startForm(scene, [picture], parameters)).final();
	expect(execution.data.resultData.error?.message).toMatch(/keeps files in memory/);
	expect(scene.apixo.ledger()).toEqual([]);
}

/** On an n8n of its own, whose setting differs from its default. */
async function onTheDisk(version: string, way: Way) {
	const env = { ...environmentFor(version), N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem' };
	const stage = await openServer({ version, env });
	const scene = await openScene(stage);
	try {
		await allBecomeVideos(scene, way);
	} finally {
		await scene.apixo.close();
		await stage.close();
	}
}

const fromForm = (way: Way) => async (scene: Scene, version: string) => {
	if (!version.startsWith('1.')) {
		await allBecomeVideos(scene, way);
		return '✓';
	}
	await refusedInMemory(scene);
	await onTheDisk(version, way);
	return 'with files on the disk';
};

/** Files of an item, which n8n gives to APIXO at signed addresses. */
export const FILE_CHECKS = {
	'Files from a form, waiting by polling': fromForm('polling'),
	'Files from a form, waiting by callback': fromForm('callback'),
};
