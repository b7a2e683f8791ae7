import { outputItems } from '../../../tools/n8n/driver/index.mts';

/** One execution on a stage. */
export interface Run {
	id: string;
	workflowId: string;
	/** the execution as it is */
	now: () => Promise<unknown>;
	/** waits until it waits in the database */
	parked: () => Promise<unknown>;
	/** waits until it has ended */
	final: (timeoutMs?: number) => Promise<unknown>;
}

export const runOf = (client, workflowId, id): Run => ({
	id,
	workflowId,
	now: async () => await client.execution(id),
	parked: async () => await client.waitForExecution(id, { status: 'waiting' }),
	final: async (timeoutMs) => await client.waitForExecution(id, { timeoutMs }),
});

/** @returns json of the items that a node put out */
export const jsonOf = (execution, nodeName, output): object[] =>
	outputItems(execution, nodeName, output).map(({ json }) => json);

/** @returns which input item each of them came from */
export const pairsOf = (execution, nodeName, output): number[] =>
	outputItems(execution, nodeName, output).map(({ pairedItem }) => pairedItem.item ?? pairedItem);
