import { createRequire } from 'node:module';
import path from 'node:path';
import { ensureN8n } from '../../../tools/n8n/index.mts';
import { readItem } from '../item.mts';
import type { Item } from '../item.mts';

/** The part of the official SDK of MCP that is used here; n8n ships it. */
interface McpSdk {
	Client: new (info: { name: string; version: string }) => SdkClient;
	StreamableHTTPClientTransport: new (url: URL) => object;
}

interface SdkClient {
	connect(transport: object): Promise<void>;
	listTools(): Promise<{ tools: McpTool[] }>;
	callTool(
		call: { name: string; arguments: object },
		schema: undefined,
		options: { timeout: number },
	): Promise<{ content: Array<{ text: string }>; isError?: boolean }>;
	close(): Promise<void>;
}

export interface McpTool {
	name: string;
	description: string;
	inputSchema: { properties: Record<string, object> };
}

/** A client as Claude or an editor has one. */
export interface McpClient {
	tools: () => Promise<McpTool[]>;
	/**
	 * @param timeoutMs after which the client gives up; real ones mostly after a minute
	 * @returns json of the item that the tool gave
	 * @throws what the tool reports as an error, and when the client gave up
	 */
	call: (tool: string, toolArguments: object, timeoutMs?: number) => Promise<Item>;
	close: () => Promise<void>;
}

/** Not while tests run at the same time: Jest then lets nothing be loaded. */
export async function loadMcp(): Promise<(url: string) => Promise<McpClient>> {
	const { dir } = await ensureN8n();
	const load = createRequire(path.join(dir, 'node_modules', 'n8n', 'package.json'));
	const { Client }: Pick<McpSdk, 'Client'> = load('@modelcontextprotocol/sdk/client/index.js');
	const { StreamableHTTPClientTransport }: Pick<McpSdk, 'StreamableHTTPClientTransport'> = load(
		'@modelcontextprotocol/sdk/client/streamableHttp.js',
	);
	return async (url) => {
		const client = new Client({ name: 'test', version: '1.0.0' });
		await client.connect(new StreamableHTTPClientTransport(new URL(url)));
		return {
			tools: async () => (await client.listTools()).tools,
			async call(name, toolArguments, timeout = 60_000) {
				const call = { name, arguments: toolArguments };
				const { content, isError } = await client.callTool(call, undefined, { timeout });
				const text = content.map((part) => part.text).join('');
				if (isError) throw new Error(text);
				const given: unknown = JSON.parse(text);
				return readItem(Array.isArray(given) ? given[0] : given);
			},
			close: async () => await client.close(),
		};
	};
}
