import { CredentialsHelper } from './credentials-helper.mts';

/** The origin of the URLs at which this n8n would be reached. */
const DEFAULT_ORIGIN = 'https://n8n.example';

/**
 * What n8n hands to its engine beside the workflow.
 *
 * @param options of the run, see startWorkflow
 */
export function makeAdditionalData(
	{ credentials = {}, resumeOrigin = DEFAULT_ORIGIN }: object,
	types: { credentials: Record<string, object> },
	executionId: string,
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
