import { UnrecognizedNodeTypeError } from 'n8n-core';
import { STAND_INS } from './stand-ins.mts';

const toolDescriptionProperty = {
	displayName: 'Description',
	name: 'toolDescription',
	type: 'string',
	default: '',
};

/** What n8n makes of a node with `usableAsTool` when it is put under an agent: same code, other ports. */
function asTool(node) {
	const { description } = node;
	return Object.create(node, {
		description: {
			value: {
				...description,
				name: `${description.name}Tool`,
				displayName: `${description.displayName} Tool`,
				inputs: [],
				outputs: ['ai_tool'],
				properties: [toolDescriptionProperty, ...description.properties],
			},
		},
	});
}

/**
 * n8n's register of node types.
 *
 * @param nodes by type name; the stand-ins are added, and a `…Tool` variant
 *   is answered for each node that says it is usable as a tool
 */
export function makeNodeTypes(nodes: Record<string, object>) {
	const known = { ...STAND_INS, ...nodes };
	for (const [name, node] of Object.entries(nodes)) {
		if (node.description.usableAsTool) known[`${name}Tool`] = asTool(node);
	}
	const find = (type) => {
		if (!known[type]) throw new UnrecognizedNodeTypeError(...type.split('.'));
		return known[type];
	};
	return { getByName: find, getByNameAndVersion: find, getKnownTypes: () => known };
}
