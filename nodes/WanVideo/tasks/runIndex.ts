import type { IExecuteFunctions } from 'n8n-workflow';

/** Which run of the node in this execution it is, from 0. */
export const runIndexOf = (context: IExecuteFunctions): number =>
	Number(context.getWorkflowDataProxy(0).$runIndex);
