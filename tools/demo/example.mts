import fs from 'node:fs';
import path from 'node:path';
import type { INode, INodeCredentialsDetails, IWorkflowBase } from 'n8n-workflow';
import type { N8nClient } from '../n8n/driver/index.mts';
import type { Service } from './service.mts';

type ExampleWorkflow = Pick<IWorkflowBase, 'name' | 'nodes' | 'connections' | 'settings'>;

/** The workflow as in its file, with this run's credential, options and requests. */
function exampleWorkflow(
	credential: INodeCredentialsDetails,
	{ options, requests }: Service,
): ExampleWorkflow {
	const workflow: ExampleWorkflow = JSON.parse(
		fs.readFileSync(path.join(import.meta.dirname, 'workflow.json'), 'utf8'),
	);
	const node = (name: string): INode => {
		const found = workflow.nodes.find((candidate) => candidate.name === name);
		if (!found) throw new Error(`The example has no node "${name}"`);
		return found;
	};
	const { id, name } = credential;
	node('Wan Video').credentials = { apixoApi: { id, name } };
	node('Wan Video').parameters.options = options;
	if (requests) {
		const items = requests.map((json) => ({ json }));
		node('Requests').parameters.jsCode = `return ${JSON.stringify(items, null, 2)};`;
	}
	return workflow;
}

/** A workflow to try things in: nothing in its panel is an expression. */
function firstVideo(
	{ id, name }: INodeCredentialsDetails,
	{ nodes: [start, , wanVideo], ...example }: ExampleWorkflow,
	{ options }: Service,
): ExampleWorkflow {
	const parameters = { prompt: 'A cinematic fox walks through neon rain', options };
	const credentials = { apixoApi: { id, name } };
	const node = { ...wanVideo, position: [220, 0] as [number, number], parameters, credentials };
	return {
		...example,
		name: 'Your first video',
		nodes: [start, node],
		connections: { [start.name]: { main: [[{ node: node.name, type: 'main', index: 0 }]] } },
	};
}

/** The workflows of the demo, by their IDs. */
export interface Example {
	/** What is run. */
	workflowId: string;
	/** For the user. */
	firstVideoId: string;
}

/**
 * Makes the owner, the credential and the workflows.
 *
 * @param client of a fresh n8n
 */
export async function setUpExample(client: N8nClient, service: Service): Promise<Example> {
	await client.setupOwner();
	const credential = await client.createCredential({
		name: 'APIXO',
		type: 'apixoApi',
		data: service.credential,
	});
	const example = exampleWorkflow(credential, service);
	const workflow = await client.createWorkflow(example);
	const own = await client.createWorkflow(firstVideo(credential, example, service));
	return { workflowId: workflow.id, firstVideoId: own.id };
}
