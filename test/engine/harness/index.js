'use strict';

const { binaryFolder, removeHome } = require('./runtime');
const { runWorkflow, startWorkflow } = require('./run');
const { retryKilledWorkflow, retryWorkflow } = require('./retry');
const { startN8n } = require('./n8n-server');
const { agentWith, itemsInto, triggeredBy } = require('./workflows');

module.exports = {
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
