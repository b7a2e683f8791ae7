import './runtime.mts';
import { ExternalSecretsProxy } from 'n8n-core';
import { CredentialsHelper } from './credentials-helper.mts';
import type { IWorkflowExecuteAdditionalData } from 'n8n-workflow';
import type { PackageTypes } from './package-types.mts';
import type { RunOptions } from './run-options.mts';

/** The origin of the URLs at which this n8n would be reached. */
const DEFAULT_ORIGIN = 'https://n8n.example';

const notHere = (what: string) => async (): Promise<never> => {
	throw new Error(`The test engine has no ${what}`);
};

/** What n8n hands to its engine beside the workflow. */
export function makeAdditionalData(
	{
		credentials = {},
		resumeOrigin = DEFAULT_ORIGIN,
	}: Pick<RunOptions, 'credentials' | 'resumeOrigin'>,
	types: PackageTypes,
	executionId: string | undefined,
): IWorkflowExecuteAdditionalData {
	return {
		credentialsHelper: new CredentialsHelper(types.credentials, credentials),
		executionId,
		currentNodeExecutionIndex: 0,
		variables: {},
		restApiUrl: `${resumeOrigin}/rest`,
		instanceBaseUrl: `${resumeOrigin}/`,
		formBaseUrl: `${resumeOrigin}/form`,
		formWaitingBaseUrl: `${resumeOrigin}/form-waiting`,
		formTestBaseUrl: `${resumeOrigin}/form-test`,
		webhookBaseUrl: `${resumeOrigin}/webhook`,
		webhookWaitingBaseUrl: `${resumeOrigin}/webhook-waiting`,
		webhookTestBaseUrl: `${resumeOrigin}/webhook-test`,
		mcpBaseUrl: `${resumeOrigin}/mcp`,
		mcpTestBaseUrl: `${resumeOrigin}/mcp-test`,
		externalSecretsProxy: new ExternalSecretsProxy(),
		setExecutionStatus() {},
		logAiEvent() {},
		executeWorkflow: notHere('sub-workflows'),
		getRunExecutionData: notHere('other executions'),
		getRuntimeCredential: notHere('runtime credentials'),
		startRunnerTask: notHere('task runner'),
	};
}
