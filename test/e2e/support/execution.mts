import type { ExecutionError, IBinaryData, INodeExecutionData } from 'n8n-workflow';
import { required } from '../../support/required.mts';
import type { N8nClient } from '../../../tools/n8n/driver/index.mts';
import type { Execution } from '../../support/n8n/run.mts';

/** @returns what the execution failed with @throws when it did not fail */
export const failureOf = ({ data }: Execution): ExecutionError =>
	required(data.resultData.error, 'error of the execution');

/** @returns the file in a field of an item @throws when there is none */
export const fileOf = ({ binary }: INodeExecutionData, field = 'data'): IBinaryData =>
	required(binary?.[field], `file in the field ${field}`);

/** @returns the content of a file that n8n keeps outside of the item */
export const contentOf = async (client: N8nClient, { id }: IBinaryData): Promise<Buffer> =>
	await client.binary(required(id, 'ID of the file'));
