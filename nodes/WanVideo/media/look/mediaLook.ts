import type { MediaFacts } from './facts';
import { readerOf } from './readers';
import { MAX_TAKE_BYTES, type OpenFile, type Reading, type Step } from './reading';
import { HEAD_BYTES } from './sniff';

/** A file with more boxes or frames than this is made to keep its reader busy. */
const MAX_STEPS = 200_000;

const NO_BYTES = Buffer.alloc(0);

/**
 * Tells what a file is while its bytes pass by: pushed in order, in pieces of any size, from a
 * stream, a buffer, or parts of a file. Keeps no more than one header at a time, and never throws,
 * whatever the bytes are.
 */
export class MediaLook implements OpenFile {
	readonly facts: MediaFacts = {};

	position = 0;

	size: number | undefined;

	/** Whether further bytes would tell nothing more, but how many they are. */
	isDone = false;

	/** The first bytes, until there are enough of them to tell the format. */
	private head = NO_BYTES;

	private reading: Reading | undefined;

	private steps = 0;

	/** How many bytes the reader waits for. */
	private missing = 0;

	/** Where they are kept for it; undefined if it passes over them. */
	private held: Buffer | undefined;

	get isWhole(): boolean {
		return this.size === this.position;
	}

	/** Where the next byte stands that may tell something. */
	get next(): number {
		if (this.reading === undefined) return this.head.length;
		return this.held === undefined ? this.position + this.missing : this.position;
	}

	/** The next bytes of the file. */
	push(chunk: Uint8Array): void {
		if (this.reading !== undefined) return this.feed(chunk);
		this.head = Buffer.concat([this.head, chunk]);
		if (this.head.length >= HEAD_BYTES) this.open();
	}

	/** Leaves out the bytes before `next`, which is where the bytes stand that are pushed then. */
	skipAhead(): void {
		if (this.reading === undefined || this.held !== undefined) return;
		this.position = this.next;
		this.missing = 0;
		this.feed(NO_BYTES);
	}

	/** Says that the whole file was pushed. */
	end(): void {
		if (this.reading === undefined) this.open();
		this.stop(this.position);
	}

	/**
	 * Says that no more bytes are pushed, although the file may go on.
	 *
	 * @param size bytes of the whole file; undefined if it is not known
	 */
	stop(size: number | undefined): void {
		if (this.reading === undefined) this.open();
		this.size = size;
		if (size !== undefined) this.facts.sizeBytes = size;
		this.reading?.return();
		this.isDone = true;
	}

	private open(): void {
		const { head } = this;
		this.head = NO_BYTES;
		this.reading = readerOf(this, head);
		this.feed(head);
	}

	private feed(chunk: Uint8Array): void {
		let rest = chunk;
		while (!this.isDone && (rest.length > 0 || this.missing === 0)) {
			const count = Math.min(this.missing, rest.length);
			this.held?.set(rest.subarray(0, count), this.held.length - this.missing);
			this.missing -= count;
			this.position += count;
			rest = rest.subarray(count);
			if (this.missing === 0) this.goOn();
		}
		this.position += rest.length;
	}

	/** Runs the reader up to its next step, or ends it. */
	private goOn(): void {
		const step = this.nextStep();
		this.steps += 1;
		if (step === undefined || this.steps > MAX_STEPS) return this.giveUp();
		const bytes = 'take' in step ? step.take : step.skip;
		const limit = 'take' in step ? MAX_TAKE_BYTES : Number.MAX_SAFE_INTEGER;
		if (!(bytes >= 0 && bytes <= limit)) return this.giveUp();
		this.held = 'take' in step ? Buffer.alloc(bytes) : undefined;
		this.missing = bytes;
	}

	/** Ends the reader before the size is known, so that it concludes nothing from it. */
	private giveUp(): void {
		this.isDone = true;
		this.held = undefined;
		this.missing = 0;
		this.reading?.return();
	}

	private nextStep(): Step | undefined {
		try {
			const { done, value } = this.reading?.next(this.held ?? NO_BYTES) ?? {};
			return done === false ? value : undefined;
		} catch {
			// A fault of a reader must not cost the file that is on its way.
			return undefined;
		}
	}
}
