'use strict';

const { claimBinaryMode } = require('./runtime');
const { WebhookContext } = require('n8n-core');
const { makeAdditionalData } = require('./additional-data');
const { typesFor } = require('./workflow');

/** The little of an Express response that a node may use. */
function expressResponse(response) {
	return Object.assign(response, {
		status(code) {
			response.statusCode = code;
			return response;
		},
		json(body) {
			response.setHeader('content-type', 'application/json');
			response.end(JSON.stringify(body));
			return response;
		},
		send(body) {
			response.end(body);
			return response;
		},
	});
}

async function readBody(request) {
	const chunks = [];
	for await (const chunk of request) chunks.push(chunk);
	return Buffer.concat(chunks).toString('utf8');
}

/**
 * Runs the webhook() of a node as n8n does.
 *
 * @param {object} plan options of the run that the node belongs to
 * @param {import('n8n-workflow').Workflow} workflow
 * @param {string} nodeName
 * @param {object} call
 * @param {http.IncomingMessage} call.request with its body parsed
 * @param {object} call.response see expressResponse
 * @param {string} [call.executionId] of the execution that waits for this call
 * @param {object} [call.executionData] of that execution
 */
async function callNode(
	plan,
	workflow,
	nodeName,
	{ request, response, executionId, executionData },
) {
	const node = workflow.getNode(nodeName);
	const nodeType = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	const [webhookDescription] = nodeType.description.webhooks;
	const additionalData = {
		...makeAdditionalData(plan, typesFor(plan), executionId),
		httpRequest: request,
		httpResponse: response,
	};
	const webhookData = { webhookDescription, httpMethod: 'POST', path: '', node: nodeName };
	const parts = [workflow, node, additionalData, plan.mode ?? 'manual', webhookData, []];
	const release = await claimBinaryMode(plan.binaryMode ?? 'default');
	const context = new WebhookContext(...parts, executionData);
	return await nodeType.webhook.call(context).finally(release);
}

/** Puts the call into the shape that nodes know. @returns {Promise<boolean>} false if its body is no JSON */
async function parseCall(request) {
	request.query = Object.fromEntries(new URL(request.url, 'http://n8n').searchParams);
	request.params = {};
	const text = await readBody(request);
	try {
		request.body = text === '' ? {} : JSON.parse(text);
	} catch {
		return false;
	}
	return true;
}

module.exports = { callNode, expressResponse, parseCall };
