import * as runtime from './runtime.mts';
import { ExecutionLifecycleHooks, WorkflowExecute } from 'n8n-core';
import { WorkflowOperationError, createRunExecutionData } from 'n8n-workflow';
import { makeAdditionalData } from './additional-data.mts';
import { RunResult } from './result.mts';
import { makeWorkflow, throughDatabase, typesFor, workflowRecord } from './workflow.mts';
import type { INode, INodeExecutionData, IRun, IRunExecutionData, Workflow } from 'n8n-workflow';
import type { RunOptions } from './run-options.mts';

let lastExecutionId = 0;

export interface StartedRun {
	executionId: string;
	/** n8n's Stop button */
	cancel: () => void;
	result: Promise<RunResult>;
}

/** Nothing done yet: `node` is next, and `main` comes in, or for a trigger comes out. */
export const executionDataAt = (node: INode, main: INodeExecutionData[][]): IRunExecutionData =>
	createRunExecutionData({
		executionData: { nodeExecutionStack: [{ node, data: { main }, source: null }] },
	});

/** What n8n's Execute Workflow button starts with. */
export function freshExecutionData(workflow: Workflow): IRunExecutionData {
	const node = Object.values(workflow.nodes).find(({ type }) => type === 'test.source');
	if (!node) throw new Error('The workflow has no node of type "test.source" to start from');
	return executionDataAt(node, [[{ json: {} }]]);
}

/** n8n's Stop button: may be pressed before the engine runs. */
interface Stop {
	isPressed: boolean;
	press: () => void;
}

async function execute(
	engine: WorkflowExecute,
	workflow: Workflow,
	executionData: IRunExecutionData,
	stop: Stop,
): Promise<IRun> {
	try {
		const running = engine.processRunExecutionData(workflow);
		stop.press = () => running.cancel();
		if (stop.isPressed) stop.press();
		return await running;
	} catch (error) {
		// n8n refuses a workflow whose required parameters are missing before any node runs.
		if (!(error instanceof WorkflowOperationError)) throw error;
		executionData.resultData.error = error;
		return { ...engine.getFullRunData(new Date()), status: 'error' };
	}
}

/** Starts a workflow in n8n's engine. */
export function startWorkflow(options: RunOptions): StartedRun {
	const { mode = 'trigger', binaryMode = 'default' } = options;
	const types = typesFor(options);
	const workflow = makeWorkflow(options.workflow, types);
	const executionId = options.executionId ?? String(++lastExecutionId);
	const saved: { run?: IRun; progress?: IRunExecutionData } = {};
	const hooks = new ExecutionLifecycleHooks(mode, executionId, workflowRecord(options.workflow));
	hooks.addHandler('workflowExecuteAfter', async (run) => {
		saved.run = throughDatabase(run);
	});
	hooks.addHandler('nodeExecuteAfter', async (_node, _taskData, data) => {
		saved.progress = throughDatabase(data);
	});
	const additionalData = { ...makeAdditionalData(options, types, executionId), hooks };
	const executionData = options.executionData ?? freshExecutionData(workflow);
	const engine = new WorkflowExecute(additionalData, mode, executionData);
	const stop: Stop = { isPressed: false, press() {} };
	const result = (async () => {
		const release = await runtime.claimBinaryMode(binaryMode);
		const run = await execute(engine, workflow, executionData, stop).finally(release);
		const { run: atEnd = throughDatabase(run), progress } = saved;
		return new RunResult(run, atEnd, options.workflow, progress);
	})();
	return {
		executionId,
		cancel() {
			stop.isPressed = true;
			stop.press();
		},
		result,
	};
}

/** Runs a workflow to its end. */
export const runWorkflow = async (options: RunOptions): Promise<RunResult> =>
	await startWorkflow(options).result;
