import type { IConnections, INodeCredentials, INodeParameters } from 'n8n-workflow';
import { chain, items, manualStart, node, waitNode } from '../support/n8n/workflows.mts';
import type { NewWorkflow } from '../support/n8n/workflows.mts';

export interface Request {
	prompt: string;
}

export interface Service {
	credentials: INodeCredentials;
	baseUrl: string;
}

const noOp = (name: string) => node(name, 'noOp');

/**
 * Generate, as a text mode of the shortest length. Executions here are test runs, which would pick up
 * the tasks of those before.
 */
export const wanVideo = (
	credentials: INodeCredentials,
	{ options, ...parameters }: { options?: INodeParameters } & INodeParameters = {},
) =>
	node('Wan Video', 'n8n-nodes-apixo.wanVideo', {
		typeVersion: 1.2,
		credentials,
		parameters: {
			mode: 'text-to-video',
			prompt: '={{ $json.prompt }}',
			duration: 2,
			...parameters,
			options: { reuseInTestRuns: false, ...options },
		},
	});

/** n8n's own node, with the credential of this package. */
const httpRequest = (name: string, credentials: INodeCredentials, parameters: INodeParameters) =>
	node(name, 'httpRequest', {
		typeVersion: 4.2,
		credentials,
		parameters: {
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'apixoApi',
			...parameters,
		},
	});

/** @param delivery fields of the request, as an expression */
const submit = ({ credentials, baseUrl }: Service, delivery = `request_type: 'async'`) =>
	httpRequest('Submit', credentials, {
		method: 'POST',
		url: `${baseUrl}/generateTask/wan-2-6-video`,
		sendBody: true,
		specifyBody: 'json',
		jsonBody: `={{ { ${delivery}, input: { mode: 'text-to-video', prompt: $json.prompt, resolution: '720p', duration: 2 } } }}`,
	});

const status = ({ credentials, baseUrl }: Service) =>
	httpRequest('Status', credentials, {
		url: `=${baseUrl}/statusTask/wan-2-6-video?taskId={{ $json.data.taskId }}`,
	});

const pause = (name: string, seconds: number) =>
	node(name, 'wait', {
		typeVersion: 1.1,
		parameters: { resume: 'timeInterval', amount: seconds, unit: 'seconds' },
	});

const ifFinal = () =>
	node('Final?', 'if', {
		typeVersion: 2.2,
		parameters: {
			conditions: {
				options: { caseSensitive: true, typeValidation: 'strict', version: 2 },
				combinator: 'and',
				conditions: [
					{
						leftValue: '={{ $json.data.state }}',
						rightValue: 'success',
						operator: { type: 'string', operation: 'equals' },
					},
				],
			},
		},
	});

/** @param links names of the next nodes, by output */
function connections(links: Record<string, string[][]>): IConnections {
	const to = (name: string) => ({ node: name, type: 'main' as const, index: 0 });
	const ofNode = ([name, outputs]: [string, string[][]]) => [
		name,
		{ main: outputs.map((names) => names.map(to)) },
	];
	return Object.fromEntries(Object.entries(links).map(ofNode));
}

/** The ways around the loop; `Final?` has the outputs true and false. */
const ROUTES = {
	'one by one': {
		Items: [['Loop']],
		Loop: [['Done'], ['Submit']],
		'Final?': [['Loop'], ['Wait again']],
	},
	'all together': { Items: [['Submit']], 'Final?': [['Done'], ['Wait again']] },
};

export type Route = keyof typeof ROUTES;

/** What users build of n8n's own nodes: HTTP Request, Wait, HTTP Request, If, and back to Wait. */
export function ownNodes({
	requests,
	firstSeconds,
	intervalSeconds,
	route,
	...service
}: Service & {
	requests: Request[];
	firstSeconds: number;
	intervalSeconds: number;
	route: Route;
}): NewWorkflow {
	const nodes = [
		manualStart(),
		items(requests),
		submit(service),
		pause('Wait first', firstSeconds),
		status(service),
		ifFinal(),
		pause('Wait again', intervalSeconds),
		noOp('Done'),
	];
	if (route === 'one by one') {
		nodes.push(node('Loop', 'splitInBatches', { typeVersion: 3, parameters: { options: {} } }));
	}
	const links = {
		Start: [['Items']],
		Submit: [['Wait first']],
		'Wait first': [['Status']],
		Status: [['Final?']],
		'Wait again': [['Status']],
		...ROUTES[route],
	};
	return { name: `Own nodes, ${route}`, nodes, connections: connections(links), settings: {} };
}

/** Generate over a list of requests. */
export const generating = (
	credentials: INodeCredentials,
	requests: Request[],
	parameters?: INodeParameters,
) => chain('Wan Video', [manualStart(), items(requests), wanVideo(credentials, parameters)]);

/** Generate with the callback wait, and a node behind it that tells when it went on. */
export const parking = (credentials: INodeCredentials, requests: Request[]) =>
	chain('Callback wait', [
		manualStart(),
		items(requests),
		wanVideo(credentials, { waitFor: 'callback' }),
		noOp('After'),
	]);

/** The same with n8n's Wait node, which APIXO's callback resumes unchecked. */
export const parkingWithWaitNode = (service: Service, requests: Request[]) =>
	chain('Wait node', [
		manualStart(),
		items(requests),
		submit(service, `request_type: 'callback', callback_url: $execution.resumeUrl`),
		waitNode({ httpMethod: 'POST' }),
		noOp('After'),
	]);
