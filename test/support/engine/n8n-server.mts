import { once } from 'node:events';
import http from 'node:http';
import { originOf } from '../origin.mts';
import { ActiveWorkflow } from './active-workflow.mts';
import { Execution } from './executions.mts';
import { expressResponse, parseCall } from './webhook.mts';
import type { RunOptions } from './run-options.mts';
import type { ExpressResponse, WebhookAnswer } from './webhook.mts';

export interface N8nStandIn {
	origin: string;
	/** Starts an execution that may be parked. */
	start: (plan: RunOptions) => Execution;
	/** Publishes a workflow whose trigger is `Tested`. @param plan options of its runs */
	activate: (plan: RunOptions) => ActiveWorkflow;
	close: () => Promise<void>;
}

/** What n8n answers when the node leaves it to n8n. */
const defaultAnswer = ({ workflowData }: WebhookAnswer) =>
	workflowData ? { message: 'Workflow was started' } : { message: 'Webhook call received' };

/**
 * Starts the part of n8n that is called from outside, on loopback: it resumes parked executions, and
 * starts the workflows of webhook triggers.
 */
export async function startN8n(): Promise<N8nStandIn> {
	const executions = new Map<string, Execution>();
	const workflows = new Map<string, ActiveWorkflow>();

	async function handle(
		request: http.IncomingMessage,
		response: ExpressResponse,
	): Promise<ExpressResponse | undefined> {
		const refuse = (status: number, message: string) => response.status(status).json({ message });
		const { pathname, searchParams } = new URL(request.url ?? '', 'http://n8n');
		const [, kind, id, path = ''] = pathname.split('/');
		const execution = kind === 'webhook-waiting' ? executions.get(id) : undefined;
		const workflow = kind === 'webhook-waiting' ? undefined : workflows.get(id);
		const receiver = execution ?? workflow;
		if (!receiver) return refuse(404, 'Nothing is waiting here');
		const refusal = execution?.refusal(searchParams.get('signature'));
		if (refusal) return refuse(...refusal);
		response.on('finish', () => workflow?.answers.push(response.statusCode));
		const call = await parseCall(request);
		if (!call) return refuse(422, 'Failed to parse request body');
		const answer = await receiver.call(call, response, path);
		if (answer.noWebhookResponse) return undefined;
		if (answer.status) response.status(answer.status);
		return response.json(answer.webhookResponse ?? defaultAnswer(answer));
	}

	const server = http.createServer((request, plain) => {
		const response = expressResponse(plain);
		// n8n answers 500 when a node's webhook() throws; tests see it as a failed delivery.
		handle(request, response).catch((error: Error) =>
			response.status(500).json({ message: error.message }),
		);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const origin = originOf(server);

	return {
		origin,
		start(plan) {
			const execution = new Execution({ resumeOrigin: origin, ...plan });
			executions.set(execution.id, execution);
			return execution;
		},
		activate(plan) {
			const id = String(workflows.size + 1);
			const settings: RunOptions = { resumeOrigin: origin, mode: 'webhook', ...plan };
			const workflow = new ActiveWorkflow(settings, `${origin}/webhook/${id}`);
			workflows.set(id, workflow);
			return workflow;
		},
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}
