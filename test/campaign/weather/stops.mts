import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskView } from '../../../emulator/index.mts';
import { required } from '../../support/required.mts';
import { until } from '../../support/n8n/until.mts';
import { type Live, type Visited, tasksAt } from './live.mts';
import { callPerson } from './person.mts';
import { PATIENCE_MS, type Place, arrive } from './place.mts';
import { type Call, send } from './post.mts';
import { ASKS_A_PERSON, type Stop, type Stray } from './story.mts';
import { countOf, knownTaskId, promptOf } from './workflow.mts';

/** Whom the strays of a stop may be about: all tasks with a callback URL so far. */
const reportedTasks = ({ scene }: Live): TaskView[] =>
	scene.apixo.tasks().filter(({ callbackUrl }) => callbackUrl !== undefined);

/** The calls go to the execution of the story, or to one that it called, as the task has it. */
export async function stray(
	live: Live,
	strays: Stray[],
	mayOpen: (stray: Stray) => boolean,
): Promise<Call[]> {
	const tasks = reportedTasks(live);
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
async function finishTasks(live: Live, visited: Visited) {
	const { apixo } = live.scene;
	const { fates } = visited.stop.passes[visited.pass];
	const order = [...fates.keys()].sort((a, b) => fates[a].lot - fates[b].lot);
	for (const item of order) {
		const fate = fates[item];
		const tasks = tasksAt(live, visited);
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
async function finishSoonOnes(live: Live, visited: Visited) {
	const { fates } = visited.stop.passes[visited.pass];
	for (const [item, fate] of fates.entries()) {
		if (fate.when !== 'submitted') continue;
		const prompt = promptOf(visited.index, visited.pass, item);
		const task = tasksAt(live, visited).find((one) => one.prompt === prompt);
		if (task === undefined || ['success', 'failed'].includes(task.state)) continue;
		live.scene.apixo.finish(task.taskId, fate.fails ? { state: 'failed', failCode: 'NSFW' } : {});
	}
}

/** A stop that goes on by what APIXO does. */
export async function passVideos(live: Live, visited: Visited): Promise<Place> {
	const { stop, pass } = visited;
	const count = countOf(stop);
	let isWatching = stop.kind !== 'wait parked';
	const watch = async () => {
		while (isWatching && tasksAt(live, visited).length < count) {
			await finishSoonOnes(live, visited);
			await sleep(50);
		}
		if (isWatching) await finishSoonOnes(live, visited);
	};
	const watching = watch();
	const place = await arrive(live, visited).finally(() => (isWatching = false));
	await watching;
	if (place !== 'parked') return place;
	visited.strays.push(...(await stray(live, stop.passes[pass].strays, () => false)));
	if (stop.kind === 'wait parked') live.scene.apixo.finish(knownTaskId(visited.index, pass));
	else await finishTasks(live, visited);
	return await arrive(live, visited, false);
}

/** Until each task that is finished was reported, or was tried to be. */
export async function untilDelivered({ scene }: Live) {
	const isAttempted = ({ taskId, state, callbackUrl }: TaskView) =>
		callbackUrl === undefined ||
		!['success', 'failed'].includes(state) ||
		scene.apixo.callbacks().some((one) => one.taskId === taskId && one.endedAt !== undefined);
	await until(() => scene.apixo.tasks().every(isAttempted), PATIENCE_MS);
}

/** A timer of n8n for the node's look at its tasks goes off even if a callback was quicker. */
const LOOK_MS = 70_000;

/** Until that timer has gone off, so that it would end the wait of this stop if it could. */
async function untilLookIsOver({ scene, story }: Live) {
	const early = story.stops.findIndex(({ firstPollDelay }) => firstPollDelay !== undefined);
	if (early < 0) return;
	const submitted = scene.apixo
		.tasks()
		.filter(({ prompt }) => prompt?.startsWith(`film ${early}.`))
		.map(({ createTime }) => createTime);
	await sleep(Math.max(0, Math.max(...submitted) + LOOK_MS - Date.now()));
}

/** A stop that goes on when somebody calls, or by itself. */
export async function passOther(live: Live, visited: Visited): Promise<Place> {
	const { stop, pass } = visited;
	const isPersonal = ASKS_A_PERSON.includes(stop.kind);
	// A Wait node of some seconds runs on.
	if (stop.kind === 'wait for seconds') {
		visited.busyStrays.push(...(await stray(live, stop.passes[pass].strays, () => false)));
	}
	const place = await arrive(live, visited);
	if (place !== 'parked') return place;
	if (isPersonal) {
		await untilLookIsOver(live);
		live.scene.apixo.retryCallbacks();
		await untilDelivered(live);
	}
	const { strays } = stop.passes[pass];
	const isBusy = isPersonal && stop.isCalled && stop.isBusy && stop.kind !== 'wait for form';
	if (!isBusy) visited.strays.push(...(await stray(live, strays, opens(stop))));
	if (!isPersonal) return await arrive(live, visited, false);
	if (!stop.isCalled) return 'parked';
	const busy = isBusy ? stray(live, strays, opens(stop)) : Promise.resolve([]);
	visited.calledAt = Date.now();
	const [{ callbackUrl }] = reportedTasks(live);
	await callPerson(stop.kind, required(callbackUrl, 'callback URL'));
	visited.busyStrays.push(...(await busy));
	return await arrive(live, visited, false);
}

export const WITH_VIDEOS = ['wan', 'wan parked', 'wait parked', 'sub-workflow'];
