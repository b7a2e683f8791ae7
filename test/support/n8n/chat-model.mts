import { once } from 'node:events';
import http from 'node:http';
import { originOf } from '../origin.mts';
import { required } from '../required.mts';

/** A call of a tool that the model is to make. */
export interface PlannedCall {
	tool: string;
	arguments: object;
}

/** A tool as n8n offers it to the model. */
export interface ToolOffer {
	name: string;
	description: string;
	/** JSON Schema */
	parameters: { properties: Record<string, object> };
}

/** The part of a request for a completion that is read here. */
interface CompletionRequest {
	messages: Array<{ role: string; content: string | Array<{ text: string }> }>;
	tools: Array<{ function: ToolOffer }>;
}

/**
 * A stand-in for an OpenAI-compatible chat model. It cannot think: it makes the tool calls that were
 * planned, one per answer, and then repeats the last tool's result as its own words.
 */
export interface ChatModel {
	/** for the credential */
	baseUrl: string;
	/** bodies of all completions that were asked for, in order */
	requests: () => unknown[];
	/** the tools offered by the last of them */
	offers: () => ToolOffer[];
	/** what tools told the model, in order */
	toolResults: () => string[];
	close: () => Promise<void>;
}

const contentOf = ({ content }: CompletionRequest['messages'][number]): string =>
	typeof content === 'string' ? content : content.map(({ text }) => text).join('');

const resultsIn = ({ messages }: CompletionRequest): string[] =>
	messages.filter(({ role }) => role === 'tool').map(contentOf);

function nextChoice(plan: PlannedCall[], results: string[]): object {
	const call = plan.at(results.length);
	if (call === undefined) {
		const message = { role: 'assistant', content: `Done: ${results.at(-1)}` };
		return { index: 0, message, finish_reason: 'stop' };
	}
	const toolCall = {
		id: `call_${results.length + 1}`,
		type: 'function',
		function: { name: call.tool, arguments: JSON.stringify(call.arguments) },
	};
	const message = { role: 'assistant', content: null, tool_calls: [toolCall] };
	return { index: 0, message, finish_reason: 'tool_calls' };
}

export async function startChatModel(plan: PlannedCall[]): Promise<ChatModel> {
	const bodies: CompletionRequest[] = [];
	const server = http.createServer(async (request, response) => {
		let text = '';
		for await (const chunk of request) text += chunk;
		response.setHeader('content-type', 'application/json');
		if (request.url !== '/v1/chat/completions') {
			response.writeHead(404).end('{"error":{"message":"Only chat completions here"}}');
			return;
		}
		const body: CompletionRequest = JSON.parse(text);
		bodies.push(body);
		response.end(
			JSON.stringify({
				id: 'completion',
				object: 'chat.completion',
				created: 1,
				model: 'stand-in',
				choices: [nextChoice(plan, resultsIn(body))],
				usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
			}),
		);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const lastBody = () => required(bodies.at(-1), 'request for a completion');
	return {
		baseUrl: `${originOf(server)}/v1`,
		requests: () => bodies,
		offers: () => lastBody().tools.map((tool) => tool.function),
		toolResults: () => resultsIn(lastBody()),
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}
