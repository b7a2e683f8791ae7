import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../support/n8n/until.mts';
import { PHASES } from './phases.mts';
import type { Stand } from './stand.mts';

const PATIENCE_MS = 180_000;
const MOST_DELAY_MS = 1_500;

/** Callbacks that failed are repeated after 9, 18 and 36 s. */
export const HURRIED = { timeScale: 0.3 };
/**
 * While n8n starts, it answers 200 to whatever comes, and marks for a moment as crashed what is
 * parked. So callbacks that failed while it was down are repeated when it has started.
 */
const UNHURRIED = { timeScale: 100 };

/**
 * An execution that was hit by a kill, and what became of it. executions of one workflow in one round
 */
interface Group {
	phase: string;
	stand: Stand;
	/** what the prompts of its tasks begin with */
	tag: string;
	/** of its executions */
	ids: string[];
}

/** What APIXO and n8n saw of a group so far. */
function seenOf({ apixo }, { tag, ids }, statuses) {
	const tasks = apixo.tasks().filter(({ prompt }) => prompt.startsWith(tag));
	const taskIds = new Set(tasks.map(({ taskId }) => taskId));
	return {
		charged: tasks.length,
		waiting: ids.filter((id) => statuses.get(id) === 'waiting').length,
		requests: (kind) =>
			apixo
				.requests({ kind })
				.filter(({ taskId, body }) => taskIds.has(taskId) || body?.input?.prompt.startsWith(tag)),
	};
}

async function statusesOf({ client }, groups) {
	const statuses = new Map();
	for (const { stand } of groups) {
		const executions = await client.executions({ workflowId: stand.workflowId });
		for (const { id, status } of executions) statuses.set(id, status);
	}
	return statuses;
}

export const tasksOf = ({ apixo }, tag) =>
	apixo.tasks().filter(({ prompt }) => prompt.startsWith(tag));

function finishAll(scene, tag) {
	for (const { taskId, state } of tasksOf(scene, tag)) {
		if (state !== 'success') scene.apixo.finish(taskId);
	}
}

/** Starts so many executions in every phase, and waits until all have come to it. */
async function bringInPosition(scene, stands, round, count) {
	const { apixo, client } = scene;
	const groups = stands.map((stand, index) => ({
		phase: stand.phase,
		stand,
		tag: `${stand.phase} ${round}.${index}:`,
		ids: [],
	}));
	const holds = [];
	for (const { phase, tag } of groups) {
		const { rules = [], holds: held = [] } = PHASES[phase];
		for (const { match, ...rule } of [...rules, ...held]) {
			const promptIncludes = match === undefined ? tag : `${tag} ${match}`;
			const added = apixo.misbehave({ ...rule, match: { promptIncludes } });
			if (held.some((one) => one.do === rule.do)) holds.push(added);
		}
	}
	for (const group of groups) {
		const known = new Set(
			(await client.executions({ workflowId: group.stand.workflowId })).map(({ id }) => id),
		);
		for (let number = 0; number < count; number += 1) {
			const { items = ['', ''] } = PHASES[group.phase];
			const prompts = items.map((end, item) => `${group.tag} ${end} ${number}.${item}`);
			const { status } = await client.postWebhook(group.stand.url, { prompts });
			if (status !== 200) throw new Error(`A webhook answered ${status}`);
		}
		await until(async () => {
			const all = await client.executions({ workflowId: group.stand.workflowId });
			group.ids = all.map(({ id }) => id).filter((id) => !known.has(id));
			return group.ids.length === count;
		});
	}
	await until(async () => {
		const statuses = await statusesOf(scene, groups);
		const toFinish = groups.filter(({ phase, tag, ids }) => {
			const { finishes, parameters, items = ['', ''] } = PHASES[phase];
			const isSubmitted = tasksOf(scene, tag).length === count * items.length;
			const isParked = ids.every((id) => statuses.get(id) === 'waiting');
			return finishes && isSubmitted && (parameters.waitFor !== 'callback' || isParked);
		});
		for (const { tag } of toFinish) {
			finishAll(scene, tag);
		}
		return groups.every((group) =>
			PHASES[group.phase].isThere(seenOf(scene, group, statuses), count),
		);
	}, PATIENCE_MS);
	return { groups, letGo: () => holds.forEach((hold) => hold.remove()) };
}

const isUnfinished = (status) => ['new', 'running', 'waiting', undefined].includes(status);

/**
 * Kills n8n while executions are in all phases, starts it again and waits for what becomes of them.
 */
export async function killRound(
	scene: object,
	stands: Stand[],
	{ round, count, draw }: { round: number; count: number; draw: object },
): Promise<{ groups: Group[]; statuses: Map<string, string> }> {
	const { apixo, n8n } = scene;
	const { groups, letGo } = await bringInPosition(scene, stands, round, count);
	await sleep(draw.whole(0, MOST_DELAY_MS));
	apixo.configure(UNHURRIED);
	await n8n.kill();
	letGo();
	// Some are finished, and reported in vain, while n8n is down; the others later.
	const [early, late] = [[], []];
	for (const { tag } of groups) (draw.chance(0.5) ? early : late).push(tag);
	early.forEach((tag) => finishAll(scene, tag));
	await n8n.restart();
	apixo.configure(HURRIED);
	apixo.retryCallbacks();
	late.forEach((tag) => finishAll(scene, tag));
	let statuses;
	await until(async () => {
		statuses = await statusesOf(scene, groups).catch(() => undefined);
		return groups.every(({ ids }) => ids.every((id) => !isUnfinished(statuses?.get(id))));
	}, PATIENCE_MS);
	return { groups, statuses };
}
