const node = (name, type, parameters, position, rest) => ({
	id: `id-${name}`,
	name,
	type,
	typeVersion: 1,
	position: [position * 200, 0],
	parameters,
	...rest,
});

const link = (name, type = 'main') => [{ node: name, type, index: 0 }];

/**
 * Items → a node under test → Good, and → Bad from its error output if it has one.
 *
 * @param items json of the input items
 * @param tested further node settings (maxTries, waitBetweenTries in ms …) as in n8n's JSON. Its name is `Tested`
 */
export function itemsInto(
	items: object[],
	{
		type,
		parameters = {},
		...settings
	}: {
		type: string;
		parameters?: object;
		credentials?: object;
		onError?: string;
		retryOnFail?: boolean;
	},
) {
	return {
		nodes: [
			node('Source', 'test.source', { items }, 0),
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

/**
 * An agent that calls the node under test, named `Tested`, as its tool; the agent's name is `Agent`.
 *
 * @param kind how the agent reaches its tool: by invoking it, or through the engine
 * @param toolArguments what the model would fill in for the `$fromAI()` of the parameters
 * @param tested its type ends in `Tool`
 */
export function agentWith(
	kind: 'agent' | 'engineAgent',
	toolArguments: object,
	{
		type,
		parameters = {},
		...settings
	}: { type: string; parameters?: object; credentials?: object },
) {
	return {
		nodes: [
			node('Source', 'test.source', { items: [{}] }, 0),
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
export function triggeredBy({ type, parameters = {}, ...settings }) {
	return {
		nodes: [node('Tested', type, parameters, 0, settings), node('Good', 'test.sink', {}, 1)],
		connections: { Tested: { main: [link('Good')] } },
	};
}
