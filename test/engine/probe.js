'use strict';

const { itemsInto } = require('./harness');

/**
 * Options of a run in which the node `Tested` does what the test says.
 *
 * @param {Function} execute the node's
 * @param {object} [more]
 * @param {object[]} [more.items] json of the items that come in
 * @param {object} [more.description] parts of the node's description
 * @param {Function} [more.webhook] the node's; all further fields are settings of the node
 */
function probe(execute, { items = [{}], description = {}, webhook, ...settings } = {}) {
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

module.exports = { probe };
