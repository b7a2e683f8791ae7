/**
 * The few nodes that a test workflow needs around the node under test. n8n's own are in
 * n8n-nodes-base, which is too large to install for this.
 */

import { required } from '../required.mts';
import type { TestFile } from '../files.mts';
import type {
	IDataObject,
	INodeExecutionData,
	INodeProperties,
	INodeType,
	INodeTypeDescription,
	NodeOutput,
} from 'n8n-workflow';

const description = (
	name: string,
	rest: Partial<INodeTypeDescription> = {},
): INodeTypeDescription => ({
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
const source: INodeType = {
	description: description('source', {
		group: ['trigger'],
		inputs: [],
		properties: [
			{ displayName: 'Items', name: 'items', type: 'json', default: '[]' },
			{ displayName: 'Files', name: 'files', type: 'json', default: '[]' },
		],
	}),
	async execute() {
		// As itemsInto() wrote it.
		const items = this.getNodeParameter('items', 0) as IDataObject[];
		const files = this.getNodeParameter('files', 0) as Array<Record<string, TestFile>>;
		const stored = async (item: number) =>
			Object.fromEntries(
				await Promise.all(
					Object.entries(files[item] ?? {}).map(async ([field, file]) => {
						const content = Buffer.from(file.data, 'base64');
						const { fileName, mimeType } = file;
						const kept = await this.helpers.prepareBinaryData(content, fileName, mimeType);
						return [field, kept] as const;
					}),
				),
			);
		return [
			await Promise.all(
				items.map(async (json, item) =>
					files[item] === undefined ? { json } : { json, binary: await stored(item) },
				),
			),
		];
	},
};

/** Passes on what comes in: shows whether, and with what, n8n ran the next node. */
const sink: INodeType = {
	description: description('sink'),
	async execute() {
		return [this.getInputData()];
	},
};

/** Gives its items on by the batch at its second output, and what came back at its first at the end. */
const loop: INodeType = {
	description: description('loop', {
		outputs: ['main', 'main'],
		properties: [{ displayName: 'Batch Size', name: 'batchSize', type: 'number', default: 1 }],
	}),
	async execute() {
		// Kept with the execution, so that a Retry goes on with the round that failed.
		const context = this.getContext('node');
		const isFirst = context.left === undefined;
		const came = this.getInputData();
		const left = isFirst ? came : (context.left as INodeExecutionData[]);
		const done = isFirst ? [] : [...(context.done as INodeExecutionData[]), ...came];
		const size = Number(this.getNodeParameter('batchSize', 0));
		context.left = left.slice(size);
		context.done = done;
		return left.length === 0 ? [done, []] : [[], left.slice(0, size)];
	},
};

/** Parks the execution until its resume URL is called, and goes on with what the caller sent. */
const wait: INodeType = {
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
const toolCallParameters: INodeProperties[] = [
	{ displayName: 'Tool Arguments', name: 'toolArguments', type: 'json', default: '{}' },
];

const agentDescription = (name: string) =>
	description(name, {
		inputs: ['main', { type: 'ai_tool', displayName: 'Tool' }],
		properties: toolCallParameters,
	});

/** The part of LangChain's tool that agents use. */
interface Tool {
	name: string;
	description: string;
	invoke: (toolArguments: unknown) => Promise<string>;
}

/** An agent of the older kind: gets the connected tool and invokes it. */
const agent: INodeType = {
	description: agentDescription('agent'),
	async execute() {
		// n8n answers with LangChain's tools for this kind of connection.
		const [tool] = (await this.getInputConnectionData('ai_tool', 0)) as Tool[];
		const answer = await tool.invoke(this.getNodeParameter('toolArguments', 0));
		return [[{ json: { toolName: tool.name, description: tool.description, answer } }]];
	},
};

/** An agent of n8n's current kind: asks the engine to run the tool node, and is resumed after it. */
const engineAgent: INodeType = {
	description: agentDescription('engineAgent'),
	async execute(response): Promise<NodeOutput> {
		const [done] = response?.actionResponses ?? [];
		if (done) {
			const items = required(done.data.data?.ai_tool[0], 'answer of the tool');
			return [[{ json: { answer: items.map(({ json }) => json) } }]];
		}
		const [tool] = this.getParentNodes(this.getNode().name, {
			connectionType: 'ai_tool',
			depth: 1,
		});
		return {
			actions: [
				{
					actionType: 'ExecutionNodeAction',
					nodeName: tool.name,
					// As agentWith() wrote it.
					input: this.getNodeParameter('toolArguments', 0) as IDataObject,
					type: 'ai_tool',
					id: 'call-1',
					metadata: { itemIndex: 0 },
				},
			],
			metadata: {},
		};
	},
};

export const STAND_INS = {
	'test.source': source,
	'test.sink': sink,
	'test.loop': loop,
	'test.wait': wait,
	'test.agent': agent,
	'test.engineAgent': engineAgent,
};
