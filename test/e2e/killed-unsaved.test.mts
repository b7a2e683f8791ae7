/**
 * n8n is killed when it has saved an execution last before our node submitted what it works on: its
 * Retry must not pay for that again.
 */

import type { Run } from '../support/n8n/run.mts';
import { type Scene, openScene } from '../support/n8n/scene.mts';
import { type Stage, openStage } from '../support/n8n/stage.mts';
import { UNSAVED_RUNS, retryTwice } from '../support/n8n/unsaved-runs.mts';
import { required } from '../support/required.mts';

const names = Object.keys(UNSAVED_RUNS);

let stage: Stage;
const killed = new Map<string, { scene: Scene; run: Run }>();

beforeAll(async () => {
	stage = await openStage();
	for (const name of names) {
		const scene = await openScene(stage, { timeScale: 100 });
		killed.set(name, { scene, run: await UNSAVED_RUNS[name].begin(scene) });
	}
	await stage.n8n.kill();
	await stage.n8n.restart();
	for (const { scene } of killed.values()) scene.finishAll();
});
afterAll(async () => {
	for (const { scene } of killed.values()) await scene.apixo.close();
	await stage?.close();
});

describe('an execution that was killed', () => {
	it.each(names)('%s: Retry, and Retry of that Retry, pay for nothing again', async (name) => {
		const { scene, run } = required(killed.get(name), name);
		expect((await run.final()).status).toBe('crashed');
		expect(scene.apixo.ledger()).toHaveLength(UNSAVED_RUNS[name].paid);
		expect(await retryTwice(scene, run)).toEqual([]);
	});
});
