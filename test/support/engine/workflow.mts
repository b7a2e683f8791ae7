import './runtime.mts';
import { parse, stringify } from 'flatted';
import { Workflow } from 'n8n-workflow';
import { makeNodeTypes } from './node-types.mts';
import { loadPackage } from './package-types.mts';
import type {
	IConnections,
	ICredentialType,
	IDataObject,
	INode,
	INodeType,
	IWorkflowBase,
	IWorkflowSettings,
} from 'n8n-workflow';
import type { PackageTypes } from './package-types.mts';

/** A workflow as n8n exports it. */
export interface WorkflowJson {
	id?: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
	staticData?: IDataObject;
}

/** The types that a run is given instead of the built package. */
export interface GivenTypes {
	/** by type name; given, the built package is not loaded */
	nodeTypes?: Record<string, INodeType>;
	/** by name; goes with nodeTypes */
	credentialTypes?: Record<string, ICredentialType>;
}

/** The types a run knows: the ones it was given, or those of the built package. */
export const typesFor = ({ nodeTypes, credentialTypes = {} }: GivenTypes): PackageTypes =>
	nodeTypes ? { nodes: nodeTypes, credentials: credentialTypes } : loadPackage();

/** The workflow as it stands in n8n's database. */
export const workflowRecord = (json: WorkflowJson): IWorkflowBase => ({
	id: 'engine-test',
	name: 'Engine test',
	active: false,
	activeVersionId: null,
	isArchived: false,
	createdAt: new Date(),
	updatedAt: new Date(),
	settings: { executionOrder: 'v1' },
	...structuredClone(json),
});

/** n8n's own view of a workflow: it fills in the defaults of parameters, and drops hidden ones. */
export const makeWorkflow = (json: WorkflowJson, types: PackageTypes): Workflow =>
	new Workflow({ ...workflowRecord(json), nodeTypes: makeNodeTypes(types.nodes) });

/**
 * A round trip through the encoding in which n8n stores executions. Dates become texts, and errors
 * plain objects with the same fields; n8n gives them the same types all the same.
 */
export const throughDatabase = <T,>(value: T): T => parse(stringify(value));
