import type { IDataObject, IExecuteFunctions, IWorkflowDataProxyData } from 'n8n-workflow';
import { TaskMemory } from '../../../nodes/WanVideo/tasks/memory.ts';
import { standIn } from './standIn.mts';

interface Place {
	runIndex?: number;
	isPerRequest?: boolean;
}

/** The memory of a run whose node has this context. */
export const memoryIn = (
	context: IDataObject,
	{ runIndex = 0, isPerRequest = false }: Place = {},
): TaskMemory =>
	new TaskMemory(
		standIn<IExecuteFunctions>({
			getContext: () => context,
			getWorkflowDataProxy: () => standIn<IWorkflowDataProxyData>({ $runIndex: runIndex }),
		}),
		isPerRequest,
	);

/** n8n's side: the node's context is stored with the execution, so as JSON. */
export function execution() {
	let stored = '{}';
	return <T,>(work: (memory: TaskMemory) => T, place?: Place): T => {
		const context: IDataObject = JSON.parse(stored);
		const result = work(memoryIn(context, place));
		stored = JSON.stringify(context);
		return result;
	};
}
