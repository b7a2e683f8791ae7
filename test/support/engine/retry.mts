import { required } from '../required.mts';
import { freshExecutionData, startWorkflow } from './run.mts';
import { makeWorkflow, throughDatabase, typesFor } from './workflow.mts';
import type { IExecuteData, IRunExecutionData, Workflow } from 'n8n-workflow';
import type { RunResult } from './result.mts';
import type { RunOptions } from './run-options.mts';
import type { WorkflowJson } from './workflow.mts';

export interface RetryOptions extends Omit<RunOptions, 'workflow'> {
	/** the workflow as it is saved now; without it the original one runs again */
	workflow?: WorkflowJson;
}

/** The nodes that an execution has still to run, with what goes into them; the next one first. */
export const nodeExecutionStack = ({ executionData }: IRunExecutionData): IExecuteData[] =>
	required(executionData, 'node to go on from').nodeExecutionStack;

/** The execution data of a finished run, prepared as n8n does for its Retry button. */
function forRetry({ saved }: RunResult): IRunExecutionData {
	const { data } = throughDatabase(saved);
	const { resultData } = data;
	delete resultData.error;
	const runs = resultData.runData[resultData.lastNodeExecuted ?? ''];
	if (runs?.at(-1)?.error) runs.pop();
	return data;
}

/** Puts the nodes of the workflow into the places at which the execution goes on, by their names. */
function useNodesOf(workflow: Workflow, data: IRunExecutionData) {
	for (const entry of nodeExecutionStack(data)) {
		entry.node = required(workflow.getNode(entry.node.name), `node ${entry.node.name}`);
	}
}

/**
 * What n8n's Retry of an execution starts. One that was parked still is: the engine takes it for
 * resumed, and disables the node of the first entry.
 *
 * @param result of the run that failed, was stopped, or was killed
 */
export function retryPlan(result: RunResult, { workflow, ...options }: RetryOptions): RunOptions {
	const executionData = forRetry(result);
	if (workflow) useNodesOf(makeWorkflow(workflow, typesFor(options)), executionData);
	return {
		...options,
		workflow: workflow ?? result.workflow,
		executionData,
		mode: 'retry',
	};
}

/** Runs n8n's Retry of an execution, to its end or until it is parked. */
export const retryWorkflow = async (result: RunResult, options: RetryOptions): Promise<RunResult> =>
	await startWorkflow(retryPlan(result, options)).result;

/** How far an execution had come that was killed, and how it was begun. */
export interface KilledRun {
	/** n8n's secret of it; without one, as before n8n 2.15, nothing connects it with its Retry */
	resumeToken?: string;
	/** the node that ran when n8n was killed */
	nodeName?: string;
}

/**
 * n8n's Retry of an execution that was killed while a node ran. Of such an execution n8n has what it
 * began with, and knows from its event log which nodes were begun: Retry removes the entry of the
 * last one, but leaves an empty list in its place.
 */
export async function retryKilledWorkflow(
	options: RunOptions,
	{ resumeToken, nodeName = 'Tested' }: KilledRun,
): Promise<RunResult> {
	const workflow = makeWorkflow(options.workflow, typesFor(options));
	const executionData = { ...freshExecutionData(workflow), resumeToken };
	executionData.resultData.runData[nodeName] = [];
	return await startWorkflow({ ...options, executionData, mode: 'retry' }).result;
}
