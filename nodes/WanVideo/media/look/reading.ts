import type { MediaFacts } from './facts';

/** What a reader waits for: bytes that it wants to see, or bytes that it passes over. */
export type Step = { take: number } | { skip: number };

/**
 * A reader of one format. It runs as far as the bytes go, and is ended wherever they end: what it
 * has noted by then is all that is known. What can be said at the end only, it notes in `finally`.
 */
export type Reading = Generator<Step, void, Buffer>;

/** The file that a reader reads. */
export interface OpenFile {
	/** Where it notes what it finds, once that is certain. */
	readonly facts: MediaFacts;
	/** How many bytes lie behind. */
	readonly position: number;
	/** How many bytes the file has. Known at its end, if at all. */
	readonly size: number | undefined;
	/** At the end: whether all bytes were pushed. */
	readonly isWhole: boolean;
}

export type Reader = (file: OpenFile) => Reading;

/** No header is longer. A file that asks for more cannot be read. */
export const MAX_TAKE_BYTES = 65_536;

/** The next bytes. */
export function* take(bytes: number): Generator<Step, Buffer, Buffer> {
	return yield { take: bytes };
}

export function* skip(bytes: number): Generator<Step, void, Buffer> {
	yield { skip: bytes };
}
