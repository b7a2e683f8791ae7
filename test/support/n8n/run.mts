import { outputItems } from '../../../tools/n8n/driver/index.mts';
import { inputItemOf, readItem } from '../item.mts';
import type { Execution, N8nClient } from '../../../tools/n8n/driver/index.mts';
import type { Item } from '../item.mts';

export type { Execution };

/** One execution on a stage. */
export interface Run {
	id: string;
	workflowId: string;
	/** the execution as it is */
	now: () => Promise<Execution>;
	/** waits until it waits in the database */
	parked: () => Promise<Execution>;
	/** waits until it has ended */
	final: (timeoutMs?: number) => Promise<Execution>;
}

export const runOf = (client: N8nClient, workflowId: string, id: string): Run => ({
	id,
	workflowId,
	now: async () => await client.execution(id),
	parked: async () => await client.waitForExecution(id, { status: 'waiting' }),
	final: async (timeoutMs) => await client.waitForExecution(id, { timeoutMs }),
});

/** @returns json of the items that a node put out */
export const jsonOf = (execution: Execution, nodeName: string, output?: number): Item[] =>
	outputItems(execution, nodeName, output).map(({ json }) => readItem(json));

/** @returns what a node told beside its output, at its last run */
export const hintsOf = ({ data }: Execution, nodeName: string): string[] =>
	(data.resultData.runData[nodeName]?.at(-1)?.hints ?? []).map(({ message }) => message);

/** @returns which input item each of them came from */
export const pairsOf = (execution: Execution, nodeName: string, output?: number): number[] =>
	outputItems(execution, nodeName, output).map(inputItemOf);
