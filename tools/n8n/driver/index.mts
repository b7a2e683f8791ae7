export { outputItems } from './answers.mts';
export { N8nClient, OWNER } from './client.mts';
export { newUserFolder } from './homes.mts';
export { installPackage, packPackage } from './package.mts';
export { startN8n } from './server.mts';
export { N8nRequestError } from './session.mts';

export type {
	Execution,
	ExecutionList,
	ExecutionSummary,
	SavedCredential,
	SavedWorkflow,
} from './answers.mts';
export type { NewCredential, WaitOptions } from './client.mts';
export type { N8nCommand } from './process.mts';
export type { N8nServer, StartOptions } from './server.mts';
