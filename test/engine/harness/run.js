'use strict';

const runtime = require('./runtime');
const { ExecutionLifecycleHooks, WorkflowExecute } = require('n8n-core');
const { createRunExecutionData } = require('n8n-workflow');
const { makeAdditionalData } = require('./additional-data');
const { RunResult } = require('./result');
const { makeWorkflow, throughDatabase, typesFor } = require('./workflow');

let lastExecutionId = 0;

/** Nothing done yet: `node` is next, and `main` comes in, or for a trigger comes out. */
const executionDataAt = (node, main) =>
	createRunExecutionData({
		executionData: { nodeExecutionStack: [{ node, data: { main }, source: null }] },
	});

/** What n8n's Execute Workflow button starts with. */
function freshExecutionData(workflow) {
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
 * @param {object} options
 * @param {{nodes: object[], connections: object, settings?: object}} options.workflow as n8n exports it; starts at its `test.source`
 * @param {Record<string, object>} [options.credentials] what the user filled in, by credential type
 * @param {object} [options.executionData] of an earlier run, to go on from
 * @param {string} [options.executionId] of an earlier run, when it is the same execution
 * @param {string} [options.mode] n8n's execution mode
 * @param {'default' | 'filesystem'} [options.binaryMode] where binary data goes
 * @param {string} [options.resumeOrigin] origin of the URLs at which this n8n would be reached
 * @param {Record<string, object>} [options.nodeTypes] further node types by name; given, the built package is not loaded
 * @param {Record<string, object>} [options.credentialTypes] goes with nodeTypes
 * @returns {{ executionId: string, cancel: () => void, result: Promise<RunResult> }} cancel() is n8n's Stop button
 */
function startWorkflow(options) {
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
 * @param {number} [options.cancelAfterMs] presses Stop after so many ms
 * @returns {Promise<RunResult>}
 */
async function runWorkflow({ cancelAfterMs, ...options }) {
	const { cancel, result } = startWorkflow(options);
	if (cancelAfterMs === undefined) return await result;
	const timer = setTimeout(cancel, cancelAfterMs);
	return await result.finally(() => clearTimeout(timer));
}

module.exports = { startWorkflow, runWorkflow, executionDataAt, freshExecutionData };
