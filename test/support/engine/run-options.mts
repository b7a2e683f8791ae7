import type { IDataObject, IRunExecutionData, WorkflowExecuteMode } from 'n8n-workflow';
import type { BinaryMode } from './runtime.mts';
import type { GivenTypes, WorkflowJson } from './workflow.mts';

export interface RunOptions extends GivenTypes {
	/** starts at its `test.source` */
	workflow: WorkflowJson;
	/** what the user filled in, by credential type; tests also fill in what no user could */
	credentials?: Record<string, IDataObject>;
	/** of an earlier run, to go on from */
	executionData?: IRunExecutionData;
	/** of an earlier run, when it is the same execution */
	executionId?: string;
	mode?: WorkflowExecuteMode;
	/** where binary data goes */
	binaryMode?: BinaryMode;
	/** origin of the URLs at which this n8n would be reached */
	resumeOrigin?: string;
}
