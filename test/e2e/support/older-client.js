const { N8nClient } = require('../harness');

/** n8n 1: runs what it is sent instead of what it has saved, and publishes before it answers. */
class OlderN8nClient extends N8nClient {
	async post(path, body = {}) {
		const [, workflowId] = /^\/workflows\/(\w+)\/run$/.exec(path) ?? [];
		if (workflowId === undefined) return await super.post(path, body);
		const workflowData = await this.get(`/workflows/${workflowId}`);
		return await super.post(path, { ...body, workflowData });
	}

	async activate(id) {
		const { versionId } = await this.get(`/workflows/${id}`);
		await this.post(`/workflows/${id}/activate`, { versionId });
	}
}

/** @param {string} version of n8n @param {string} url @returns {N8nClient} */
function clientFor(version, url) {
	return version.startsWith('1.') ? new OlderN8nClient(url) : new N8nClient(url);
}

module.exports = { clientFor };
