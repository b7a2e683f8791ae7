import { claimBinaryMode } from './runtime.mts';
import { WebhookContext } from 'n8n-core';
import { required } from '../required.mts';
import { makeAdditionalData } from './additional-data.mts';
import { typesFor } from './workflow.mts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { IRunExecutionData, IWebhookData, IWebhookResponseData, Workflow } from 'n8n-workflow';
import type { RunOptions } from './run-options.mts';

/** A request as nodes know it from Express. */
export type ExpressRequest = IncomingMessage & {
	query: Record<string, string>;
	params: Record<string, string>;
	body: unknown;
};

/** The little of an Express response that a node may use. */
export type ExpressResponse = ServerResponse & {
	status: (code: number) => ExpressResponse;
	json: (body: unknown) => ExpressResponse;
	send: (body: string | Buffer) => ExpressResponse;
};

/** Why n8n does not let a call in. */
export type Refusal = [httpStatus: number, message: string];

/** What a node wants its caller to be answered. */
export interface WebhookAnswer extends IWebhookResponseData {
	/** default 200 */
	status?: number;
}

export function expressResponse(plain: ServerResponse): ExpressResponse {
	const response: ExpressResponse = Object.assign(plain, {
		status(code: number) {
			plain.statusCode = code;
			return response;
		},
		json(body: unknown) {
			plain.setHeader('content-type', 'application/json');
			plain.end(JSON.stringify(body));
			return response;
		},
		send(body: string | Buffer) {
			plain.end(body);
			return response;
		},
	});
	return response;
}

async function readBody(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk);
	return Buffer.concat(chunks).toString('utf8');
}

/** Puts a call into the shape that nodes know. @returns undefined if its body is no JSON */
export async function parseCall(request: IncomingMessage): Promise<ExpressRequest | undefined> {
	const { searchParams } = new URL(request.url ?? '', 'http://n8n');
	const text = await readBody(request);
	try {
		return Object.assign(request, {
			query: Object.fromEntries(searchParams),
			params: {},
			body: text === '' ? {} : JSON.parse(text),
		});
	} catch {
		return undefined;
	}
}

export interface WebhookCall {
	request: ExpressRequest;
	response: ExpressResponse;
	/** of the webhook; without it the node's first one is called */
	path?: string;
	/** of the execution that waits for this call */
	executionId?: string;
	/** of that execution */
	executionData?: IRunExecutionData;
}

/**
 * Runs the webhook() of a node as n8n does.
 *
 * @param plan options of the run that the node belongs to
 */
export async function callNode(
	plan: RunOptions,
	workflow: Workflow,
	nodeName: string,
	{ request, response, path, executionId, executionData }: WebhookCall,
): Promise<WebhookAnswer> {
	const node = required(workflow.getNode(nodeName), `node ${nodeName}`);
	const nodeType = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	const webhook = required(nodeType.webhook, `webhook() of ${node.type}`);
	const webhookDescription = required(nodeType.description.webhooks, 'webhooks').find(
		(webhook) => path === undefined || webhook.path === path,
	);
	if (webhookDescription === undefined) return { webhookResponse: 'No such path', status: 404 };
	const additionalData = {
		...makeAdditionalData(plan, typesFor(plan), executionId),
		httpRequest: request,
		httpResponse: response,
	};
	const webhookData: IWebhookData = {
		webhookDescription,
		httpMethod: 'POST',
		path: '',
		node: nodeName,
		workflowId: workflow.id,
		workflowExecuteAdditionalData: additionalData,
	};
	const release = await claimBinaryMode(plan.binaryMode ?? 'default');
	const context = new WebhookContext(
		workflow,
		node,
		additionalData,
		plan.mode ?? 'manual',
		webhookData,
		[],
		executionData ?? null,
	);
	return await webhook.call(context).finally(release);
}
