import { useStage } from '../support/n8n/scene.mts';
import { CASES, fileBecomesVideo, retriesPayOnce } from '../support/n8n/form-cases.mts';

const withScene = useStage({ env: { N8N_DEFAULT_BINARY_DATA_MODE: 'database' } });

describe.each(['polling', 'callback'] as const)('with files in the database, by %s,', (way) => {
	it.concurrent.each(CASES)(
		'%s from a form becomes a video',
		withScene(async (scene, ...row) => await fileBecomesVideo(scene, way, row)),
	);

	it.concurrent(
		'retries pay once',
		withScene(async (scene) => await retriesPayOnce(scene, way)),
	);
});
