import { itemsInto } from '../support/engine/index.mts';

/**
 * Options of a run in which the node `Tested` does what the test says.
 *
 * @param execute the node's
 */
export function probe(
	execute: (...args: unknown[]) => unknown,
	{
		items = [{}],
		description = {},
		webhook,
		...settings
	}: {
		/** json of the items that come in */
		items?: object[];
		/** parts of the node's description */
		description?: object;
		/** the node's; all further fields are settings of the node */
		webhook?: (...args: unknown[]) => unknown;
	} = {},
) {
	const node = {
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
