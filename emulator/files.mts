import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { ServerResponse } from 'node:http';
import type { Effects } from './misbehaviour.mts';
import type { Call } from './service.mts';

const CHUNK_BYTES = 64 * 1024;
const TICK_MS = 50;

const MEDIA = join(import.meta.dirname, 'media');
const SAMPLE = readFileSync(join(MEDIA, 'sample.mp4'));
const FTYP = SAMPLE.subarray(0, SAMPLE.readUInt32BE(0));

/** Bytes that do not compress, the same in every run. */
const NOISE = Buffer.concat(
	Array.from({ length: CHUNK_BYTES / 32 }, (_, index) =>
		createHash('sha256').update(`${index}`).digest(),
	),
);

/** Bytes of a content or file: `to` is the first one left out. */
interface Span {
	from: number;
	to: number;
}

interface Content {
	/** bytes */
	size: number;
	/** may give less */
	read: (span: Span) => Buffer;
}

const contentOf = (file: Buffer): Content => ({
	size: file.length,
	read: ({ from, to }) => file.subarray(from, Math.min(to, from + CHUNK_BYTES)),
});

const sample = contentOf(SAMPLE);

/** What hosts call the files of the folder `media`, by the ending. */
const TYPES: Record<string, string> = {
	jpg: 'image/jpeg',
	png: 'image/png',
	webp: 'image/webp',
	mp4: 'video/mp4',
	mov: 'video/quicktime',
	mp3: 'audio/mpeg',
	wav: 'audio/wav',
};

export const hasMedia = (name: string): boolean => existsSync(join(MEDIA, name));

/** What a call asks for, and what it is called. */
function contentFor({ bytes, media }: Call, { endless }: Effects): [Content, type: string] {
	if (media !== undefined && !endless) {
		const type = TYPES[extname(media).slice(1)] ?? 'application/octet-stream';
		return [contentOf(readFileSync(join(MEDIA, media))), type];
	}
	const size = endless ? Infinity : bytes;
	return [size === undefined ? sample : generated(size), 'video/mp4'];
}

/**
 * A file of any size that takes no memory: an MP4's first boxes, then one block over and over.
 *
 * @param size bytes; Infinity for a file without an end
 */
function generated(size: number): Content {
	const mdat = Buffer.alloc(16);
	mdat.writeUInt32BE(1, 0);
	mdat.write('mdat', 4, 'latin1');
	if (Number.isFinite(size)) mdat.writeBigUInt64BE(BigInt(Math.max(16, size - FTYP.length)), 8);
	const block = Buffer.concat([FTYP, mdat, NOISE]).subarray(0, CHUNK_BYTES);
	const read = ({ from, to }: Span) => {
		const start = from % CHUNK_BYTES;
		return block.subarray(start, Math.min(CHUNK_BYTES, start + to - from));
	};
	return { size, read };
}

/** @returns undefined when the range cannot be met */
function parseRange(header: string, size: number): Span | undefined {
	const match = /^bytes=(\d*)-(\d*)$/.exec(header);
	if (!match || (!match[1] && !match[2])) return undefined;
	const last = match[2] ? Math.min(Number(match[2]), size - 1) : size - 1;
	const from = match[1] ? Number(match[1]) : Math.max(0, size - Number(match[2]));
	const to = (match[1] ? last : size - 1) + 1;
	return from < to ? { from, to } : undefined;
}

/** Settles when the reader has caught up or has gone. */
function drained(response: ServerResponse): Promise<void> {
	return new Promise((resolve) => {
		const done = () => {
			response.off('drain', done).off('close', done);
			resolve();
		};
		response.on('drain', done).on('close', done);
	});
}

/** Writes bytes as fast as the reader takes them, or at a given pace. */
async function pour(
	response: ServerResponse,
	content: Content,
	{ from, to }: Span,
	bytesPerSecond?: number,
) {
	const step = bytesPerSecond
		? Math.max(1, Math.round((bytesPerSecond * TICK_MS) / 1000))
		: CHUNK_BYTES;
	let position = from;
	while (position < to && !response.destroyed) {
		const chunk = content.read({ from: position, to: Math.min(to, position + step) });
		position += chunk.length;
		if (!response.write(chunk)) await drained(response);
		if (bytesPerSecond) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
	}
}

function redirect(response: ServerResponse, call: Call, { redirects = 0, redirectTo }: Effects) {
	const query = new URLSearchParams(call.query);
	query.set('redirects', String(redirects - 1));
	response.writeHead(302, { location: redirectTo ?? `${call.path}?${query}`, 'content-length': 0 });
	response.end();
}

/**
 * Serves a file. What can go wrong with one is asked for in the URL's query or by a rule, under
 * the same names: see README.md.
 */
export async function serve(response: ServerResponse, call: Call, effects: Effects) {
	if (effects.redirectTo || effects.redirects) return redirect(response, call, effects);
	const [content, type] = contentFor(call, effects);
	const asked = effects.ignoreRange ? undefined : call.range;
	const range = asked ? parseRange(asked, content.size) : undefined;
	const { from, to } = range ?? { from: 0, to: content.size };
	if (asked && !range) {
		response.writeHead(416, { 'content-range': `bytes */${content.size}` });
		return response.end();
	}
	const headers: Record<string, string | number> = {
		'content-type': effects.contentType ?? type,
	};
	if (!effects.ignoreRange) headers['accept-ranges'] = 'bytes';
	if (Number.isFinite(to) && !effects.noLength) headers['content-length'] = to - from;
	if (range) headers['content-range'] = `bytes ${from}-${to - 1}/${content.size}`;
	response.writeHead(range ? 206 : 200, { ...headers, ...effects.headers });
	if (call.method === 'HEAD') return response.end();

	const end = effects.cut ? from + Math.floor((to - from) / 2) : to;
	await pour(response, content, { from, to: end }, effects.bytesPerSecond);
	if (effects.cut) return response.write('', () => response.socket?.destroy());
	return response.end();
}

/** Effects asked for in a file's URL. */
export function switches(query: URLSearchParams): Effects {
	const text = (name: string) => query.get(name) ?? undefined;
	const number = (name: string) => (query.has(name) ? Number(query.get(name)) : undefined);
	const has = (name: string) => query.has(name) || undefined;
	return {
		httpStatus: number('httpStatus'),
		contentType: text('contentType'),
		delayMs: number('delayMs'),
		reset: has('reset'),
		cut: has('cut'),
		html: has('html'),
		redirects: number('redirects'),
		redirectTo: text('redirectTo'),
		endless: has('endless'),
		bytesPerSecond: number('bytesPerSecond'),
		noLength: has('noLength'),
		ignoreRange: has('ignoreRange'),
	};
}
