import { randomUUID } from 'node:crypto';

/** @param type `n8n-nodes-base.` is added to a bare one */
export const node = (name: string, type: string, more = {}) => ({
	id: randomUUID(),
	name,
	type: type.includes('.') ? type : `n8n-nodes-base.${type}`,
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
	...more,
});

export const manualStart = () => node('Start', 'manualTrigger');

/** Started by a POST to `/webhook/<path>`, as in production. */
export const webhookStart = (path) =>
	node('Start', 'webhook', {
		typeVersion: 2,
		webhookId: randomUUID(),
		parameters: { httpMethod: 'POST', path, responseMode: 'onReceived', options: {} },
	});

/** @param {object[]} items */
export const items = (list) =>
	code('Items', `return ${JSON.stringify(list.map((json) => ({ json })))};`);

export const code = (name, jsCode) =>
	node(name, 'code', { typeVersion: 2, parameters: { jsCode } });

/** Tells a witness, once per run, which items came. */
export const tell = (name, url: string) =>
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

export const wanVideo = (parameters, more) =>
	node('Wan', 'n8n-nodes-apixo.wanVideo', {
		typeVersion: 1.1,
		parameters: { prompt: '={{ $json.prompt }}', ...parameters },
		...more,
	});

export const wanVideoTrigger = (parameters, more) =>
	node('Trigger', 'n8n-nodes-apixo.wanVideoTrigger', {
		typeVersion: 1.1,
		webhookId: randomUUID(),
		parameters,
		...more,
	});

/** n8n's own Wait node, going on when its execution's resume URL is called. */
export const waitNode = (parameters) =>
	node('Wait', 'wait', {
		typeVersion: 1.1,
		webhookId: randomUUID(),
		parameters: { resume: 'webhook', options: {}, ...parameters },
	});

/**
 * @param steps each leads to the next; where a step is an array, its
 *   nodes hang on the outputs of the step before, in order
 */
export function chain(name, steps: Array<object | object[]>) {
	const connections = {};
	steps.slice(0, -1).forEach((from, index) => {
		const targets = [steps[index + 1]].flat();
		const main = targets.map((to) => [{ node: to.name, type: 'main', index: 0 }]);
		connections[from.name] = { main };
	});
	return { name, nodes: steps.flat(), connections, settings: {} };
}
