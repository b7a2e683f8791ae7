export { binaryFolder, readSigned, removeHome } from './runtime.mts';
export { runWorkflow, startWorkflow } from './run.mts';
export { retryKilledWorkflow, retryPlan, retryWorkflow } from './retry.mts';
export { startN8n } from './n8n-server.mts';
export { agentWith, inLoop, itemsInto, triggeredBy } from './workflows.mts';

export type { ActiveWorkflow } from './active-workflow.mts';
export type { Execution } from './executions.mts';
export type { N8nStandIn } from './n8n-server.mts';
export type { RunResult } from './result.mts';
export type { KilledRun, RetryOptions } from './retry.mts';
export type { StartedRun } from './run.mts';
export type { RunOptions } from './run-options.mts';
export type { WorkflowJson } from './workflow.mts';
export type { AgentKind, TestedNode } from './workflows.mts';
