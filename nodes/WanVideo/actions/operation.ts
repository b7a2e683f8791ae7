import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { Run } from '../run/run';

/** One operation: its entry in the list, its fields, and what it does, side by side. */
export interface Operation {
	option: INodePropertyOptions & { value: string; action: string };
	/** Fields, shown only for this operation. */
	fields: INodeProperties[];
	/** @returns one item for each input item */
	execute(run: Run): Promise<INodeExecutionData[]>;
}
