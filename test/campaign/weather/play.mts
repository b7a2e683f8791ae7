import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestEntry, Rule, TaskView } from '../../../emulator/index.mts';
import type { Execution } from '../../../tools/n8n/driver/index.mts';
import type { Scene } from '../../support/n8n/scene.mts';
import type { Visit } from '../../support/n8n/witness.mts';
import { required } from '../../support/required.mts';
import { until } from '../../support/n8n/until.mts';
import { manualStart, webhookStart } from '../../support/n8n/workflows.mts';
import type { openCensus } from './census.mts';
import { callPerson } from './person.mts';
import { type Call, send } from './post.mts';
import { ASKS_A_PERSON, type Fate, type Stop, type Story, type Stray } from './story.mts';
import {
	badName,
	childWorkflowOf,
	countOf,
	knownTaskId,
	passName,
	promptOf,
	workflowOf,
} from './workflow.mts';

/** A task that nobody reports is looked for after 242 s, then after 62 s and more. */
const PATIENCE_MS = 400_000;

const FINAL = ['success', 'error', 'crashed', 'canceled'];

/** A stop in one pass, as it was seen. */
export interface Visited {
	index: number;
	pass: number;
	stop: Stop;
	/** Unix ms */
	calledAt?: number;
	/** strays that came while the execution was parked there, and only then */
	strays: Call[];
	/** strays that came while it went on */
	busyStrays: Call[];
}

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

/** Everything that the actors of a story need. */
interface Set {
	scene: Scene;
	census: ReturnType<typeof openCensus>;
	story: Story;
	workflowId: string;
	executionId: string;
	/** by stop */
	childIds: Array<string | undefined>;
}

/** What befalls the task of an item. */
function rulesOf(stop: Stop, index: number, pass: number, item: number): Rule[] {
	const fate = stop.passes[pass].fates[item];
	const match = { promptIncludes: promptOf(index, pass, item) };
	const isLast = item === stop.passes[pass].fates.length - 1;
	const rules: Rule[] = [];
	if (isLast && stop.submitMs > 0) {
		rules.push({ on: 'submit', match, do: { delayMs: stop.submitMs, ...failure(fate) } });
	} else if (fate.fails) rules.push({ on: 'submit', match, do: failure(fate) });
	if (stop.fileMs > 0) rules.push({ on: 'file', match, do: { delayMs: stop.fileMs } });
	const effects = fate.when === 'at once' ? { ...fate.effects, early: true } : fate.effects;
	if (!fate.namesAnother && Object.keys(effects).length > 0) {
		rules.push({ on: 'callback', match, do: effects });
	}
	return rules;
}

const failure = ({ fails }: Fate) =>
	fails ? { fail: { failCode: 'NSFW', failMsg: 'unsafe' } } : {};

function misbehave({ apixo }: Scene, { stops }: Story) {
	for (const [index, stop] of stops.entries()) {
		for (const [pass, { fates }] of stop.passes.entries()) {
			for (const item of fates.keys()) {
				for (const rule of rulesOf(stop, index, pass, item)) apixo.misbehave(rule);
			}
			if (stop.kind === 'wait parked') {
				apixo.addTask({ taskId: knownTaskId(index, pass), state: 'processing' });
			}
		}
	}
}

/** Publishes the workflows of a story and starts it. */
export async function openSet(scene: Scene, census: Set['census'], story: Story): Promise<Set> {
	const { client, n8n } = scene;
	misbehave(scene, story);
	const childIds: Array<string | undefined> = [];
	for (const [index, stop] of story.stops.entries()) {
		if (stop.kind !== 'sub-workflow') continue;
		const { id } = await client.createWorkflow(childWorkflowOf(stop, index, scene));
		await client.activate(id);
		childIds[index] = id;
	}
	const path = randomUUID();
	const startNode = story.isManual ? manualStart() : webhookStart(path);
	const { id } = await client.createWorkflow(workflowOf(story, startNode, scene, childIds));
	const set = { scene, census, story, workflowId: id, childIds };
	if (story.isManual) return { ...set, executionId: await client.run(id, 'Start') };
	await client.activate(id);
	const { status } = await client.postWebhook(`${n8n.url}/webhook/${path}`, {});
	if (status !== 200) throw new Error(`The webhook of a story answered ${status}`);
	let executionId: string | undefined;
	await until(async () => {
		[{ id: executionId }] = [...(await client.executions({ workflowId: id })), { id: undefined }];
		return executionId !== undefined;
	});
	return { ...set, executionId: required(executionId, 'execution') };
}

const tasksAt = ({ scene }: Set, { index, pass }: Pick<Visited, 'index' | 'pass'>): TaskView[] =>
	scene.apixo.tasks().filter(({ prompt }) => prompt?.startsWith(`film ${index}.${pass}.`));

const passesOf = ({ scene }: Set, index: number) => scene.visits(passName(index));

const hasPassed = (set: Set, { index, pass }: Visited) => passesOf(set, index).length > pass;

/** Where an execution is, as far as it matters at a stop. */
type Place = 'parked' | 'passed' | 'ended';

/** Waits until an execution is parked at a stop, has passed it, or has ended. */
async function arrive(set: Set, visited: Visited, mayBeParked = true): Promise<Place> {
	const { census, scene, workflowId, executionId } = set;
	const deadline = Date.now() + PATIENCE_MS;
	while (Date.now() < deadline) {
		if (hasPassed(set, visited)) return 'passed';
		const isThere = isPrepared(set, visited);
		const execution = (await census()).get(workflowId);
		if (execution?.status === 'waiting' && isThere && mayBeParked) {
			if (hasPassed(set, visited)) return 'passed';
			return 'parked';
		}
		if (execution === undefined) {
			const { status } = await scene.client.execution(executionId);
			if (FINAL.includes(status)) return hasPassed(set, visited) ? 'passed' : 'ended';
		}
	}
	throw new Stuck(`It is neither parked at, nor past, nor ended at ${visited.stop.kind}`);
}

class Stuck extends Error {}

/** Whether all that must have happened before it can be parked at a stop has. */
function isPrepared(set: Set, visited: Visited): boolean {
	const { stop } = visited;
	if (stop.kind === 'wait parked') {
		const taskId = knownTaskId(visited.index, visited.pass);
		return set.scene.apixo.requests({ kind: 'status' }).some((poll) => poll.taskId === taskId);
	}
	const hasTasks = ['wan', 'wan parked', 'sub-workflow'].includes(stop.kind);
	return !hasTasks || tasksAt(set, visited).length >= countOf(stop);
}

/** Whom the strays of a stop may be about: all tasks with a callback URL so far. */
const reportedTasks = ({ scene }: Set): TaskView[] =>
	scene.apixo.tasks().filter(({ callbackUrl }) => callbackUrl !== undefined);

/** The calls go to the execution of the story, or to one that it called, as the task has it. */
async function stray(
	set: Set,
	strays: Stray[],
	mayOpen: (stray: Stray) => boolean,
): Promise<Call[]> {
	const tasks = reportedTasks(set);
	if (tasks.length === 0) return [];
	const sent = strays
		.filter((one) => !mayOpen(one))
		.map(async (one) => {
			const task = tasks[Math.floor(one.lot * tasks.length)];
			return await send(one, task, required(task.callbackUrl, 'callback URL'));
		});
	return (await Promise.all(sent)).flat();
}

/**
 * Who holds the URL of an execution can open its Wait nodes: that is how n8n has it, and not to be
 * told from the person that is waited for.
 */
const opens =
	({ kind }: Stop) =>
	(one: Stray) =>
		one.kind === 'older URL' && ['wait for POST', 'wait for form'].includes(kind);

/** Finishes the tasks of a stop, in the order of their lots. */
async function finishTasks(set: Set, visited: Visited) {
	const { apixo } = set.scene;
	const { fates } = visited.stop.passes[visited.pass];
	const order = [...fates.keys()].sort((a, b) => fates[a].lot - fates[b].lot);
	for (const item of order) {
		const fate = fates[item];
		const tasks = tasksAt(set, visited);
		const prompt = promptOf(visited.index, visited.pass, item);
		const task = tasks.find((one) => one.prompt === prompt);
		if (task === undefined || ['success', 'failed'].includes(task.state)) continue;
		if (fate.namesAnother) {
			const { taskId } = tasks[Math.floor(fate.lot * tasks.length)];
			const match = { taskId: task.taskId };
			apixo.misbehave({ on: 'callback', match, do: { forge: { data: { taskId } } } });
		}
		apixo.finish(task.taskId, fate.fails ? { state: 'failed', failCode: 'NSFW' } : {});
		await sleep(Math.round(fate.lot * 300));
	}
}

/** Finishes some tasks of a stop while others are being submitted. */
async function finishSoonOnes(set: Set, visited: Visited) {
	const { fates } = visited.stop.passes[visited.pass];
	for (const [item, fate] of fates.entries()) {
		if (fate.when !== 'submitted') continue;
		const prompt = promptOf(visited.index, visited.pass, item);
		const task = tasksAt(set, visited).find((one) => one.prompt === prompt);
		if (task === undefined || ['success', 'failed'].includes(task.state)) continue;
		set.scene.apixo.finish(task.taskId, fate.fails ? { state: 'failed', failCode: 'NSFW' } : {});
	}
}

/** A stop that goes on by what APIXO does. */
async function passVideos(set: Set, visited: Visited): Promise<Place> {
	const { stop, pass } = visited;
	const count = countOf(stop);
	let isWatching = stop.kind !== 'wait parked';
	const watch = async () => {
		while (isWatching && tasksAt(set, visited).length < count) {
			await finishSoonOnes(set, visited);
			await sleep(50);
		}
		if (isWatching) await finishSoonOnes(set, visited);
	};
	const watching = watch();
	const place = await arrive(set, visited).finally(() => (isWatching = false));
	await watching;
	if (place !== 'parked') return place;
	visited.strays.push(...(await stray(set, stop.passes[pass].strays, () => false)));
	if (stop.kind === 'wait parked') set.scene.apixo.finish(knownTaskId(visited.index, pass));
	else await finishTasks(set, visited);
	return await arrive(set, visited, false);
}

/** Until each task that is finished was reported, or was tried to be. */
async function untilDelivered({ scene }: Set) {
	const isAttempted = ({ taskId, state, callbackUrl }: TaskView) =>
		callbackUrl === undefined ||
		!['success', 'failed'].includes(state) ||
		scene.apixo.callbacks().some((one) => one.taskId === taskId && one.endedAt !== undefined);
	await until(() => scene.apixo.tasks().every(isAttempted), PATIENCE_MS);
}

/** A timer of n8n for the node's look at its tasks goes off even if a callback was quicker. */
const LOOK_MS = 70_000;

/** Until that timer has gone off, so that it would end the wait of this stop if it could. */
async function untilLookIsOver({ scene, story }: Set) {
	const early = story.stops.findIndex(({ firstPollDelay }) => firstPollDelay !== undefined);
	if (early < 0) return;
	const submitted = scene.apixo
		.tasks()
		.filter(({ prompt }) => prompt?.startsWith(`film ${early}.`))
		.map(({ createTime }) => createTime);
	await sleep(Math.max(0, Math.max(...submitted) + LOOK_MS - Date.now()));
}

/** A stop that goes on when somebody calls, or by itself. */
async function passOther(set: Set, visited: Visited): Promise<Place> {
	const { stop, pass } = visited;
	const isPersonal = ASKS_A_PERSON.includes(stop.kind);
	// A Wait node of some seconds runs on.
	if (stop.kind === 'wait for seconds') {
		visited.busyStrays.push(...(await stray(set, stop.passes[pass].strays, () => false)));
	}
	const place = await arrive(set, visited);
	if (place !== 'parked') return place;
	if (isPersonal) {
		await untilLookIsOver(set);
		set.scene.apixo.retryCallbacks();
		await untilDelivered(set);
	}
	const { strays } = stop.passes[pass];
	const isBusy = isPersonal && stop.isCalled && stop.isBusy && stop.kind !== 'wait for form';
	if (!isBusy) visited.strays.push(...(await stray(set, strays, opens(stop))));
	if (!isPersonal) return await arrive(set, visited, false);
	if (!stop.isCalled) return 'parked';
	const busy = isBusy ? stray(set, strays, opens(stop)) : Promise.resolve([]);
	visited.calledAt = Date.now();
	const [{ callbackUrl }] = reportedTasks(set);
	await callPerson(stop.kind, required(callbackUrl, 'callback URL'));
	visited.busyStrays.push(...(await busy));
	return await arrive(set, visited, false);
}

const WITH_VIDEOS = ['wan', 'wan parked', 'wait parked', 'sub-workflow'];

/** Takes an execution from stop to stop. @returns whether it stays parked at one */
async function takeThrough(set: Set, visited: Visited[]): Promise<boolean> {
	const { story } = set;
	for (let pass = 0; pass < (story.loops ?? 1); pass += 1) {
		for (const [index, stop] of story.stops.entries()) {
			const here: Visited = { index, pass, stop, strays: [], busyStrays: [] };
			visited.push(here);
			const isVideo = WITH_VIDEOS.includes(stop.kind);
			const place = await (isVideo ? passVideos(set, here) : passOther(set, here));
			if (place !== 'passed') return place === 'parked';
		}
	}
	return false;
}

/** Lets all deliveries come to their end. */
async function calmDown(set: Set) {
	const { apixo } = set.scene;
	await untilDelivered(set);
	for (let round = 0; round < 3; round += 1) {
		apixo.retryCallbacks();
		await sleep(100);
		await until(() => apixo.callbacks().every(({ endedAt }) => endedAt !== undefined));
	}
}

const taskIdIn = (body: string): string | undefined => /"taskId":"([^"]+)"/.exec(body)?.[1];

/** Plays a story on a real n8n, against an APIXO of its own. */
export async function play(set: Set): Promise<Played> {
	const { scene, story } = set;
	const { apixo, client } = scene;
	const visited: Visited[] = [];
	let isParked = false;
	let isStuck = false;
	let strays: Call[] = [];
	try {
		isParked = await takeThrough(set, visited);
		if (!isParked) {
			const { status } = await client.waitForExecution(set.executionId, { timeoutMs: PATIENCE_MS });
			if (!FINAL.includes(status)) throw new Stuck('It does not end');
			strays = await stray(set, story.strays, () => false);
		}
		await calmDown(set);
	} catch (error) {
		isStuck = true;
		strays.push({ kind: `stuck: ${String(error)}`, at: Date.now() });
	}
	const execution = await client.execution(set.executionId);
	const children: Execution[] = [];
	for (const workflowId of set.childIds) {
		if (workflowId === undefined) continue;
		for (const { id } of await client.executions({ workflowId })) {
			children.push(await client.execution(id));
		}
	}
	if (!FINAL.includes(execution.status)) await client.stop(set.executionId);
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
