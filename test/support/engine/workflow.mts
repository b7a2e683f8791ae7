import './runtime.mts';
import { parse, stringify } from 'flatted';
import { Workflow } from 'n8n-workflow';
import { makeNodeTypes } from './node-types.mts';
import { loadPackage } from './package-types.mts';

/** The types a run knows: the ones it was given, or those of the built package. */
export const typesFor = ({ nodeTypes, credentialTypes = {} }) =>
	nodeTypes ? { nodes: nodeTypes, credentials: credentialTypes } : loadPackage();

/** n8n's own view of a workflow: it fills in the defaults of parameters, and drops hidden ones. */
export const makeWorkflow = (json, types) =>
	new Workflow({
		id: 'engine-test',
		name: 'Engine test',
		active: false,
		settings: { executionOrder: 'v1' },
		...structuredClone(json),
		nodeTypes: makeNodeTypes(types.nodes),
	});

/** A round trip through the encoding in which n8n stores executions. */
export const throughDatabase = (value) => parse(stringify(value));
