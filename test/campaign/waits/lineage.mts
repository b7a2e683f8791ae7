import { setTimeout as sleep } from 'node:timers/promises';
import type {
	Execution,
	ExecutionList,
	ExecutionSummary,
} from '../../../tools/n8n/driver/index.mts';
import type { SceneStage } from '../../support/n8n/scene.mts';
import type { RunPlan } from './draw-run.mts';

const LIST_MS = 2_000;
/** As much as n8n gives at once, and as much as a round needs. */
const PAGE = 100;
const MAX_PAGES = 4;
/** While it starts, n8n marks for a moment as crashed what is parked. */
const SETTLED_MS = 8_000;
const FINAL = ['success', 'error', 'crashed', 'canceled'];
const MAX_RETRIES = 10;
const RETRY_TIMEOUT_MS = 1_800_000;
/** How long n8n may take to show the execution of a Retry. */
const SHOWN_MS = 30_000;

/** Of n8n's list. */
interface Page extends ExecutionList {
	nextCursor?: string | null;
}

/** What n8n lists, read again and again, also while it is killed. */
export class Listing {
	private seen = new Map<string, { summary: ExecutionSummary; since: number }>();
	private isOver = false;
	private readonly client: SceneStage['client'];
	private readonly reading: Promise<void>;

	constructor(client: SceneStage['client']) {
		this.client = client;
		this.reading = this.read();
	}

	private async read(): Promise<void> {
		while (!this.isOver) {
			for (const summary of await this.list().catch(() => [])) {
				const before = this.seen.get(summary.id);
				const isSame = before?.summary.status === summary.status;
				this.seen.set(summary.id, { summary, since: isSame ? before.since : Date.now() });
			}
			await sleep(LIST_MS);
		}
	}

	/** @returns the newest */
	private async list(): Promise<ExecutionSummary[]> {
		const all: ExecutionSummary[] = [];
		let cursor: string | undefined;
		for (let page = 0; page < MAX_PAGES; page += 1) {
			const params = { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
			const { results, nextCursor } = await this.client.get<Page>('/executions', params);
			all.push(...results);
			if (!nextCursor) break;
			cursor = nextCursor;
		}
		return all;
	}

	async close(): Promise<void> {
		this.isOver = true;
		await this.reading;
	}

	/** @returns its status; undefined if it is not known, or not known for long enough */
	settled(id: string): string | undefined {
		const found = this.seen.get(id);
		if (found === undefined || Date.now() - found.since < SETTLED_MS) return undefined;
		return found.summary.status;
	}

	isWaiting = (id: string) => this.seen.get(id)?.summary.status === 'waiting';

	retryOf = (id: string): string | undefined =>
		[...this.seen.values()].find(({ summary }) => summary.retryOf === id)?.summary.id;
}

/** How the executions of a run ended. */
export type Ending =
	/** n8n says so */
	| 'success'
	/** the node refused to submit what may have been submitted before a kill */
	| 'refused'
	/** n8n had nothing left to retry */
	| 'not retried'
	/** too late, or after too many retries */
	| 'open';

/** An execution, and its retries. */
export interface Lineage {
	plan: RunPlan;
	ids: string[];
	ending: Ending;
	/** what happened, in words */
	story: string[];
	/** how often n8n or a part of it was killed under it */
	killed: number;
	/** how often it failed because a task failed, or was too slow */
	failed: number;
	/** whether any of its executions was seen parked */
	wasParked: boolean;
	/** what its last execution said */
	last?: Execution;
}

export const KILLED = /n8n was killed after this node had begun/;
export const POSSIBLY_BEGUN = /not known whether this item was submitted/;
const FAILED_TASK = /was not finished in time|failed at APIXO/;

export const errorOf = (execution: Execution | undefined): string => {
	const error = execution?.data.resultData.error;
	return error === undefined ? '' : `${error.message} ${error.description ?? ''}`;
};

export interface Following {
	client: SceneStage['client'];
	listing: Listing;
	/** makes all tasks of a run final */
	finishAll: (plan: RunPlan) => void;
	deadline: number;
}

async function retry(
	{ client, listing }: Following,
	id: string,
	loadWorkflow: boolean,
): Promise<string | undefined> {
	for (let attempt = 0; attempt < 3; attempt += 1) {
		let refusal: unknown;
		void client.retry(id, { loadWorkflow, timeoutMs: RETRY_TIMEOUT_MS }).catch((error: unknown) => {
			refusal = error;
		});
		const until = Date.now() + SHOWN_MS;
		while (Date.now() < until) {
			await sleep(LIST_MS);
			const next = listing.retryOf(id);
			if (next !== undefined) return next;
			if (refusal !== undefined) break;
		}
		await sleep(SETTLED_MS);
		const next = listing.retryOf(id);
		if (next !== undefined) return next;
	}
	return undefined;
}

/**
 * Does with an execution what a user would: retries it while it was killed, and where a task failed
 * or was too slow.
 */
export async function follow(lineage: Lineage, following: Following): Promise<void> {
	const { client, listing, finishAll, deadline } = following;
	const { ids, story, plan } = lineage;
	let refusals = 0;
	for (;;) {
		const id = ids[ids.length - 1];
		const status = listing.settled(id);
		lineage.wasParked ||= listing.isWaiting(id);
		if (Date.now() > deadline) {
			story.push(`still ${status}`);
			return;
		}
		if (status === undefined || !FINAL.includes(status)) {
			await sleep(LIST_MS);
			continue;
		}
		const execution = await client.execution(id).catch(() => undefined);
		if (execution?.status !== status) continue;
		lineage.last = execution;
		const said = errorOf(execution);
		story.push(`${id} ${status} ${said.slice(0, 110)}`.trim());
		if (status === 'success') {
			lineage.ending = 'success';
			return;
		}
		const isRefused = KILLED.test(said) || POSSIBLY_BEGUN.test(said);
		if (isRefused) refusals += 1;
		else if (FAILED_TASK.test(said)) {
			lineage.failed += 1;
			finishAll(plan);
		} else lineage.killed += 1;
		// A second Retry must be refused like the first.
		if (refusals > 1 || ids.length > MAX_RETRIES) {
			lineage.ending = isRefused ? 'refused' : 'open';
			return;
		}
		const withCurrent = plan.retriesWithCurrent[ids.length - 1];
		const next = await retry(following, id, withCurrent);
		if (next === undefined) {
			lineage.ending = 'not retried';
			return;
		}
		story.push(`Retry, ${withCurrent ? 'current' : 'original'} workflow`);
		ids.push(next);
	}
}
