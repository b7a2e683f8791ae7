import type { IDataObject, IExecuteFunctions, INodeParameters } from 'n8n-workflow';
import { TaskMemory } from '../../../nodes/WanVideo/tasks/memory.ts';
import { NODE } from './contexts.mts';
import { standIn } from './standIn.mts';

interface Circumstances {
	runIndex?: number;
	isPerRequest?: boolean;
	/** The node's, with their expressions as they are saved. */
	parameters?: INodeParameters;
	/** What each item holds; the same for all of them. */
	json?: IDataObject;
}

const ITEMS = 3;

/** The memory of a run whose node has this context. */
export function memoryIn(
	context: IDataObject,
	{ runIndex = 0, isPerRequest = false, parameters = {}, json = {} }: Circumstances = {},
): TaskMemory {
	const execute = standIn<IExecuteFunctions>({
		getContext: () => context,
		getNode: () => ({ ...NODE, parameters }),
		getInputData: () => Array.from({ length: ITEMS }, () => ({ json })),
	});
	return new TaskMemory(execute, runIndex, isPerRequest);
}

/** n8n's side: the node's context is stored with the execution, so as JSON. */
export function execution(tasks: Record<string, string> = {}) {
	let stored = JSON.stringify({ tasks });
	return <T,>(work: (memory: TaskMemory) => T, circumstances?: Circumstances): T => {
		const context: IDataObject = JSON.parse(stored);
		const result = work(memoryIn(context, circumstances));
		stored = JSON.stringify(context);
		return result;
	};
}
