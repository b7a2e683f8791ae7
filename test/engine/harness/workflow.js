'use strict';

require('./runtime');
const flatted = require('flatted');
const { Workflow } = require('n8n-workflow');
const { makeNodeTypes } = require('./node-types');
const { loadPackage } = require('./package-types');

/** The types a run knows: the ones it was given, or those of the built package. */
const typesFor = ({ nodeTypes, credentialTypes = {} }) =>
	nodeTypes ? { nodes: nodeTypes, credentials: credentialTypes } : loadPackage();

/** n8n's own view of a workflow: it fills in the defaults of parameters, and drops hidden ones. */
const makeWorkflow = (json, types) =>
	new Workflow({
		id: 'engine-test',
		name: 'Engine test',
		active: false,
		settings: { executionOrder: 'v1' },
		...structuredClone(json),
		nodeTypes: makeNodeTypes(types.nodes),
	});

/** A round trip through the encoding in which n8n stores executions. */
const throughDatabase = (value) => flatted.parse(flatted.stringify(value));

module.exports = { typesFor, makeWorkflow, throughDatabase };
