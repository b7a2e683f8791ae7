import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { itemsInto, type TestedNode } from '../support/engine/index.mts';

export type Execute = NonNullable<INodeType['execute']>;

/** Settings of the node `Tested`, and what is around it. */
export interface ProbeOptions extends Omit<Partial<TestedNode>, 'type'> {
	/** json of the items that come in */
	items?: object[];
	/** parts of the node's description */
	description?: Partial<INodeTypeDescription>;
	webhook?: INodeType['webhook'];
}

/** Options of a run in which the node `Tested` does what the test says. */
export function probe(
	execute: Execute,
	{ items = [{}], description = {}, webhook, ...settings }: ProbeOptions = {},
) {
	const node: INodeType = {
		description: {
			displayName: 'Probe',
			name: 'probe',
			group: ['transform'],
			version: 1,
			description: 'Does what the test says',
			defaults: { name: 'Probe' },
			inputs: ['main'],
			outputs: ['main'],
			properties: [],
			...description,
		},
		execute,
		webhook,
	};
	return {
		workflow: itemsInto(items, { type: 'test.probe', ...settings }),
		nodeTypes: { 'test.probe': node },
	};
}
