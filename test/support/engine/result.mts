import { stringify } from 'flatted';
import { readItem } from '../item.mts';
import { required } from '../required.mts';
import { readBinary } from './runtime.mts';
import type {
	ExecutionError,
	ExecutionStatus,
	INodeExecutionData,
	IRun,
	IRunExecutionData,
	ITaskData,
	NodeExecutionHint,
} from 'n8n-workflow';
import type { Item } from '../item.mts';
import type { WorkflowJson } from './workflow.mts';

/** Reads the record of a run the way a person does: by node and output. */
export class RunResult {
	/** as the engine returned it */
	run: IRun;
	/** as it went to the database (at a stop by the user: at that moment) */
	saved: IRun;
	/** that ran */
	workflow: WorkflowJson;

	/** as n8n's "Save execution progress" left it before the end */
	progress?: IRunExecutionData;

	constructor(run: IRun, saved: IRun, workflow: WorkflowJson, progress?: IRunExecutionData) {
		this.run = run;
		this.saved = saved;
		this.workflow = workflow;
		this.progress = progress;
	}

	/** What n8n's list of executions shows. */
	get status(): ExecutionStatus {
		return this.saved.status;
	}

	/** What ended the execution. */
	get error(): ExecutionError | undefined {
		return this.run.data.resultData.error;
	}

	/** What ended the execution. @throws when nothing did */
	get failure(): ExecutionError {
		return required(this.error, 'error that ended the execution');
	}

	/** The task data of each time the node ran; empty if it never did. */
	taskData(nodeName: string): ITaskData[] {
		return this.run.data.resultData.runData[nodeName] ?? [];
	}

	/** Whole items (json, binary, pairedItem) of the node's last run. */
	fullItems(nodeName: string, outputIndex = 0): INodeExecutionData[] {
		return this.taskData(nodeName).at(-1)?.data?.main?.[outputIndex] ?? [];
	}

	/** The json of the items of the node's last run. */
	items(nodeName: string, outputIndex = 0): Item[] {
		return this.fullItems(nodeName, outputIndex).map(({ json }) => readItem(json));
	}

	/** The hints that the node's last run shows above its output. */
	hints(nodeName: string): NodeExecutionHint[] {
		return this.taskData(nodeName).at(-1)?.hints ?? [];
	}

	/** The bytes of a binary field of an item. */
	async binary({ binary }: INodeExecutionData, field = 'data'): Promise<Buffer> {
		return await readBinary(required(binary?.[field], `binary field ${field}`));
	}

	/** Everything that n8n stores of this run, as text: to search it for what must not be there. */
	get record(): string {
		return stringify([this.run, this.saved]);
	}
}
