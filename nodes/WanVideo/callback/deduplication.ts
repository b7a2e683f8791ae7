import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';

/** How many reports are remembered; APIXO repeats one within minutes, if at all. */
const CAPACITY = 500;

/** Reports this process works on: the same one may come again before the first is done. */
const underWay = new Set<string>();

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
		return this.handled.includes(report);
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
	}
}
