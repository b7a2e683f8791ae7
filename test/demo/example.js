/** The workflow as in its file, with this run's credential, waiting options and requests. */
function exampleWorkflow(credential, { options, requests }) {
	const workflow = structuredClone(require('./workflow.json'));
	const node = (name) => workflow.nodes.find((candidate) => candidate.name === name);
	node('Wan Video').credentials.apixoApi = { id: credential.id, name: credential.name };
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
 * @param {import('../e2e/harness').N8nClient} client of a fresh n8n
 * @param {import('./service').Service} service
 * @returns {Promise<string>} the workflow's ID
 */
async function setUpExample(client, service) {
	await client.setupOwner();
	const credential = await client.createCredential({
		name: 'APIXO',
		type: 'apixoApi',
		data: service.credential,
	});
	const { id } = await client.createWorkflow(exampleWorkflow(credential, service));
	return id;
}

module.exports = { setUpExample };
