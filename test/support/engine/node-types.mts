import { UnrecognizedNodeTypeError } from 'n8n-core';
import { STAND_INS } from './stand-ins.mts';
import type { INodeProperties, INodeType, INodeTypeDescription, INodeTypes } from 'n8n-workflow';

const toolDescriptionProperty: INodeProperties = {
	displayName: 'Description',
	name: 'toolDescription',
	type: 'string',
	default: '',
};

/** What n8n makes of a node with `usableAsTool` when it is put under an agent: same code, other ports. */
function asTool(node: INodeType): INodeType {
	const { description } = node;
	const toolDescription: INodeTypeDescription = {
		...description,
		name: `${description.name}Tool`,
		displayName: `${description.displayName} Tool`,
		inputs: [],
		outputs: ['ai_tool'],
		properties: [toolDescriptionProperty, ...description.properties],
	};
	return Object.create(node, { description: { value: toolDescription } });
}

/**
 * n8n's register of node types.
 *
 * @param nodes by type name; the stand-ins are added, and a `…Tool` variant for each node that says
 *   it is usable as a tool
 */
export function makeNodeTypes(nodes: Record<string, INodeType>): INodeTypes {
	const known: Record<string, INodeType> = { ...STAND_INS, ...nodes };
	for (const [name, node] of Object.entries(nodes)) {
		if (node.description.usableAsTool) known[`${name}Tool`] = asTool(node);
	}
	const find = (type: string) => {
		const [packageName, nodeType] = type.split('.');
		if (!known[type]) throw new UnrecognizedNodeTypeError(packageName, nodeType);
		return known[type];
	};
	return { getByName: find, getByNameAndVersion: find, getKnownTypes: () => known };
}
