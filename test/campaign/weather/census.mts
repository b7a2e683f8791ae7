import { setTimeout as sleep } from 'node:timers/promises';
import type {
	ExecutionList,
	ExecutionSummary,
	N8nClient,
} from '../../../tools/n8n/driver/index.mts';

/** n8n has more to do than to tell how far it is. */
const EVERY_MS = 700;

/** In one answer of n8n. */
const MOST = 100;

const UNFINISHED = JSON.stringify({ status: ['new', 'running', 'waiting', 'unknown'] });

/** Executions that have not ended, by workflow; each workflow has one. */
type Census = Map<string, ExecutionSummary>;

/** @returns what n8n's list says after it was asked for; all who ask at the same time share it */
export function openCensus(client: N8nClient): () => Promise<Census> {
	let next: Promise<Census> | undefined;
	const take = async (): Promise<Census> => {
		await sleep(EVERY_MS);
		next = undefined;
		const params = { filter: UNFINISHED, limit: MOST };
		const { results } = await client.get<ExecutionList>('/executions', params);
		return new Map(results.map((execution) => [execution.workflowId, execution]));
	};
	return async () => await (next ??= take());
}
