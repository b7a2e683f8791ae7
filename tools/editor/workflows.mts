const WAN_VIDEO = 'n8n-nodes-apixo.wanVideo';
const WAN_VIDEO_TRIGGER = 'n8n-nodes-apixo.wanVideoTrigger';

/** n8n's editor finds a node by the beginning of its ID, so no name may begin with another's. */
const node = (name, type, more) => ({
	id: name,
	name,
	type,
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
	...more,
});

const to = (name) => ({ main: [[{ node: name, type: 'main', index: 0 }]] });

const withCredential = (credential) => (credential ? { apixoApi: credential } : undefined);

/** A Wan Video node behind a button. */
export const byHand = (parameters = {}, credential) => ({
	name: 'A video',
	nodes: [
		node('Start', 'n8n-nodes-base.manualTrigger'),
		node('Wan Video', WAN_VIDEO, {
			position: [220, 0],
			parameters,
			credentials: withCredential(credential),
		}),
	],
	connections: { Start: to('Wan Video') },
});

/** Wan Video nodes side by side, to look at. @param nodes parameters by name */
export const unconnected = (nodes: Record<string, object>, credential) => ({
	name: 'Panels',
	nodes: Object.entries(nodes).map(([name, parameters], index) =>
		node(name, WAN_VIDEO, {
			position: [220 * (index % 4), 220 * Math.floor(index / 4)],
			parameters,
			credentials: withCredential(credential),
		}),
	),
	connections: {},
});

/** A list of prompts, a video for each, and what may follow. */
export const chained = (prompt, options, credential) => ({
	name: 'Videos from a list of prompts',
	nodes: [
		node('Start', 'n8n-nodes-base.manualTrigger'),
		node('Prompts', 'n8n-nodes-base.set', {
			typeVersion: 3.4,
			position: [220, 0],
			parameters: {
				assignments: { assignments: [{ id: '1', name: 'prompt', value: prompt, type: 'string' }] },
				options: {},
			},
		}),
		node('Wan Video', WAN_VIDEO, {
			position: [440, 0],
			parameters: { prompt: '={{ $json.prompt }}', download: true, options },
			credentials: withCredential(credential),
		}),
		node('Save', 'n8n-nodes-base.noOp', { position: [660, 0] }),
	],
	connections: { Start: to('Prompts'), Prompts: to('Wan Video'), 'Wan Video': to('Save') },
});

/** A trigger alone. */
export const triggered = (webhookId, credential) => ({
	name: 'A finished video',
	nodes: [
		node('Wan Video Trigger', WAN_VIDEO_TRIGGER, {
			webhookId,
			credentials: withCredential(credential),
		}),
	],
	connections: {},
});
