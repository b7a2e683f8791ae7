import { randomUUID } from 'node:crypto';
import type { IConnections, INode, INodeParameters } from 'n8n-workflow';

/** A workflow to be saved. */
export interface NewWorkflow {
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings: object;
}

/** What a node has beside its panel: credentials, onError … */
export type NodeSettings = Partial<Omit<INode, 'id' | 'name' | 'type' | 'parameters'>>;

/** @param type `n8n-nodes-base.` is added to a bare one */
export const node = (name: string, type: string, more: Partial<INode> = {}): INode => ({
	id: randomUUID(),
	name,
	type: type.includes('.') ? type : `n8n-nodes-base.${type}`,
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
	...more,
});

export const manualStart = (): INode => node('Start', 'manualTrigger');

/** Started by a POST to `/webhook/<path>`, as in production; answers at once by default. */
export const webhookStart = (path: string, responseMode = 'onReceived'): INode =>
	node('Start', 'webhook', {
		typeVersion: 2,
		webhookId: randomUUID(),
		parameters: { httpMethod: 'POST', path, responseMode, options: {} },
	});

/** @param list json of the items */
export const items = (list: object[]): INode =>
	code('Items', `return ${JSON.stringify(list.map((json) => ({ json })))};`);

export const code = (name: string, jsCode: string): INode =>
	node(name, 'code', { typeVersion: 2, parameters: { jsCode } });

/** Tells a witness, once per run, which items came. */
export const tell = (name: string, url: string): INode =>
	node(name, 'httpRequest', {
		typeVersion: 4.2,
		executeOnce: true,
		parameters: {
			method: 'POST',
			url,
			sendBody: true,
			specifyBody: 'json',
			jsonBody: '={{ JSON.stringify($input.all().map(({ json }) => json)) }}',
		},
	});

export const wanVideo = (parameters: INodeParameters, settings?: NodeSettings): INode =>
	node('Wan', 'n8n-nodes-apixo.wanVideo', {
		typeVersion: 1.1,
		parameters: { prompt: '={{ $json.prompt }}', ...parameters },
		...settings,
	});

export const wanVideoTrigger = (parameters: INodeParameters, settings?: NodeSettings): INode =>
	node('Trigger', 'n8n-nodes-apixo.wanVideoTrigger', {
		typeVersion: 1.1,
		webhookId: randomUUID(),
		parameters,
		...settings,
	});

/** n8n's own Wait node, going on when its execution's resume URL is called. */
export const waitNode = (parameters?: INodeParameters): INode =>
	node('Wait', 'wait', {
		typeVersion: 1.1,
		webhookId: randomUUID(),
		parameters: { resume: 'webhook', options: {}, ...parameters },
	});

/** Starts a workflow that another one calls, with the items that are given to it. */
export const calledStart = (): INode =>
	node('Start', 'executeWorkflowTrigger', {
		typeVersion: 1.1,
		parameters: { inputSource: 'passthrough' },
	});

/** @param mode all items in one execution of the other workflow, or one execution for each */
export const callWorkflow = (workflowId: string, mode: 'once' | 'each'): INode =>
	node('Call', 'executeWorkflow', {
		typeVersion: 1.2,
		parameters: {
			source: 'database',
			workflowId: { __rl: true, mode: 'id', value: workflowId },
			mode,
			options: { waitForSubWorkflow: true },
		},
	});

/** Each leads to the next; the nodes of an array hang on the outputs of the step before, in order. */
export type Steps = Array<INode | INode[]>;

export function chain(name: string, steps: Steps): NewWorkflow {
	const connections: IConnections = {};
	for (const [index, target] of steps.slice(1).entries()) {
		const main = [target].flat().map((to) => [{ node: to.name, type: 'main' as const, index: 0 }]);
		for (const from of [steps[index]].flat()) connections[from.name] = { main };
	}
	return { name, nodes: steps.flat(), connections, settings: {} };
}

/** From one node to another: `[from, its output, to, its input]`. */
export type Link = [from: string, output: number, to: string, input: number];

/** A workflow that is no chain. */
export function wired(
	name: string,
	nodes: INode[],
	links: Link[],
	settings: object = {},
): NewWorkflow {
	const connections: IConnections = {};
	for (const [from, output, to, index] of links) {
		connections[from] ??= { main: [] };
		const { main } = connections[from];
		while (main.length <= output) main.push([]);
		main[output]?.push({ node: to, type: 'main', index });
	}
	return { name, nodes, connections, settings };
}

/** n8n's own Loop Over Items: gives items on by the batch at its second output, all at its first. */
export const loop = (batchSize: number): INode =>
	node('Loop', 'splitInBatches', { typeVersion: 3, parameters: { batchSize, options: {} } });
