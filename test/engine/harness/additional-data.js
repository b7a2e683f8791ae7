'use strict';

const { CredentialsHelper } = require('./credentials-helper');

/** The origin of the URLs at which this n8n would be reached. */
const DEFAULT_ORIGIN = 'https://n8n.example';

/**
 * What n8n hands to its engine beside the workflow.
 *
 * @param {object} options of the run, see startWorkflow
 * @param {{credentials: Record<string, object>}} types
 * @param {string} executionId
 */
function makeAdditionalData(
	{ credentials = {}, resumeOrigin = DEFAULT_ORIGIN },
	types,
	executionId,
) {
	return {
		credentialsHelper: new CredentialsHelper(types.credentials, credentials),
		executionId,
		currentNodeExecutionIndex: 0,
		variables: {},
		restApiUrl: `${resumeOrigin}/rest`,
		instanceBaseUrl: `${resumeOrigin}/`,
		formWaitingBaseUrl: `${resumeOrigin}/form-waiting`,
		webhookBaseUrl: `${resumeOrigin}/webhook`,
		webhookWaitingBaseUrl: `${resumeOrigin}/webhook-waiting`,
		webhookTestBaseUrl: `${resumeOrigin}/webhook-test`,
		setExecutionStatus() {},
		logAiEvent() {},
	};
}

module.exports = { makeAdditionalData };
