import { freshExecutionData, startWorkflow } from './run.mts';
import { makeWorkflow, throughDatabase, typesFor } from './workflow.mts';
import type { RunResult } from './result.mts';

/** The execution data of a finished run, prepared as n8n does for its Retry button. */
function forRetry(result) {
	const { data } = throughDatabase(result.saved);
	const { resultData } = data;
	delete resultData.error;
	const runs = resultData.runData[resultData.lastNodeExecuted];
	if (runs?.at(-1)?.error) runs.pop();
	return data;
}

/** Puts the nodes of the workflow into the places at which the execution goes on. */
function useNodesOf(workflow, data) {
	for (const entry of data.executionData.nodeExecutionStack) {
		entry.node = workflow.getNode(entry.node.name);
	}
}

/**
 * n8n's Retry of an execution.
 *
 * @param result of the run that failed or was stopped
 * @param options as for runWorkflow; a `workflow` among them means "retry with the currently
 *   saved workflow", otherwise the original one runs again
 */
export async function retryWorkflow(result: RunResult, { workflow, ...options }: object) {
	const executionData = forRetry(result);
	if (workflow) useNodesOf(makeWorkflow(workflow, typesFor(options)), executionData);
	const start = { ...options, workflow: workflow ?? result.workflow, executionData, mode: 'retry' };
	return await startWorkflow(start).result;
}

/**
 * n8n's Retry of an execution that was killed while a node ran. Of such an execution n8n has what it
 * began with, and knows from its event log which nodes were begun: Retry takes the entry of the last
 * one away, but not its place.
 *
 * @param options as for runWorkflow
 * @param nodeName the node that ran when n8n was killed
 */
export async function retryKilledWorkflow(options: object, nodeName: string = 'Tested') {
	const workflow = makeWorkflow(options.workflow, typesFor(options));
	const executionData = freshExecutionData(workflow);
	executionData.resultData.runData[nodeName] = [];
	return await startWorkflow({ ...options, executionData, mode: 'retry' }).result;
}
