import * as runtime from './runtime.mts';
import { ExecutionLifecycleHooks, WorkflowExecute } from 'n8n-core';
import { createRunExecutionData } from 'n8n-workflow';
import { makeAdditionalData } from './additional-data.mts';
import { RunResult } from './result.mts';
import { makeWorkflow, throughDatabase, typesFor } from './workflow.mts';

let lastExecutionId = 0;

/** Nothing done yet: `node` is next, and `main` comes in, or for a trigger comes out. */
export const executionDataAt = (node, main) =>
	createRunExecutionData({
		executionData: { nodeExecutionStack: [{ node, data: { main }, source: null }] },
	});

/** What n8n's Execute Workflow button starts with. */
export function freshExecutionData(workflow) {
	const node = Object.values(workflow.nodes).find(({ type }) => type === 'test.source');
	if (!node) throw new Error('The workflow has no node of type "test.source" to start from');
	return executionDataAt(node, [[{ json: {} }]]);
}

/** Lets the engine run, with `stop.press` as its Stop button. */
async function execute(engine, workflow, stop) {
	try {
		const running = engine.processRunExecutionData(workflow);
		stop.press = () => running.cancel();
		if (stop.asked) stop.press();
		return await running;
	} catch (error) {
		// n8n refuses a workflow whose required parameters are missing before any node runs.
		engine.runExecutionData.resultData.error = error;
		return { ...engine.getFullRunData(new Date()), status: 'error' };
	}
}

/**
 * Starts a workflow in n8n's engine.
 *
 * @returns cancel() is n8n's Stop button
 */
export function startWorkflow(options: {
	/** as n8n exports it; starts at its `test.source` */
	workflow: { nodes: object[]; connections: object; settings?: object };
	/** what the user filled in, by credential type */
	credentials?: Record<string, object>;
	/** of an earlier run, to go on from */
	executionData?: object;
	/** of an earlier run, when it is the same execution */
	executionId?: string;
	/** n8n's execution mode */
	mode?: string;
	/** where binary data goes */
	binaryMode?: 'default' | 'filesystem';
	/** origin of the URLs at which this n8n would be reached */
	resumeOrigin?: string;
	/** further node types by name; given, the built package is not loaded */
	nodeTypes?: Record<string, object>;
	/** goes with nodeTypes */
	credentialTypes?: Record<string, object>;
}): { executionId: string; cancel: () => void; result: Promise<RunResult> } {
	const { mode = 'manual', binaryMode = 'default' } = options;
	const types = typesFor(options);
	const workflow = makeWorkflow(options.workflow, types);
	const executionId = options.executionId ?? String(++lastExecutionId);
	const saved = { run: undefined };
	const hooks = new ExecutionLifecycleHooks(mode, executionId, options.workflow);
	hooks.addHandler('workflowExecuteAfter', async (run) => {
		saved.run = throughDatabase(run);
	});
	const additionalData = { ...makeAdditionalData(options, types, executionId), hooks };
	const executionData = options.executionData ?? freshExecutionData(workflow);
	const engine = new WorkflowExecute(additionalData, mode, executionData);
	const stop = { asked: false, press() {} };
	const result = (async () => {
		const release = await runtime.claimBinaryMode(binaryMode);
		const run = await execute(engine, workflow, stop).finally(release);
		return new RunResult(run, saved.run ?? throughDatabase(run), options.workflow);
	})();
	return {
		executionId,
		cancel() {
			stop.asked = true;
			stop.press();
		},
		result,
	};
}

/**
 * Runs a workflow to its end. Options as for startWorkflow, and:
 *
 * @param options.cancelAfterMs presses Stop after so many ms
 */
export async function runWorkflow({ cancelAfterMs, ...options }: number): Promise<RunResult> {
	const { cancel, result } = startWorkflow(options);
	if (cancelAfterMs === undefined) return await result;
	const timer = setTimeout(cancel, cancelAfterMs);
	return await result.finally(() => clearTimeout(timer));
}
