import { N8nClient } from '../../../tools/n8n/driver/index.mts';

/** n8n before 2.41: when it answers to an activation, triggers listen already. */
class OlderN8nClient extends N8nClient {
	override async activate(id: string): Promise<void> {
		const { versionId } = await this.workflow(id);
		await this.post(`/workflows/${id}/activate`, { versionId });
	}
}

/** n8n 1: also runs what it is sent, not what it has saved, and must be told that it is inactive. */
class N8n1Client extends OlderN8nClient {
	override async createWorkflow(workflow: object): ReturnType<N8nClient['createWorkflow']> {
		return await super.createWorkflow({ active: false, ...workflow });
	}

	override async post<Data>(path: string, body: object = {}): Promise<Data> {
		const [, workflowId] = /^\/workflows\/(\w+)\/run$/.exec(path) ?? [];
		if (workflowId === undefined) return await super.post(path, body);
		const workflowData = { ...(await this.workflow(workflowId)), pinData: {} };
		return await super.post(path, { ...body, workflowData });
	}
}

const CLIENTS: Record<string, typeof N8nClient> = {
	'2.30.8': OlderN8nClient,
	'1.123.81': N8n1Client,
};

/** @param version of n8n */
export const clientFor = (version: string, url: string): N8nClient =>
	new (CLIENTS[version] ?? N8nClient)(url);
