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

/**
 * Makes the owner, the credential and the example workflow.
 *
 * @param client of a fresh n8n
 * @returns the workflow's ID
 */
export async function setUpExample(client: N8nClient, service: Service): Promise<string> {
	await client.setupOwner();
	const credential = await client.createCredential({
		name: 'APIXO',
		type: 'apixoApi',
		data: service.credential,
	});
	const { id } = await client.createWorkflow(exampleWorkflow(credential, service));
	return id;
}
