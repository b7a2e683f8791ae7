import type { RequestContext } from '../../apixo/connection';
import { type FileRules, openPart } from '../../apixo/files';
import type { StreamResponse } from '../../apixo/streams';
import { withTimeout } from '../../shared/signals';
import { parseUrl } from '../../shared/urls';
import type { MediaFacts } from '../media/look/facts';
import { MediaLook } from '../media/look/mediaLook';

/** The first bytes tell most; a film whose index stands at its end takes a second part. */
const PART_BYTES = 65_536;
const MAX_PARTS = 4;

/** For all parts of one address. Then it is not known, and the item goes on. */
const TIMEOUT_MS = 8_000;

/** What was seen at an address. Both are undefined if nothing can be said from here. */
export interface Seen {
	facts?: MediaFacts;
	/** Why it surely holds no file, as the rest of a sentence that starts with the field's name. */
	fault?: string;
}

const NOTHING: Seen = {};

/** Bytes that are nothing known say nothing for certain, unless there are none. */
const certain = (seen: Seen): Seen =>
	seen.facts?.format === undefined && seen.facts?.sizeBytes !== 0 ? { fault: seen.fault } : seen;

/** What a host says when there is no such file. */
const GONE = [404, 410];

const header = ({ headers }: StreamResponse, name: string): string => String(headers[name] ?? '');

/** The size of the whole file, as its host says; undefined if it does not. */
function wholeSize(response: StreamResponse): number | undefined {
	const text =
		response.statusCode === 200
			? header(response, 'content-length')
			: (/\/(\d+)$/.exec(header(response, 'content-range'))?.[1] ?? '');
	return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Where the bytes of a response begin within the file; undefined if it holds none of it. */
function startOf(response: StreamResponse): number | undefined {
	if (response.statusCode === 200) return 0;
	const start = /^bytes (\d+)-/.exec(header(response, 'content-range'))?.[1];
	return response.statusCode === 206 && start !== undefined ? Number(start) : undefined;
}

/** Looks at a body, as far as it is worth it, and ends it. @returns whether it was read to its end */
async function lookAt(look: MediaLook, { body }: StreamResponse): Promise<boolean> {
	let bytes = 0;
	for await (const chunk of body as AsyncIterable<Buffer>) {
		bytes += chunk.length;
		look.push(chunk);
		// Leaving the loop ends the stream, which a host that knows no parts would send whole.
		if (look.isDone || bytes >= PART_BYTES) return false;
	}
	return true;
}

/** Looks at the media of a batch where they are, each address once. Nothing here throws. */
export class AddressLooks {
	private readonly seen = new Map<string, Promise<Seen>>();

	/** Hosts that did not answer: a batch does not wait for them again. */
	private readonly silent = new Set<string>();

	constructor(
		private readonly context: RequestContext,
		private readonly rules: Pick<FileRules, 'allowLocal'>,
		private readonly signal: AbortSignal,
	) {}

	async at(url: string): Promise<Seen> {
		const earlier = this.seen.get(url);
		if (earlier !== undefined) return await earlier;
		const seen = this.see(url).then(certain);
		this.seen.set(url, seen);
		return await seen;
	}

	private async see(url: string): Promise<Seen> {
		const host = parseUrl(url)?.host ?? '';
		if (this.silent.has(host) || this.signal.aborted) return NOTHING;
		const look = new MediaLook();
		try {
			return await withTimeout(
				this.signal,
				TIMEOUT_MS,
				async (signal) => await this.read(url, look, signal),
			);
		} catch {
			// What was seen until then holds all the same.
			if (look.next === 0) this.silent.add(host);
			look.stop(undefined);
			return { facts: look.facts };
		}
	}

	private async read(url: string, look: MediaLook, signal: AbortSignal): Promise<Seen> {
		let size: number | undefined;
		for (let parts = 0; parts < MAX_PARTS && !look.isDone; parts += 1) {
			const from = look.next;
			if (size !== undefined && from >= size) break;
			const part = { from, bytes: PART_BYTES };
			const opened = await openPart(this.context, url, this.rules, part, signal);
			if (!opened.ok) return NOTHING;
			const { statusCode, body } = opened.value;
			size ??= wholeSize(opened.value);
			if (startOf(opened.value) !== from) {
				body.destroy();
				if (from > 0) break;
				if (!GONE.includes(statusCode)) return size === 0 ? { facts: { sizeBytes: 0 } } : NOTHING;
				return { fault: `is not there: its host answers with HTTP status ${statusCode}` };
			}
			look.skipAhead();
			const isWhole = await lookAt(look, opened.value);
			if (isWhole && statusCode === 200) size ??= look.next;
		}
		look.stop(size);
		return { facts: look.facts };
	}
}
