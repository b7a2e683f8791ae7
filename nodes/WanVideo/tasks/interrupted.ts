import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

/**
 * Before n8n 2.15, nothing connects an execution that was never saved with its Retry, so the journal
 * of submissions does not know it. But it can be told that it was killed: the Retry knows that this
 * node had started, and the node's context lacks the mark of a start that was saved. (Seen on n8n
 * 1.123.81: `$('<node>').isExecuted` in executions of mode "retry".)
 */
export function markStart(context: IExecuteFunctions): void {
	const store = context.getContext('node') as IDataObject;
	// `killed` is the name that parked executions of version 0.1 hold.
	store.killed ??= context.getMode() === 'retry' && hasStartedBefore(context);
}

function hasStartedBefore(context: IExecuteFunctions): boolean {
	const { $ } = context.getWorkflowDataProxy(0);
	return $(context.getNode().name).isExecuted === true;
}

/** Whether this execution repeats one that was killed after this node had started. */
export const wasInterrupted = (context: IExecuteFunctions): boolean =>
	(context.getContext('node') as IDataObject).killed === true;
