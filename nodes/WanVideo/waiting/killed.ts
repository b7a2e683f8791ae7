import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

/**
 * n8n saves nothing of a node while it runs. So the Retry of an execution that was killed together
 * with n8n starts with an empty memory, and would pay for all tasks again. But it can be told: the
 * execution knows that this node began, and the node's context lacks the mark of each beginning.
 */
export function markBeginning(context: IExecuteFunctions): void {
	const store = context.getContext('node') as IDataObject;
	store.killed ??= context.getMode() === 'retry' && hasBegunBefore(context);
}

function hasBegunBefore(context: IExecuteFunctions): boolean {
	const { $ } = context.getWorkflowDataProxy(0);
	return $(context.getNode().name).isExecuted === true;
}

/** Whether this execution repeats one that was killed after this node had begun, even by another Retry. */
export const wasKilled = (context: IExecuteFunctions): boolean =>
	(context.getContext('node') as IDataObject).killed === true;
