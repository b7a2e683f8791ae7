import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { booleanValue, isRecord, messageOf } from '../../shared/values';

/** Two entries for each report; n8n reads and writes all of them each time. */
const OPTIONS = { mode: 'entries', maxEntries: 1_000 } as const;

/** A test run and a Retry repeat a report on purpose. */
const REPEATING = ['manual', 'retry'];

/**
 * The report that starts this execution, or nothing if another execution has handled it. The webhook
 * knows most repeated ones by the workflow's static data. But where a Code node writes static data, n8n
 * saves all of it as that execution saw it at its start, and reports handled since are forgotten.
 * So each is noted in n8n's database, too, as the node Remove Duplicates does; only a node that runs
 * can. Between the webhook and what follows, n8n 2.41.1, 2.30.8 and 1.123.81 run `execute`.
 */
export async function unhandled(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const items = context.getInputData();
	const options = context.getNodeParameter('options', 0, {}) as unknown;
	const isKept = isRecord(options) && booleanValue(options.deduplicate) === false;
	const { taskId, state } = items[0]?.json ?? {};
	if (isKept || taskId === undefined || REPEATING.includes(context.getMode())) return items;
	const report = `${String(taskId)}:${String(state)}`;
	// In queue mode, an execution whose worker was killed begins again, as the same execution.
	const own = `${report}@${context.getExecutionId()}`;
	try {
		const entries = [report, own];
		const { processed } = await context.helpers.checkProcessedAndRecord(entries, 'node', OPTIONS);
		return processed.includes(report) && !processed.includes(own) ? [] : items;
	} catch (error) {
		context.logger.warn(`Wan Video Trigger could not note a report: ${messageOf(error)}`);
		return items;
	}
}
