import { chain, items, manualStart, node, waitNode } from '../support/n8n/workflows.mts';

const noOp = (name) => node(name, 'noOp');

/** Generate, as a text mode of the shortest length. @param parameters of the node */
export const wanVideo = (credentials, parameters?: object) =>
	node('Wan Video', 'n8n-nodes-apixo.wanVideo', {
		typeVersion: 1.1,
		credentials,
		parameters: {
			mode: 'text-to-video',
			prompt: '={{ $json.prompt }}',
			duration: 2,
			...parameters,
		},
	});

/** n8n's own node, with the credential of this package. */
const httpRequest = (name, credentials, parameters) =>
	node(name, 'httpRequest', {
		typeVersion: 4.2,
		credentials,
		parameters: {
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'apixoApi',
			...parameters,
		},
	});

export type Service = { credentials: object; baseUrl: string };

/** @param delivery fields of the request, as an expression */
const submit = ({ credentials, baseUrl }: Service, delivery: string = `request_type: 'async'`) =>
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

const pause = (name, seconds) =>
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
function connections(links: Record<string, string[][]>) {
	const to = (name) => ({ node: name, type: 'main', index: 0 });
	const ofNode = ([name, outputs]) => [name, { main: outputs.map((names) => names.map(to)) }];
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

/** What users build of n8n's own nodes: HTTP Request, Wait, HTTP Request, If, and back to Wait. */
export function ownNodes({
	requests,
	firstSeconds,
	intervalSeconds,
	route,
	...service
}: Service & {
	requests: object[];
	firstSeconds: number;
	intervalSeconds: number;
	route: keyof typeof ROUTES;
}) {
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
	return { name: `Own nodes, ${route}`, nodes, connections: connections(links) };
}

/** Generate over a list of requests. */
export const generating = (credentials, requests, parameters) =>
	chain('Wan Video', [manualStart(), items(requests), wanVideo(credentials, parameters)]);

/** Generate with the callback wait, and a node behind it that tells when it went on. */
export const parking = (credentials, requests, parameters) =>
	chain('Callback wait', [
		manualStart(),
		items(requests),
		wanVideo(credentials, { waitFor: 'callback', ...parameters }),
		noOp('After'),
	]);

/** The same with n8n's Wait node, which APIXO's callback resumes unchecked. */
export const parkingWithWaitNode = (service: Service, requests) =>
	chain('Wait node', [
		manualStart(),
		items(requests),
		submit(service, `request_type: 'callback', callback_url: $execution.resumeUrl`),
		waitNode({ httpMethod: 'POST' }),
		noOp('After'),
	]);
