/** Executions that n8n saved last before our node submitted what it works on. */

import type { INode } from 'n8n-workflow';
import { readItem } from '../item.mts';
import { type Run, runOf } from './run.mts';
import type { SceneStage, SceneTools } from './scene.mts';
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
} from './workflows.mts';

type Scene = SceneStage & SceneTools;

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

interface UnsavedRun {
	/** Starts it, and brings it to where n8n is killed. */
	begin: (scene: Scene) => Promise<Run>;
	/** What it has paid for by then. */
	paid: number;
}

/** By when n8n is killed. */
export const UNSAVED_RUNS: Record<string, UnsavedRun> = {
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
	'while what follows ran, and had never been saved': {
		paid: 1,
		async begin(scene) {
			scene.apixo.misbehave({ on: 'file', do: { delayMs: 60_000_000 } });
			const run = await scene.start([
				scene.startNode(true),
				items([{ prompt: 'prompt 1' }]),
				wanVideo(POLLING, { credentials: scene.credentials }),
				node('Slow', 'httpRequest', {
					typeVersion: 4.2,
					parameters: { url: '={{ $json.videoUrl }}' },
				}),
			]);
			await polled(scene, 'prompt 1');
			scene.apixo.finish(scene.taskOf('prompt 1').taskId);
			await scene.until(() => scene.apixo.requests({ kind: 'file' }).length > 0);
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
			await fetch(String(readItem(body).url));
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
			await run.final();
			rule.remove();
			// Answered when it has ended, which n8n does not live to see.
			void scene.client.retry(run.id).catch(() => {});
			await polled(scene, 'prompt 2');
			const [retry] = await scene.client.executions({ workflowId: run.workflowId });
			return runOf(scene.client, run.workflowId, retry.id);
		},
	},
};

/** What a Retry tells that submits nothing, from n8n 2.15 on, and before. */
const REFUSALS = /not known whether this item was submitted|what it had submitted was not saved/;

/** Retries it, and retries that Retry. @returns what is not as it should be */
export async function retryTwice({ client, apixo }: Scene, run: Run): Promise<string[]> {
	const paid = apixo.ledger().length;
	const faults: string[] = [];
	let { id } = run;
	for (const loadWorkflow of [false, true]) {
		({ id } = await client.retry(id, { loadWorkflow }));
		const { status, data } = await client.waitForExecution(id);
		const said = String(data.resultData.error?.message);
		if (status !== 'error' || !REFUSALS.test(said)) faults.push(`${status}: ${said}`);
	}
	const more = apixo.ledger().length - paid;
	return more === 0 ? faults : [...faults, `${more} paid again`];
}
