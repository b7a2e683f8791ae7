import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRecord } from '../../../nodes/shared/values.ts';
import type { RequestEntry } from '../../../emulator/index.mts';
import type { SceneTools } from '../../support/n8n/scene.mts';
import { until } from '../../support/n8n/until.mts';
import type { Draw } from '../draw.mts';
import type { RunPlan } from './draw-run.mts';
import { follow } from './lineage.mts';
import type { Lineage, Listing } from './lineage.mts';
import { awaitMoment } from './moments.mts';
import type { Kill, Place } from './place.mts';
import { workflowOf } from './workflow.mts';

const MAX_ROUND_MS = 18 * 60_000;

/** Makes APIXO slow for a run, and fail where it is to. */
function misbehave({ apixo }: SceneTools, { tag, delayMs, items }: RunPlan) {
	for (const { prompt } of items.filter(({ fails }) => fails)) {
		const fail = { failCode: 'SensitiveContent', failMsg: 'Refused' };
		const match = { promptIncludes: prompt };
		apixo.misbehave({ on: 'submit', match, times: 1, do: { fail, delayMs: delayMs.submit } });
	}
	for (const on of ['submit', 'status', 'file'] as const) {
		apixo.misbehave({ on, match: { promptIncludes: tag }, do: { delayMs: delayMs[on] } });
	}
}

interface Started {
	plan: RunPlan;
	workflowId: string;
	/** of its webhook */
	url: string;
}

async function publish(place: Place, scene: SceneTools, plan: RunPlan): Promise<Started> {
	const path = randomUUID();
	const { credentials, witnessUrl } = scene;
	const workflow = workflowOf(plan, { credentials, path, witnessUrl });
	const { id } = await place.client.createWorkflow(workflow);
	await place.client.activate(id);
	misbehave(scene, plan);
	return { plan, workflowId: id, url: `${place.n8n.url}/webhook/${path}` };
}

/** @returns the execution's ID */
async function start({ client }: Place, { workflowId, url, plan }: Started): Promise<string> {
	const { status } = await client.postWebhook(url, {});
	if (status !== 200) throw new Error(`The webhook of ${plan.tag} answered ${status}`);
	let id: string | undefined;
	await until(async () => {
		id = (await client.executions({ workflowId }))[0]?.id;
		return id !== undefined;
	});
	return String(id);
}

/** @param body of a submission */
function promptIn(body: unknown): string {
	const input = isRecord(body) ? body.input : undefined;
	return isRecord(input) ? String(input.prompt) : '';
}

function isOfLaterRound(plans: RunPlan[], { kind, body }: RequestEntry): boolean {
	if (kind !== 'submit') return false;
	const prompt = promptIn(body);
	const plan = plans.find(({ tag }) => prompt.startsWith(tag));
	if (plan?.batchSize === undefined) return false;
	return plan.items.findIndex((item) => item.prompt === prompt) >= plan.batchSize;
}

export interface RoundOptions {
	plans: RunPlan[];
	/** one after another; each with the pause before it, in ms */
	kills: Array<{ kill: Kill; pauseMs: number }>;
	draw: Draw;
	listing: Listing;
	log: (text: string) => void;
}

/** Starts runs side by side, kills what runs them, and waits until all have come to an end. */
export async function playRound(
	place: Place,
	scene: SceneTools,
	{ plans, kills, draw, listing, log }: RoundOptions,
): Promise<Lineage[]> {
	const { apixo } = scene;
	const published: Started[] = [];
	for (const plan of plans) published.push(await publish(place, scene, plan));
	const begin = Date.now();
	const deadline = begin + MAX_ROUND_MS;
	const finishAll = ({ tag }: RunPlan) => {
		for (const { taskId, prompt, state } of apixo.tasks()) {
			const isOpen = state !== 'success' && state !== 'failed';
			if (prompt?.startsWith(tag) && isOpen) apixo.finish(taskId);
		}
	};
	// Nothing is started while n8n is down, or nobody knows what became of it.
	let isUp = true;
	let starting = 0;
	let ended = 0;
	const play = async (started: Started): Promise<Lineage> => {
		await sleep(Math.max(0, begin + started.plan.startsAfterMs - Date.now()));
		while (!isUp) await sleep(200);
		starting += 1;
		const id = await start(place, started).finally(() => {
			starting -= 1;
		});
		const lineage: Lineage = {
			plan: started.plan,
			ids: [id],
			ending: 'open',
			story: [],
			killed: 0,
			failed: 0,
			wasParked: false,
		};
		await follow(lineage, { client: place.client, listing, finishAll, deadline });
		ended += 1;
		if (ended % 5 === 0) log(`${ended} of ${plans.length} runs have ended`);
		return lineage;
	};
	const killing = async () => {
		for (const { kill, pauseMs } of kills) {
			await sleep(pauseMs);
			const moment = await awaitMoment(
				apixo.requests,
				(entry) => isOfLaterRound(plans, entry),
				draw,
			);
			isUp = false;
			while (starting > 0) await sleep(10);
			const at = Math.round((Date.now() - begin) / 1_000);
			await kill.hit();
			isUp = true;
			log(`killed ${kill.of} ${moment}, after ${at} s`);
		}
	};
	const [lineages] = await Promise.all([Promise.all(published.map(play)), killing()]);
	return lineages;
}
