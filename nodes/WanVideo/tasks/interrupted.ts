import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { runIndexOf } from './runIndex';

/**
 * What n8n makes of an execution that was killed before it had been saved: its Retry begins at the
 * start, but its record holds a run of each node that n8n's log names. Of the node that ran last,
 * n8n takes that run out again; of the others, the first real run counts as the second. (Seen on n8n
 * 2.41.1, 2.30.8 and 1.123.81, in executions of mode "retry" whose context was never saved.)
 */
export function markStart(context: IExecuteFunctions): void {
	const store = context.getContext('node') as IDataObject;
	// The name that parked executions of version 0.1 hold.
	if ('killed' in store) return;
	const isRetry = context.getMode() === 'retry';
	store.killed = isRetry && hasStartedBefore(context);
	if (isRetry) store.madeUpRuns = runIndexOf(context);
}

function hasStartedBefore(context: IExecuteFunctions): boolean {
	const { $ } = context.getWorkflowDataProxy(0);
	return $(context.getNode().name).isExecuted === true;
}

/**
 * Whether this execution repeats one that was killed after this node had started. Before n8n 2.15,
 * nothing connects the two, so that the journal of submissions does not know it.
 */
export const wasInterrupted = (context: IExecuteFunctions): boolean =>
	(context.getContext('node') as IDataObject).killed === true;

/** Which run of the node it is, from 0, also where n8n has made up runs: the same in a Retry. */
export function realRunIndexOf(context: IExecuteFunctions): number {
	const { madeUpRuns = 0 } = context.getContext('node');
	return runIndexOf(context) - Number(madeUpRuns);
}
