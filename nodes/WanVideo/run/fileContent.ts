import { createHash } from 'crypto';
import type { Stream } from '../../apixo/streams';
import type { Format, MediaFacts } from '../media/look/facts';
import { MediaLook } from '../media/look/mediaLook';

/** What a file holds. */
export interface FileContent {
	/** The same for the same bytes, and for no others. */
	hash: string;
	facts: MediaFacts;
}

/** Types by which the formats that the model takes are told to whoever fetches them. */
const MIME_TYPES: { [format in Format]?: string } = {
	JPEG: 'image/jpeg',
	PNG: 'image/png',
	BMP: 'image/bmp',
	WEBP: 'image/webp',
	MP4: 'video/mp4',
	MOV: 'video/quicktime',
	MP3: 'audio/mpeg',
	WAV: 'audio/wav',
};

/** The type of a file by its bytes; undefined if they tell none. */
export const mimeTypeOf = ({ facts: { format } }: FileContent): string | undefined =>
	format && MIME_TYPES[format];

/** Reads a file to its end, keeping no more than a piece of it at a time. */
export async function readContent(
	content: Buffer | Stream,
	signal: AbortSignal,
): Promise<FileContent> {
	const hash = createHash('sha256');
	const look = new MediaLook();
	const pieces = Buffer.isBuffer(content) ? [content] : (content as AsyncIterable<Buffer>);
	for await (const piece of pieces) {
		signal.throwIfAborted();
		hash.update(piece);
		look.push(piece);
	}
	look.end();
	return { hash: hash.digest('hex').slice(0, 24), facts: look.facts };
}
