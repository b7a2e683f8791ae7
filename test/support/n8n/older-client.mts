import { N8nClient } from '../../../tools/n8n/driver/index.mts';

/** n8n before 2.41: answers to an activation when its triggers listen already. */
class OlderN8nClient extends N8nClient {
	async activate(id) {
		const { versionId } = await this.get(`/workflows/${id}`);
		await this.post(`/workflows/${id}/activate`, { versionId });
	}
}

/** n8n 1: also runs what it is sent, not what it has saved, and wants to hear that it is inactive. */
class N8n1Client extends OlderN8nClient {
	async createWorkflow(workflow) {
		return await super.createWorkflow({ active: false, ...workflow });
	}

	async post(path, body = {}) {
		const [, workflowId] = /^\/workflows\/(\w+)\/run$/.exec(path) ?? [];
		if (workflowId === undefined) return await super.post(path, body);
		const workflowData = await this.get(`/workflows/${workflowId}`);
		return await super.post(path, { ...body, workflowData });
	}
}

const CLIENTS = { '2.30.8': OlderN8nClient, '1.123.81': N8n1Client };

/** @param version of n8n */
export const clientFor = (version: string, url: string): N8nClient =>
	new (CLIENTS[version] ?? N8nClient)(url);
