/*
 * What n8n answers to its editor, as far as it is used here. Dates are strings there.
 */
import type {
	ExecutionStatus,
	IConnections,
	IDataObject,
	INode,
	INodeExecutionData,
	IRunExecutionData,
	IWorkflowSettings,
	WorkflowExecuteMode,
} from 'n8n-workflow';

export interface SavedCredential {
	id: string;
	name: string;
	type: string;
}

export interface SavedWorkflow {
	id: string;
	name: string;
	versionId: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
	staticData?: IDataObject | null;
}

/** An execution as it is listed. */
export interface ExecutionSummary {
	id: string;
	workflowId: string;
	status: ExecutionStatus;
	mode: WorkflowExecuteMode;
	createdAt: string;
	startedAt: string | null;
	stoppedAt?: string | null;
	waitTill?: string | null;
	retryOf?: string | null;
	retrySuccessId?: string | null;
}

/** An execution with what its nodes put out. */
export interface Execution extends Omit<ExecutionSummary, 'createdAt'> {
	data: Pick<IRunExecutionData, 'resultData' | 'executionData'>;
	/** what nodes put on record beside it */
	customData?: Record<string, string>;
}

/** A page of a list, newest first. */
export interface ExecutionList {
	count: number;
	results: ExecutionSummary[];
}

/** @returns the items that a node put out at its last run, on one of its outputs */
export function outputItems(
	execution: Pick<Execution, 'data'>,
	nodeName: string,
	outputIndex = 0,
): INodeExecutionData[] {
	const runs = execution.data.resultData.runData[nodeName] ?? [];
	return runs.at(-1)?.data?.main[outputIndex] ?? [];
}
