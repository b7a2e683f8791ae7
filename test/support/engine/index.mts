import { binaryFolder, removeHome } from './runtime.mts';
import { runWorkflow, startWorkflow } from './run.mts';
import { retryKilledWorkflow, retryWorkflow } from './retry.mts';
import { startN8n } from './n8n-server.mts';
import { agentWith, itemsInto, triggeredBy } from './workflows.mts';

export {
	runWorkflow,
	startWorkflow,
	retryWorkflow,
	retryKilledWorkflow,
	startN8n,
	itemsInto,
	agentWith,
	triggeredBy,
	binaryFolder,
	removeHome,
};
