/**
 * The few nodes that a test workflow needs around the node under test. n8n's own are in
 * n8n-nodes-base, which is too large to install for this.
 */

const description = (name, rest) => ({
	displayName: name,
	name,
	group: ['transform'],
	version: 1,
	description: 'Stand-in for tests',
	defaults: { name },
	inputs: ['main'],
	outputs: ['main'],
	properties: [],
	...rest,
});

/** Starts a workflow with the items of its parameter. */
const source = {
	description: description('source', {
		group: ['trigger'],
		inputs: [],
		properties: [{ displayName: 'Items', name: 'items', type: 'json', default: '[]' }],
	}),
	async execute() {
		return [this.getNodeParameter('items', 0).map((json) => ({ json }))];
	},
};

/** Passes on what comes in: shows whether, and with what, n8n ran the next node. */
const sink = {
	description: description('sink'),
	async execute() {
		return [this.getInputData()];
	},
};

/** Parks the execution until its resume URL is called, and goes on with what the caller sent. */
const wait = {
	description: description('wait', {
		webhooks: [{ name: 'default', httpMethod: 'POST', path: '', restartWebhook: true }],
	}),
	async execute() {
		await this.putExecutionToWait(new Date(Date.now() + 60_000));
		return [this.getInputData()];
	},
	async webhook() {
		return { workflowData: [[{ json: { body: this.getBodyData() } }]] };
	},
};

/** What a model would fill in. */
const toolCallParameters = [
	{ displayName: 'Tool Arguments', name: 'toolArguments', type: 'json', default: '{}' },
];

/** An agent of the older kind: gets the connected tool and invokes it. */
const agent = {
	description: description('agent', {
		inputs: ['main', { type: 'ai_tool', displayName: 'Tool' }],
		properties: toolCallParameters,
	}),
	async execute() {
		const [tool] = await this.getInputConnectionData('ai_tool', 0);
		const answer = await tool.invoke(this.getNodeParameter('toolArguments', 0));
		return [[{ json: { toolName: tool.name, description: tool.description, answer } }]];
	},
};

/** An agent of n8n's current kind: asks the engine to run the tool node, and is resumed after it. */
const engineAgent = {
	description: description('engineAgent', {
		inputs: ['main', { type: 'ai_tool', displayName: 'Tool' }],
		properties: toolCallParameters,
	}),
	async execute(response) {
		if (response.actionResponses.length > 0) {
			const [{ data }] = response.actionResponses;
			return [[{ json: { answer: data.data.ai_tool[0].map((item) => item.json) } }]];
		}
		const [tool] = this.getParentNodes(this.getNode().name, {
			connectionType: 'ai_tool',
			depth: 1,
		});
		const action = {
			actionType: 'ExecutionNodeAction',
			nodeName: tool.name,
			input: this.getNodeParameter('toolArguments', 0),
			type: 'ai_tool',
			id: 'call-1',
			metadata: { itemIndex: 0 },
		};
		return { actions: [action], metadata: {} };
	},
};

export const STAND_INS = {
	'test.source': source,
	'test.sink': sink,
	'test.wait': wait,
	'test.agent': agent,
	'test.engineAgent': engineAgent,
};
