import { claimBinaryMode } from './runtime.mts';
import { WebhookContext } from 'n8n-core';
import { makeAdditionalData } from './additional-data.mts';
import { typesFor } from './workflow.mts';
import type { IncomingMessage } from 'node:http';
import type { Workflow } from 'n8n-workflow';

/** The little of an Express response that a node may use. */
export function expressResponse(response) {
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
 * @param plan options of the run that the node belongs to
 */
export async function callNode(
	plan: object,
	workflow: Workflow,
	nodeName: string,
	{
		request,
		response,
		executionId,
		executionData,
	}: {
		/** with its body parsed */
		request: IncomingMessage;
		/** see expressResponse */
		response: object;
		/** of the execution that waits for this call */
		executionId?: string;
		/** of that execution */
		executionData?: object;
	},
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

/** Puts the call into the shape that nodes know. @returns false if its body is no JSON */
export async function parseCall(request): Promise<boolean> {
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
