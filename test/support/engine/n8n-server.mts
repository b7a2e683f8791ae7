import http from 'node:http';
import { ActiveWorkflow } from './active-workflow.mts';
import { Execution } from './executions.mts';
import { expressResponse, parseCall } from './webhook.mts';

/** Who a URL of this n8n belongs to, or an HTTP status and words to refuse the call with. */
function receiver({ executions, workflows }, request) {
	const { pathname, searchParams } = new URL(request.url, 'http://n8n');
	const [, kind, id] = pathname.split('/');
	const known = kind === 'webhook-waiting' ? executions : workflows;
	const found = known.get(id);
	if (!found) return { refused: [404, 'Nothing is waiting here'] };
	return { found, refused: found.refusal?.(searchParams.get('signature')) };
}

/** What n8n answers when the node leaves it to n8n. */
const defaultAnswer = ({ workflowData }) =>
	workflowData ? { message: 'Workflow was started' } : { message: 'Webhook call received' };

/**
 * Starts the part of n8n that is called from outside, on loopback: it resumes parked executions, and
 * starts the workflows of webhook triggers.
 */
export async function startN8n() {
	const registers = { executions: new Map(), workflows: new Map() };

	async function handle(request, response) {
		const { found, refused } = receiver(registers, request);
		if (refused) return response.status(refused[0]).json({ message: refused[1] });
		response.on('finish', () => found.answers?.push(response.statusCode));
		if (!(await parseCall(request))) {
			return response.status(422).json({ message: 'Failed to parse request body' });
		}
		const answer = await found.call(request, response);
		if (answer.noWebhookResponse) return undefined;
		if (answer.status) response.status(answer.status);
		return response.json(answer.webhookResponse ?? defaultAnswer(answer));
	}

	const server = http.createServer((request, plain) => {
		const response = expressResponse(plain);
		// n8n answers 500 when a node's webhook() throws; tests see it as a failed delivery.
		handle(request, response).catch((error) =>
			response.status(500).json({ message: error.message }),
		);
	});
	await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
	const origin = `http://127.0.0.1:${server.address().port}`;

	return {
		origin,
		/** @param plan options of a run */
		start(plan: object): Execution {
			const execution = new Execution({ resumeOrigin: origin, ...plan });
			registers.executions.set(execution.id, execution);
			return execution;
		},
		/** @param plan options of its runs */
		activate(plan: object): ActiveWorkflow {
			const id = String(registers.workflows.size + 1);
			const settings = { resumeOrigin: origin, mode: 'webhook', ...plan };
			const workflow = new ActiveWorkflow(settings, `${origin}/webhook/${id}`);
			registers.workflows.set(id, workflow);
			return workflow;
		},
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
