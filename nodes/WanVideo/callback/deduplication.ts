import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import { systemClock } from '../time/clock';

/** How many reports are remembered; APIXO repeats one within minutes, if at all. */
const CAPACITY = 500;

/** Reports this process works on: the same one may come again before the first is done. */
const underWay = new Set<string>();

/**
 * When this process handled a report, in Unix milliseconds: n8n saves static data only after the
 * trigger has answered, and twins arrive together. Soon forgotten, for should n8n fail to start
 * the workflow, APIXO reports again after 30 s and must be heard.
 */
const recent = new Map<string, number>();
const RECENT_MS = 15_000;

/** Reports that n8n has answered for this process with success, by trigger; newest last. */
const answered = new Map<string, string[]>();

/** The end of what is being written down, by trigger. */
const turns = new Map<string, Promise<void>>();

/** How long n8n may take to start the workflow and answer; milliseconds. */
const PATIENCE_MS = 10_000;

const newest = (reports: string[]) => [...new Set(reports)].slice(-CAPACITY);

/**
 * Which reports a trigger has handled: per task and state, in the workflow's static data, which
 * survives restarts, bounded to the newest. n8n keeps none for test runs, which are never dropped.
 */
export class Deduplication {
	private readonly data: IDataObject;

	private readonly prefix: string;

	constructor(private readonly context: IWebhookFunctions) {
		this.data = context.getWorkflowStaticData('node');
		this.prefix = `${context.getWorkflow().id}.${context.getNode().id}.`;
	}

	private get handled(): string[] {
		const saved = Array.isArray(this.data.handled) ? (this.data.handled as string[]) : [];
		return [...saved, ...(answered.get(this.prefix) ?? [])];
	}

	isHandled(report: string): boolean {
		const handledAt = recent.get(this.prefix + report) ?? 0;
		return systemClock.now() - handledAt < RECENT_MS || this.handled.includes(report);
	}

	/** @returns false if the same report is being handled at this moment */
	begin(report: string): boolean {
		const key = this.prefix + report;
		if (underWay.has(key)) return false;
		underWay.add(key);
		return true;
	}

	end(report: string): void {
		underWay.delete(this.prefix + report);
	}

	/**
	 * Writes a report down. Each callback has a copy of the static data, and n8n saves it whole. So
	 * those that come together take turns: each begins, and so starts its workflow, when the one
	 * before is answered, and saves what that has saved.
	 */
	async remember(report: string): Promise<void> {
		const { prefix } = this;
		const begun = (turns.get(prefix) ?? Promise.resolve()).then(() => {
			recent.set(prefix + report, systemClock.now());
			const [oldest] = recent.keys();
			if (recent.size > CAPACITY) recent.delete(oldest);
			return { ended: this.keepUntilAnswered(report) };
		});
		const turn = begun.then(async ({ ended }) => await ended);
		turns.set(prefix, turn);
		void turn.then(() => turns.get(prefix) === turn && turns.delete(prefix));
		await begun;
	}

	/**
	 * n8n saves static data that was changed when it answers. But n8n 2.41 starts the workflow first,
	 * and then forgets that there was a change, unless nothing had been saved before. So it is made
	 * again until the answer is out.
	 */
	private async keepUntilAnswered(report: string): Promise<void> {
		const response = this.context.getResponseObject();
		const deadline = systemClock.now() + PATIENCE_MS;
		const handled = newest([...this.handled, report]);
		this.data.handled = handled;
		while (!response.headersSent && systemClock.now() < deadline) {
			await systemClock.sleep(1);
			this.data.handled = handled;
		}
		if (!response.headersSent || response.statusCode !== 200) return;
		answered.set(this.prefix, newest([...(answered.get(this.prefix) ?? []), report]));
	}
}
