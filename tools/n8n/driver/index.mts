import { N8nClient, OWNER, outputItems } from './client.mts';
import { newUserFolder } from './homes.mts';
import { installPackage, packPackage } from './package.mts';
import { startN8n } from './server.mts';
import { N8nRequestError } from './session.mts';

export {
	N8nClient,
	N8nRequestError,
	OWNER,
	installPackage,
	newUserFolder,
	outputItems,
	packPackage,
	startN8n,
};
