import type { IConnection, INode, INodeParameters, NodeConnectionType } from 'n8n-workflow';
import type { TestFile } from '../files.mts';
import type { WorkflowJson } from './workflow.mts';

/** Settings of a node under test (maxTries, waitBetweenTries in ms …) as in n8n's JSON. */
export type TestedNode = Pick<INode, 'type'> & Partial<INode>;

const node = (
	name: string,
	type: string,
	parameters: INodeParameters,
	column: number,
	settings: Partial<INode> = {},
): INode => ({
	id: `id-${name}`,
	name,
	type,
	typeVersion: 1,
	position: [column * 200, 0],
	parameters,
	...settings,
});

/** @param items json; a parameter of the type `json` may hold anything, which its type does not say */
const source = (items: object[], files: Array<Record<string, TestFile>> = []): INode =>
	node(
		'Source',
		'test.source',
		{ items: items as INodeParameters[], files: files as unknown as INodeParameters[] },
		0,
	);

const link = (name: string, type: NodeConnectionType = 'main'): IConnection[] => [
	{ node: name, type, index: 0 },
];

/**
 * Items → a node under test, named `Tested` → Good, and → Bad from its error output if it has one.
 *
 * @param items json of the input items
 * @param files of the input items, by field
 */
export function itemsInto(
	items: object[],
	{ type, parameters = {}, ...settings }: TestedNode,
	files?: Array<Record<string, TestFile>>,
): WorkflowJson {
	return {
		nodes: [
			source(items, files),
			node('Tested', type, parameters, 1, settings),
			node('Good', 'test.sink', {}, 2),
			node('Bad', 'test.sink', {}, 3),
		],
		connections: {
			Source: { main: [link('Tested')] },
			Tested: { main: [link('Good'), link('Bad')] },
		},
	};
}

/** A workflow of `itemsInto` in rounds: items → Loop → the node under test → Good → Loop. */
export function inLoop(
	{ nodes, connections, ...workflow }: WorkflowJson,
	batchSize: number,
): WorkflowJson {
	return {
		...workflow,
		nodes: [...nodes, node('Loop', 'test.loop', { batchSize }, 1)],
		connections: {
			...connections,
			Source: { main: [link('Loop')] },
			Loop: { main: [[], link('Tested')] },
			Good: { main: [link('Loop')] },
		},
	};
}

/** How an agent reaches its tool: by invoking it, or through the engine. */
export type AgentKind = 'agent' | 'engineAgent';

/**
 * An agent that calls the node under test, named `Tested`, as its tool; the agent's name is `Agent`.
 *
 * @param toolArguments what the model would fill in for the `$fromAI()` of the parameters
 * @param tested its type ends in `Tool`
 */
export function agentWith(
	kind: AgentKind,
	toolArguments: INodeParameters,
	{ type, parameters = {}, ...settings }: TestedNode,
): WorkflowJson {
	return {
		nodes: [
			source([{}]),
			node('Agent', `test.${kind}`, { toolArguments }, 1),
			node('Tested', type, parameters, 2, settings),
			node('Good', 'test.sink', {}, 3),
		],
		connections: {
			Source: { main: [link('Agent')] },
			Tested: { ai_tool: [link('Agent', 'ai_tool')] },
			Agent: { main: [link('Good')] },
		},
	};
}

/** A trigger under test, named `Tested`, and Good after it. */
export function triggeredBy({ type, parameters = {}, ...settings }: TestedNode): WorkflowJson {
	return {
		nodes: [node('Tested', type, parameters, 0, settings), node('Good', 'test.sink', {}, 1)],
		connections: { Tested: { main: [link('Good')] } },
	};
}
