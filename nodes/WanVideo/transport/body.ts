export type Stream = import('node:stream').Readable;

/**
 * Reads an answer as text, no further than so many bytes: a broken service could send without end,
 * and a small compressed answer may hold gigabytes.
 * @returns undefined if it is longer
 */
export async function readText(stream: Stream, maxBytes: number): Promise<string | undefined> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of stream as AsyncIterable<Buffer>) {
		bytes += chunk.length;
		// Leaving the loop ends the stream.
		if (bytes > maxBytes) return undefined;
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString('utf8');
}
