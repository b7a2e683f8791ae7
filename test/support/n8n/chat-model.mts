import { once } from 'node:events';
import http from 'node:http';

/**
 * A stand-in for an OpenAI-compatible chat model. It cannot think: it makes the tool calls that were
 * planned, one per answer, and then repeats the last tool's result as its own words.
 */
interface ChatModel {
	/** for the credential */
	baseUrl: string;
	/** bodies of all completions that were asked for, in order */
	requests: () => unknown[];
	/** the tools offered by the last of them */
	offers: () => object[];
	/** what tools told the model, in order */
	toolResults: () => string[];
	close: () => Promise<void>;
}

const contentOf = ({ content }) =>
	typeof content === 'string' ? content : content.map(({ text }) => text).join('');

const resultsIn = (body) =>
	(body?.messages ?? []).filter(({ role }) => role === 'tool').map(contentOf);

function nextMessage(plan: Array<{ tool: string; arguments: object }>, results: string[]) {
	const call = plan[results.length];
	if (call === undefined) return { role: 'assistant', content: `Done: ${results.at(-1)}` };
	const wanted = { name: call.tool, arguments: JSON.stringify(call.arguments) };
	const id = `call_${results.length + 1}`;
	return {
		role: 'assistant',
		content: null,
		tool_calls: [{ id, type: 'function', function: wanted }],
	};
}

const completion = (message) => ({
	id: 'completion',
	object: 'chat.completion',
	created: 1,
	model: 'stand-in',
	choices: [
		{ index: 0, message, finish_reason: message.tool_calls === undefined ? 'stop' : 'tool_calls' },
	],
	usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});

export async function startChatModel(
	plan: Array<{ tool: string; arguments: object }>,
): Promise<ChatModel> {
	const bodies = [];
	const server = http.createServer(async (request, response) => {
		let text = '';
		for await (const chunk of request) text += chunk;
		response.setHeader('content-type', 'application/json');
		if (request.url !== '/v1/chat/completions') {
			response.writeHead(404).end('{"error":{"message":"Only chat completions here"}}');
			return;
		}
		const body = JSON.parse(text);
		bodies.push(body);
		response.end(JSON.stringify(completion(nextMessage(plan, resultsIn(body)))));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		baseUrl: `http://127.0.0.1:${server.address().port}/v1`,
		requests: () => bodies,
		offers: () => bodies.at(-1).tools.map((tool) => tool.function),
		toolResults: () => resultsIn(bodies.at(-1)),
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}
