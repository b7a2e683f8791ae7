import type {
	IConnections,
	INode,
	INodeCredentials,
	INodeCredentialsDetails,
	INodeParameters,
	IWorkflowBase,
} from 'n8n-workflow';

const WAN_VIDEO = 'n8n-nodes-apixo.wanVideo';
const WAN_VIDEO_TRIGGER = 'n8n-nodes-apixo.wanVideoTrigger';

/** What a workflow is created from. */
type NewWorkflow = Pick<IWorkflowBase, 'name' | 'nodes' | 'connections' | 'pinData'>;

/** n8n's editor finds a node by the beginning of its ID, so no name may begin with another's. */
const node = (name: string, type: string, more: Partial<INode> = {}): INode => ({
	id: name,
	name,
	type,
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
	...more,
});

const to = (name: string): IConnections[string] => ({
	main: [[{ node: name, type: 'main', index: 0 }]],
});

/** A Wan Video node as the editor adds it: of the latest version. */
const wanVideo = (name: string, more: Partial<INode>): INode =>
	node(name, WAN_VIDEO, { typeVersion: 1.2, ...more });

const withCredential = (credential?: INodeCredentialsDetails): INodeCredentials | undefined =>
	credential && { apixoApi: credential };

/** A Wan Video node behind a manual trigger. */
export const byHand = (
	parameters: INodeParameters = {},
	credential?: INodeCredentialsDetails,
): NewWorkflow => ({
	name: 'A video',
	nodes: [
		node('Start', 'n8n-nodes-base.manualTrigger'),
		wanVideo('Wan Video', {
			position: [220, 0],
			parameters,
			credentials: withCredential(credential),
		}),
	],
	connections: { Start: to('Wan Video') },
});

/**
 * Wan Video nodes side by side.
 *
 * @param nodes their parameters, by name
 */
export const unconnected = (
	nodes: Record<string, INodeParameters>,
	credential: INodeCredentialsDetails,
): NewWorkflow => ({
	name: 'Panels',
	nodes: Object.entries(nodes).map(([name, parameters], index) =>
		wanVideo(name, {
			position: [220 * (index % 4), 220 * Math.floor(index / 4)],
			parameters,
			credentials: withCredential(credential),
		}),
	),
	connections: {},
});

/** A list of prompts, a video of each, and a node that takes them. */
export const chained = (
	prompts: string[],
	options: INodeParameters,
	credential: INodeCredentialsDetails,
): NewWorkflow => ({
	name: 'Videos from a list of prompts',
	nodes: [
		node('Start', 'n8n-nodes-base.manualTrigger'),
		node('Prompts', 'n8n-nodes-base.set', {
			typeVersion: 3.4,
			position: [220, 0],
			parameters: {
				assignments: {
					assignments: [{ id: '1', name: 'prompt', value: prompts, type: 'array' }],
				},
				options: {},
			},
		}),
		node('Split Out', 'n8n-nodes-base.splitOut', {
			position: [440, 0],
			parameters: { fieldToSplitOut: 'prompt', options: {} },
		}),
		wanVideo('Wan Video', {
			position: [660, 0],
			parameters: { prompt: '={{ $json.prompt }}', download: true, options },
			credentials: withCredential(credential),
		}),
		node('Save', 'n8n-nodes-base.noOp', { position: [880, 0] }),
	],
	connections: {
		Start: to('Prompts'),
		Prompts: to('Split Out'),
		'Split Out': to('Wan Video'),
		'Wan Video': to('Save'),
	},
});

/** A Wan Video node behind a manual trigger whose items are pinned. */
export const batch = (
	prompts: string[],
	parameters: INodeParameters,
	credential: INodeCredentialsDetails,
): NewWorkflow => ({
	...byHand({ prompt: '={{ $json.prompt }}', ...parameters }, credential),
	pinData: { Start: prompts.map((prompt) => ({ json: { prompt } })) },
});

/** A trigger alone. */
export const triggered = (webhookId: string, credential: INodeCredentialsDetails): NewWorkflow => ({
	name: 'A finished video',
	nodes: [
		node('Wan Video Trigger', WAN_VIDEO_TRIGGER, {
			webhookId,
			credentials: withCredential(credential),
		}),
	],
	connections: {},
});
