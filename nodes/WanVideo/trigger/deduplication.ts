import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import type { Clock } from '../../shared/clock';

/** How many reports are remembered; APIXO repeats one within minutes, if at all. */
const MAX_REPORTS = 500;

/** For how long this process drops a report that it has just begun to handle. */
const RECENT_MS = 15_000;

/** How long n8n may take to start the workflow and answer. */
const MAX_ANSWER_MS = 10_000;

const newest = (reports: string[]) => [...new Set(reports)].slice(-MAX_REPORTS);

/** What this process knows about the reports of all triggers, beyond what n8n has saved. */
class ProcessMemory {
	/** Being handled: the same report may come again before the first is done. */
	readonly underWay = new Set<string>();

	/** Answered by n8n with success, by trigger; newest last. */
	private readonly answered = new Map<string, string[]>();

	/** The end of what is being written down, by trigger. */
	private readonly turns = new Map<string, Promise<void>>();

	/**
	 * When a report was handled, in Unix milliseconds: n8n saves static data only after the trigger
	 * has answered, and twins arrive together. Soon forgotten, for should n8n fail to start the
	 * workflow, APIXO reports again after 30 s and must be heard.
	 */
	private readonly handledAt = new Map<string, number>();

	answeredBy = (trigger: string): string[] => this.answered.get(trigger) ?? [];

	addAnswered(trigger: string, report: string): void {
		this.answered.set(trigger, newest([...this.answeredBy(trigger), report]));
	}

	isRecent = (report: string, nowMs: number): boolean =>
		nowMs - (this.handledAt.get(report) ?? 0) < RECENT_MS;

	addRecent(report: string, nowMs: number): void {
		this.handledAt.set(report, nowMs);
		const [oldest] = this.handledAt.keys();
		if (this.handledAt.size > MAX_REPORTS) this.handledAt.delete(oldest);
	}

	/**
	 * Begins work when a trigger's turn has come. The turn ends when the work does.
	 *
	 * @returns when the work has begun
	 */
	async takeTurn(trigger: string, work: () => Promise<void>): Promise<void> {
		const before = this.turns.get(trigger) ?? Promise.resolve();
		const begun = before.then(() => ({ ended: work() }));
		const turn = begun.then(async ({ ended }) => await ended);
		this.turns.set(trigger, turn);
		void turn.then(() => this.turns.get(trigger) === turn && this.turns.delete(trigger));
		await begun;
	}
}

const memory = new ProcessMemory();

/**
 * Keeps a value in a trigger's static data until n8n has answered. n8n saves static data that was
 * changed when it answers. But n8n 2.41.1 starts the workflow first, and then forgets that there was
 * a change, unless nothing had been saved before. So the change is made again and again.
 */
async function setUntilAnswered(
	context: IWebhookFunctions,
	data: IDataObject,
	handled: string[],
	clock: Clock,
): Promise<{ isAnswered: boolean }> {
	const response = context.getResponseObject();
	const deadline = clock.now() + MAX_ANSWER_MS;
	data.handled = handled;
	while (!response.headersSent && clock.now() < deadline) {
		await clock.sleep(1);
		data.handled = handled;
	}
	return { isAnswered: response.headersSent && response.statusCode === 200 };
}

/**
 * Which reports a trigger has handled: per task and state, in the workflow's static data, which
 * survives restarts, bounded to the newest. n8n keeps none for test runs, which are never dropped.
 */
export class Deduplication {
	private readonly data: IDataObject;

	/** Names the trigger. */
	private readonly trigger: string;

	constructor(
		private readonly context: IWebhookFunctions,
		private readonly clock: Clock,
	) {
		this.data = context.getWorkflowStaticData('node');
		this.trigger = `${context.getWorkflow().id}.${context.getNode().id}.`;
	}

	private get handled(): string[] {
		const saved = Array.isArray(this.data.handled) ? this.data.handled.map(String) : [];
		return [...saved, ...memory.answeredBy(this.trigger)];
	}

	isHandled(report: string): boolean {
		const isRecent = memory.isRecent(this.trigger + report, this.clock.now());
		return isRecent || this.handled.includes(report);
	}

	/** @returns false if the same report is being handled at this moment */
	begin(report: string): boolean {
		const key = this.trigger + report;
		if (memory.underWay.has(key)) return false;
		memory.underWay.add(key);
		return true;
	}

	end(report: string): void {
		memory.underWay.delete(this.trigger + report);
	}

	/**
	 * Writes a report down. Each callback has a copy of the static data, and n8n saves it whole. So
	 * those that come together take turns: each begins, and so starts its workflow, when the one
	 * before is answered, and saves what that has saved.
	 */
	async remember(report: string): Promise<void> {
		const { context, clock, data, trigger } = this;
		await memory.takeTurn(trigger, async () => {
			memory.addRecent(trigger + report, clock.now());
			const handled = newest([...this.handled, report]);
			const { isAnswered } = await setUntilAnswered(context, data, handled, clock);
			if (isAnswered) memory.addAnswered(trigger, report);
		});
	}
}
