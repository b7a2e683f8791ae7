'use strict';

const { randomUUID } = require('node:crypto');
const { chain, code, tell, wanVideo, webhookStart } = require('../../e2e/support/workflows');
const { PHASES } = require('./phases');

const ITEMS = 'return $input.first().json.body.prompts.map((prompt) => ({ json: { prompt } }));';

/**
 * The workflows of the campaign, published once: each phase with and without n8n's "Save execution
 * progress", which decides where the Retry of a killed execution begins.
 *
 * @typedef {object} Stand
 * @property {string} phase
 * @property {string} workflowId
 * @property {string} url of its webhook
 * @property {string} witness who is told what went on
 */

/** @returns {Promise<Stand[]>} */
async function publishStands({ client, n8n, credentials, witnessUrl }) {
	const stands = [];
	for (const [phase, { parameters, after = () => [] }] of Object.entries(PHASES)) {
		for (const saveExecutionProgress of [false, true]) {
			const path = randomUUID();
			const steps = [
				webhookStart(path),
				code('Items', ITEMS),
				wanVideo(parameters, { credentials }),
				...after(),
				tell('Good', witnessUrl(path)),
			];
			const workflow = { ...chain(phase, steps), settings: { saveExecutionProgress } };
			const { id } = await client.createWorkflow(workflow);
			await client.activate(id);
			stands.push({ phase, workflowId: id, url: `${n8n.url}/webhook/${path}`, witness: path });
		}
	}
	return stands;
}

module.exports = { publishStands };
