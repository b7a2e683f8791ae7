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

/**
 * Which reports a trigger has handled: per task and state, in the workflow's static data, which
 * survives restarts, bounded to the newest. n8n keeps none for test runs, which are never dropped.
 */
export class Deduplication {
	private readonly data: IDataObject;

	private readonly prefix: string;

	constructor(context: IWebhookFunctions) {
		this.data = context.getWorkflowStaticData('node');
		this.prefix = `${context.getWorkflow().id}.${context.getNode().id}.`;
	}

	private get handled(): string[] {
		return Array.isArray(this.data.handled) ? (this.data.handled as string[]) : [];
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

	remember(report: string): void {
		this.data.handled = [...this.handled, report].slice(-CAPACITY);
		recent.set(this.prefix + report, systemClock.now());
		const [oldest] = recent.keys();
		if (recent.size > CAPACITY) recent.delete(oldest);
	}
}
