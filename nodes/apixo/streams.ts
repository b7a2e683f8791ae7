export type Stream = import('node:stream').Readable;

/** What n8n's request helpers give when they are asked for a stream and the whole response. */
export interface StreamResponse {
	statusCode: number;
	headers: Record<string, unknown>;
	body: Stream;
}

/** Tells of each chunk that passes through a stream, without starting its flow, as `on` would. */
export function onChunk(stream: Stream, tell: (chunk: Buffer) => void): void {
	stream.prependListener('data', tell);
}

/**
 * Reads a body as text, up to so many bytes: a broken service could send without end, and a small
 * compressed body may hold gigabytes.
 *
 * @returns undefined if it is longer
 */
export async function readText(stream: Stream, maxBytes: number): Promise<string | undefined> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of stream as AsyncIterable<Buffer>) {
		bytes += chunk.length;
		// Leaving the loop destroys the stream.
		if (bytes > maxBytes) return undefined;
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString('utf8');
}
