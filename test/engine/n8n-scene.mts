import { startN8n, type N8nStandIn } from '../support/engine/index.mts';
import { scene, type EmulatorOptions, type Scene } from '../support/engine/wan.mts';

export interface N8nScene extends Scene {
	n8n: N8nStandIn;
}

/**
 * A scene with an n8n that can be called from outside. A delivery that failed is repeated after
 * 0.3 s, 0.6 s and 1.2 s instead of 30 s, 60 s and 120 s.
 */
export const sceneWithN8n = <Row extends unknown[]>(
	body: (stage: N8nScene, ...row: Row) => Promise<void>,
	settings: EmulatorOptions = {},
) =>
	scene(
		async (stage, ...row: Row) => {
			const n8n = await startN8n();
			try {
				await body({ ...stage, n8n }, ...row);
			} finally {
				await n8n.close();
			}
		},
		{ timeScale: 0.01, ...settings },
	);
