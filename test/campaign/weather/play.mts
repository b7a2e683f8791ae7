import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestEntry, TaskView } from '../../../emulator/index.mts';
import type { Execution } from '../../../tools/n8n/driver/index.mts';
import { until } from '../../support/n8n/until.mts';
import type { Visit } from '../../support/n8n/witness.mts';
import type { Live, Visited } from './live.mts';
import { FINAL, PATIENCE_MS, Stuck } from './place.mts';
import type { Call } from './post.mts';
import { WITH_VIDEOS, passOther, passVideos, stray, untilDelivered } from './stops.mts';
import type { Story } from './story.mts';
import { badName, passName } from './workflow.mts';

/** What became of a story. */
export interface Played {
	story: Story;
	visited: Visited[];
	strays: Call[];
	/** how the driver expects it to be */
	isParked: boolean;
	execution: Execution;
	/** of called workflows */
	children: Execution[];
	/** that were submitted, in order */
	tasks: TaskView[];
	polls: RequestEntry[];
	submissions: RequestEntry[];
	/** by APIXO */
	deliveries: Call[];
	passes: Visit[][];
	fails: Visit[][];
	isStuck: boolean;
}

/** Takes an execution from stop to stop. @returns whether it stays parked at one */
async function takeThrough(live: Live, visited: Visited[]): Promise<boolean> {
	const { story } = live;
	for (let pass = 0; pass < (story.loops ?? 1); pass += 1) {
		for (const [index, stop] of story.stops.entries()) {
			const here: Visited = { index, pass, stop, strays: [], busyStrays: [] };
			visited.push(here);
			const isVideo = WITH_VIDEOS.includes(stop.kind);
			const place = await (isVideo ? passVideos(live, here) : passOther(live, here));
			if (place !== 'passed') return place === 'parked';
		}
	}
	return false;
}

/** Lets all deliveries come to their end. */
async function calmDown(live: Live) {
	const { apixo } = live.scene;
	await untilDelivered(live);
	for (let round = 0; round < 3; round += 1) {
		apixo.retryCallbacks();
		await sleep(100);
		await until(() => apixo.callbacks().every(({ endedAt }) => endedAt !== undefined));
	}
}

const taskIdIn = (body: string): string | undefined => /"taskId":"([^"]+)"/.exec(body)?.[1];

/** Plays a story on a real n8n, against an APIXO of its own. */
export async function play(live: Live): Promise<Played> {
	const { scene, story } = live;
	const { apixo, client } = scene;
	const visited: Visited[] = [];
	let isParked = false;
	let isStuck = false;
	let strays: Call[] = [];
	try {
		isParked = await takeThrough(live, visited);
		if (!isParked) {
			const { status } = await client.waitForExecution(live.executionId, {
				timeoutMs: PATIENCE_MS,
			});
			if (!FINAL.includes(status)) throw new Stuck('It does not end');
			strays = await stray(live, story.strays, () => false);
		}
		await calmDown(live);
	} catch (error) {
		isStuck = true;
		strays.push({ kind: `stuck: ${String(error)}`, at: Date.now() });
	}
	const execution = await client.execution(live.executionId);
	const children: Execution[] = [];
	for (const workflowId of live.childIds) {
		if (workflowId === undefined) continue;
		for (const { id } of await client.executions({ workflowId })) {
			children.push(await client.execution(id));
		}
	}
	if (!FINAL.includes(execution.status)) await client.stop(live.executionId);
	return {
		story,
		visited,
		strays,
		isParked,
		execution,
		children,
		tasks: apixo.tasks(),
		polls: apixo.requests({ kind: 'status' }),
		submissions: apixo.requests({ kind: 'submit' }),
		deliveries: apixo
			.callbacks()
			.map(({ taskId: _own, body, at, endedAt, status, answer, error }) => ({
				kind: 'delivery',
				at,
				endedAt,
				taskId: taskIdIn(body),
				status,
				answer: answer ?? error,
			})),
		passes: story.stops.map((_, index) => scene.visits(passName(index))),
		fails: story.stops.map((_, index) => scene.visits(badName(index))),
		isStuck,
	};
}
