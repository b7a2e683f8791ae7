import { testFilesOfForms } from '../support/n8n/form-cases.mts';
import { useStage } from '../support/n8n/scene.mts';

testFilesOfForms(
	'in the database',
	useStage({ env: { N8N_DEFAULT_BINARY_DATA_MODE: 'database' } }),
);
