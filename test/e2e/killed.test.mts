import { type Run, jsonOf, pairsOf } from '../support/n8n/run.mts';
import { type Scene, type SceneSettings, openScene } from '../support/n8n/scene.mts';
import { type Stage, openStage } from '../support/n8n/stage.mts';
import { required } from '../support/required.mts';

/** Callbacks that failed are not repeated while the tests last. */
const UNHURRIED: SceneSettings = { timeScale: 100 };

const HELD_MS = 600_000;

/** Long enough for n8n to start, and for a pause of a parked execution. */
const PARK_MS = 130_000;

/** Seconds: looks soon for what was not reported, but parks however slowly all is submitted. */
const EARLY = { firstPollDelay: 80 };

/** What an execution of three videos does when n8n is killed, and what its user does afterwards. */
interface Victim {
	production?: boolean;
	/** Brings it there from where it is parked. */
	until?: (scene: Scene, run: Run) => Promise<void>;
	/** Whether its user retries it, and with the current workflow; otherwise nobody does anything. */
	retry?: { loadWorkflow: boolean };
	/** Whether its last callback comes when n8n is there again; otherwise none comes. */
	isCalledLate?: boolean;
}

const callsUnderWay = ({ apixo }: Scene, kind: 'status' | 'file') =>
	apixo.requests({ kind }).filter(({ endedAt }) => endedAt === undefined).length;

/** All callbacks come, the execution goes on, and then hangs at APIXO. */
const goesOnTo = (kind: 'status' | 'file') => async (scene: Scene) => {
	scene.apixo.misbehave({ on: kind, do: { delayMs: HELD_MS } });
	scene.finishAll();
	await scene.until(() => callsUnderWay(scene, kind) === 3);
};

async function firstCallbackComes(scene: Scene) {
	scene.apixo.finish(scene.taskOf('prompt 2').taskId);
	await scene.until(() => scene.apixo.callbacks().some(({ status }) => status === 200));
}

const ORIGINAL = { loadWorkflow: false };
const CURRENT = { loadWorkflow: true };

const VICTIMS: Record<string, Victim> = {
	'parked, started by hand, every callback lost': {},
	'parked, in production, every callback lost': { production: true },
	'parked, between two callbacks': { until: firstCallbackComes, isCalledLate: true },
	'asking APIXO after it was parked, then Retry with its original workflow': {
		until: goesOnTo('status'),
		retry: ORIGINAL,
	},
	'asking APIXO after it was parked, then Retry with the current workflow': {
		until: goesOnTo('status'),
		retry: CURRENT,
		production: true,
	},
	'downloading after it was parked, then Retry with its original workflow': {
		until: goesOnTo('file'),
		retry: ORIGINAL,
		production: true,
	},
	'downloading after it was parked, then Retry with the current workflow': {
		until: goesOnTo('file'),
		retry: CURRENT,
	},
};

const names = Object.keys(VICTIMS);

interface Killed extends Victim {
	scene: Scene;
	run: Run;
}

let stage: Stage;
const killed = new Map<string, Killed>();

async function bringToItsEnd(name: string): Promise<void> {
	const victim = VICTIMS[name];
	const scene = await openScene(stage, UNHURRIED);
	const run = await scene.park({
		count: 3,
		production: victim.production,
		parameters: { download: true, options: EARLY },
	});
	killed.set(name, { ...victim, scene, run });
	await run.parked();
	await victim.until?.(scene, run);
}

// All are killed at once, because n8n takes a minute to come back to what is parked.
beforeAll(async () => {
	stage = await openStage();
	await Promise.all(names.map(bringToItsEnd));
	await stage.n8n.kill();
	for (const { scene, isCalledLate } of killed.values()) {
		scene.apixo.behave();
		scene.apixo.finish(scene.taskOf('prompt 1').taskId);
		if (!isCalledLate) scene.finishAll();
	}
	await stage.n8n.restart();
	for (const { scene, isCalledLate } of killed.values()) if (isCalledLate) scene.finishAll();
});
afterAll(async () => {
	for (const { scene } of killed.values()) await scene.apixo.close();
	await stage?.close();
});

describe('an execution that n8n was killed with', () => {
	it.each(names)('%s: goes on once, with all videos, each paid for once', async (name) => {
		const { scene, run, retry } = required(killed.get(name), name);
		const { client, apixo, taskOf } = scene;
		let id = run.id;
		if (retry) {
			expect((await run.final()).status).toBe('crashed');
			id = (await client.retry(run.id, retry)).id;
		}
		const execution = await client.waitForExecution(id, { timeoutMs: PARK_MS });

		expect(execution.data.resultData.error).toBeUndefined();
		expect(execution.status).toBe('success');
		const inOrder = [1, 2, 3].map((n) => taskOf(`prompt ${n}`).taskId);
		expect(jsonOf(execution, 'Wan').map(({ taskId }) => taskId)).toEqual(inOrder);
		expect(jsonOf(execution, 'Wan').map(({ state }) => state)).toEqual(Array(3).fill('success'));
		expect(pairsOf(execution, 'Wan')).toEqual([0, 1, 2]);
		expect(execution.data.resultData.runData.Wan).toHaveLength(1);
		expect(scene.wentOn().map((came) => came.map(({ taskId }) => taskId))).toEqual([inOrder]);
		expect(scene.wentWrong()).toEqual([]);
		expect(apixo.ledger()).toHaveLength(3);
	});
});
