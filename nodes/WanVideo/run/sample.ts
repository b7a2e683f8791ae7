import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { SAMPLE_HINT, isSampleId, sampleId } from '../model/sample';
import { isTestRun } from '../tasks/recall';
import type { ItemReader } from './itemReader';
import type { Options } from './parameters';

/** Whether an execution is a test run, or n8n's Retry of one that has asked for a sample. */
function mayBeSampled(context: IExecuteFunctions): boolean {
	const store = context.getContext('node') as IDataObject;
	return isTestRun(context) || (context.getMode() === 'retry' && store.sampled === true);
}

/** Whether an item is to be given a sample instead of being submitted. */
export function asksForSample({ context, hints }: ItemReader, options: Options): boolean {
	if (!options.sampleInTestRuns || !mayBeSampled(context)) return false;
	(context.getContext('node') as IDataObject).sampled = true;
	hints.push(SAMPLE_HINT);
	return true;
}

/** The name of an item's sample: a task ID for all nodes behind. */
export const sampleIdOf = (context: IExecuteFunctions, runIndex: number, item: number): string =>
	sampleId(context.getExecutionId() ?? `call_${context.getNode().id}`, runIndex, item);

/** Whether a task ID is that of a sample, for which APIXO is not asked. Only test runs know samples. */
export function namesSample(reader: ItemReader, taskId: string): boolean {
	if (!isSampleId(taskId)) return false;
	if (isTestRun(reader.context)) reader.hints.push(SAMPLE_HINT);
	else reader.fault(`Task ID is that of a sample video, which only test runs know: ${taskId}`);
	return true;
}
