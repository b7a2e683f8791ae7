import { setTimeout as sleep } from 'node:timers/promises';
import type { Scene } from '../../support/n8n/scene.mts';
import { until } from '../../support/n8n/until.mts';
import type { Draw } from '../draw.mts';
import { finishAll, statusesOf } from './group.mts';
import type { Group, Statuses } from './group.mts';
import { bringInPosition } from './position.mts';
import type { Stand } from './stand.mts';

const TIMEOUT_MS = 180_000;
const MAX_DELAY_MS = 1_500;

/** Callbacks that failed are repeated after 9, 18 and 36 s. */
export const HURRIED = { timeScale: 0.3 };
/**
 * While n8n starts, it answers 200 to whatever comes, and marks for a moment as crashed what is
 * parked. So callbacks that failed while it was down are repeated when it has started.
 */
const UNHURRIED = { timeScale: 100 };

const isUnfinished = (status: string | undefined) =>
	status === undefined || ['new', 'running', 'waiting'].includes(status);

export interface RoundOptions {
	/** its number */
	round: number;
	/** executions of each workflow */
	count: number;
	draw: Draw;
}

/**
 * Kills n8n while executions are in all phases, starts it again and waits for what becomes of them.
 */
export async function killRound(
	scene: Scene,
	stands: Stand[],
	{ round, count, draw }: RoundOptions,
): Promise<{ groups: Group[]; statuses: Statuses }> {
	const { apixo, n8n } = scene;
	const { groups, letGo } = await bringInPosition(scene, stands, round, count);
	await sleep(draw.whole(0, MAX_DELAY_MS));
	apixo.configure(UNHURRIED);
	await n8n.kill();
	letGo();
	// Some are finished, and reported in vain, while n8n is down; the others later.
	const early: string[] = [];
	const late: string[] = [];
	for (const { tag } of groups) (draw.chance(0.5) ? early : late).push(tag);
	early.forEach((tag) => finishAll(scene, tag));
	await n8n.restart();
	apixo.configure(HURRIED);
	apixo.retryCallbacks();
	late.forEach((tag) => finishAll(scene, tag));
	let statuses: Statuses = new Map();
	await until(async () => {
		// n8n may be too busy to answer.
		statuses = await statusesOf(scene, groups).catch((): Statuses => new Map());
		return groups.every(({ ids }) => ids.every((id) => !isUnfinished(statuses.get(id))));
	}, TIMEOUT_MS);
	return { groups, statuses };
}
