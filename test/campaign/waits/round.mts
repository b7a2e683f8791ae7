import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRecord } from '../../../nodes/shared/values.ts';
import type { RequestEntry } from '../../../emulator/index.mts';
import type { SceneTools } from '../../support/n8n/scene.mts';
import { required } from '../../support/required.mts';
import { until } from '../../support/n8n/until.mts';
import type { Draw } from '../draw.mts';
import { togetherBy } from '../together.mts';
import type { RunPlan } from './draw-run.mts';
import { follow } from './lineage.mts';
import type { Lineage, Listing } from './lineage.mts';
import { awaitMoment } from './moments.mts';
import type { Kill, Place } from './place.mts';
import { callerOf, startOf, workflowOf } from './workflow.mts';

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

/** A workflow that is published. */
interface Published {
	workflowId: string;
	/** of the webhook that starts it */
	url: string;
	/** executions that are known, by their IDs */
	known: Set<string>;
	/** so that it is clear which execution is whose */
	lastStart: Promise<unknown>;
}

async function publish(place: Place, scene: SceneTools, plan: RunPlan): Promise<Published> {
	const { client, n8n } = place;
	const path = randomUUID();
	const { credentials, witnessUrl } = scene;
	const starts = plan.isCalled ? {} : { path };
	const workflow = workflowOf(plan, { credentials, witnessUrl, ...starts });
	const { id } = await client.createWorkflow(workflow);
	await client.activate(id);
	if (plan.isCalled) {
		const caller = await client.createWorkflow(callerOf(plan, id, path));
		await client.activate(caller.id);
	}
	const url = `${n8n.url}/webhook/${path}`;
	return { workflowId: id, url, known: new Set(), lastStart: Promise.resolve() };
}

/** @returns the execution's ID */
async function start({ client }: Place, workflow: Published, plan: RunPlan): Promise<string> {
	const { workflowId, url, known } = workflow;
	const { status } = await client.postWebhook(url, startOf(plan));
	if (status !== 200) throw new Error(`The webhook of ${plan.tag} answered ${status}`);
	let id: string | undefined;
	await until(async () => {
		const executions = await client.executions({ workflowId });
		id = executions.find((one) => !known.has(one.id) && !one.retryOf)?.id;
		return id !== undefined;
	});
	known.add(String(id));
	return String(id);
}

/** Runs that share a workflow are started one after another. */
async function startInTurn(place: Place, workflow: Published, plan: RunPlan): Promise<string> {
	const mine = workflow.lastStart.then(async () => await start(place, workflow, plan));
	workflow.lastStart = mine.catch(() => {});
	return await mine;
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
	const published = new Map<number, Published>();
	for (const plan of plans) {
		const shared = published.get(plan.workflowOf) ?? (await publish(place, scene, plan));
		published.set(plan.workflowOf, shared);
	}
	for (const [plan] of togetherBy(plans, ({ tag }) => tag)) misbehave(scene, plan);
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
	const play = async (plan: RunPlan): Promise<Lineage> => {
		await sleep(Math.max(0, begin + plan.startsAfterMs - Date.now()));
		while (!isUp) await sleep(200);
		starting += 1;
		const workflow = required(published.get(plan.workflowOf), 'workflow');
		const id = await startInTurn(place, workflow, plan).finally(() => {
			starting -= 1;
		});
		const lineage: Lineage = {
			plan,
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
	const [lineages] = await Promise.all([Promise.all(plans.map(play)), killing()]);
	return lineages;
}
