/**
 * n8n is killed when it has saved an execution last before our node submitted what it works on: its
 * Retry must not pay for that again.
 */

import type { INode } from 'n8n-workflow';
import { type Run, runOf } from '../support/n8n/run.mts';
import { type Scene, openScene } from '../support/n8n/scene.mts';
import { type Stage, openStage } from '../support/n8n/stage.mts';
import {
	type Link,
	items,
	loop,
	manualStart,
	node,
	tell,
	waitNode,
	wanVideo,
	wired,
} from '../support/n8n/workflows.mts';
import { readItem } from '../support/item.mts';
import { required } from '../support/required.mts';

const POLLING = {
	options: { firstPollDelay: 0, pollInterval: 1 },
	// The request differs at each try.
	additionalFields: { seed: '={{ Math.floor(Math.random() * 1e9) }}' },
};

/** Start → Items → Loop, one by one → Wan → more → Loop. */
async function startLoop(scene: Scene, more: INode[], settings: object = {}): Promise<Run> {
	const { client, credentials } = scene;
	const wan = wanVideo(POLLING, { credentials });
	const good = tell('Good', scene.witnessUrl('good'));
	const list = items([1, 2].map((n) => ({ prompt: `prompt ${n}` })));
	const path = ['Start', 'Items', 'Loop'];
	const round = ['Loop', 'Wan', 'Good', ...more.map(({ name }) => name), 'Loop'];
	const links: Link[] = [
		...path.slice(1).map((name, index): Link => [path[index], 0, name, 0]),
		...round
			.slice(1)
			.map((name, index): Link => [round[index], round[index] === 'Loop' ? 1 : 0, name, 0]),
	];
	const nodes = [manualStart(), list, loop(1), wan, good, ...more];
	const { id } = await client.createWorkflow(wired('loop', nodes, links, settings));
	return runOf(client, id, await client.run(id, 'Start'));
}

/** Tells how the execution is woken when a Wait node has parked it. */
const tellUrl = (url: string) =>
	node('Url', 'httpRequest', {
		typeVersion: 4.2,
		parameters: {
			method: 'POST',
			url,
			sendBody: true,
			specifyBody: 'json',
			jsonBody: '={{ JSON.stringify({ url: $execution.resumeUrl }) }}',
		},
	});

const polled = async (scene: Scene, prompt: string) => {
	await scene.until(() => scene.hasTask(prompt));
	const { taskId } = scene.taskOf(prompt);
	await scene.until(() =>
		scene.apixo.requests({ kind: 'status' }).some((request) => request.taskId === taskId),
	);
};

/** The first round is done, and the second waits for its video. */
async function secondRoundPolls(scene: Scene) {
	await polled(scene, 'prompt 1');
	scene.apixo.finish(scene.taskOf('prompt 1').taskId);
	await polled(scene, 'prompt 2');
}

interface Victim {
	/** Starts it, and brings it to where n8n is killed. */
	begin: (scene: Scene) => Promise<Run>;
	/** What it has paid for by then. */
	paid: number;
}

const VICTIMS: Record<string, Victim> = {
	'while it polled, and had never been saved': {
		paid: 1,
		async begin(scene) {
			const run = await scene.start([
				scene.startNode(true),
				items([{ prompt: 'prompt 1' }]),
				wanVideo(POLLING, { credentials: scene.credentials }),
			]);
			await polled(scene, 'prompt 1');
			return run;
		},
	},
	'in the second round of a loop, after a Wait node of the first': {
		paid: 2,
		async begin(scene) {
			const run = await startLoop(scene, [tellUrl(scene.witnessUrl('url')), waitNode()]);
			await polled(scene, 'prompt 1');
			scene.apixo.finish(scene.taskOf('prompt 1').taskId);
			await run.parked();
			const [{ body }] = scene.visits('url');
			expect((await fetch(String(readItem(body).url))).status).toBe(200);
			await polled(scene, 'prompt 2');
			return run;
		},
	},
	'in the second round of a loop, with Save Execution Progress': {
		paid: 2,
		async begin(scene) {
			const run = await startLoop(scene, [], { saveExecutionProgress: true });
			await secondRoundPolls(scene);
			return run;
		},
	},
	'in the Retry of an execution that failed': {
		paid: 2,
		async begin(scene) {
			const rule = scene.apixo.misbehave({
				on: 'submit',
				match: { promptIncludes: 'prompt 2' },
				do: { httpStatus: 400 },
			});
			const run = await startLoop(scene, []);
			await polled(scene, 'prompt 1');
			scene.apixo.finish(scene.taskOf('prompt 1').taskId);
			expect((await run.final()).status).toBe('error');
			rule.remove();
			// Answered when it has ended, which n8n does not live to see.
			void scene.client.retry(run.id).catch(() => {});
			await polled(scene, 'prompt 2');
			const [retry] = await scene.client.executions({ workflowId: run.workflowId });
			expect(retry.retryOf).toBe(run.id);
			return runOf(scene.client, run.workflowId, retry.id);
		},
	},
};

const names = Object.keys(VICTIMS);

let stage: Stage;
const killed = new Map<string, { scene: Scene; run: Run }>();

beforeAll(async () => {
	stage = await openStage();
	for (const name of names) {
		const scene = await openScene(stage, { timeScale: 100 });
		killed.set(name, { scene, run: await VICTIMS[name].begin(scene) });
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
		const { client, apixo } = scene;
		expect((await run.final()).status).toBe('crashed');
		expect(apixo.ledger()).toHaveLength(VICTIMS[name].paid);
		let { id } = run;
		for (const loadWorkflow of [false, true]) {
			({ id } = await client.retry(id, { loadWorkflow }));
			const { status, data } = await client.waitForExecution(id);
			expect(status).toBe('error');
			expect(data.resultData.error?.message).toMatch(/not known whether this item was submitted/);
		}
		expect(apixo.ledger()).toHaveLength(VICTIMS[name].paid);
	});
});
