import type { IExecuteFunctions } from 'n8n-workflow';
import type { Clock } from '../../shared/clock';
import { messageOf } from '../../shared/values';

/**
 * How many submissions n8n keeps of each node; the oldest go first. n8n reads and writes all of them
 * each time: some 3 ms for so many, for all that begins at once.
 */
const MAX_ENTRIES = 5_000;

/** About how many submissions a Retry asks ahead; far fewer than are kept, since it writes them down. */
const MAX_ASKED = 1_000;

const OPTIONS = { mode: 'entries', maxEntries: MAX_ENTRIES } as const;

/**
 * When an entry is looked for again: at least after so many milliseconds, and after so many times
 * what writing took. Another process may have read all entries before this one wrote, and overwrite
 * them after; by then it should have done so.
 */
const LOOK_AGAIN = { ms: 30, times: 4 };

/** How often at most. */
const MAX_LOOKS = 6;

type Write = 'record' | 'release';

/** Which entries had been written down before; undefined if the database failed. */
type Known = Set<string> | undefined;

/** Entries that are written together, when their turn has come. */
interface Batch {
	entries: string[];
	known: Promise<Known>;
}

/** Of this process, by node and kind. */
const waiting = new Map<string, Batch>();

/** n8n reads all entries of a node and writes them back, so two writes at once would lose one. */
let turn: Promise<unknown> = Promise.resolve();

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
	const mine = turn.then(work);
	turn = mine;
	return await mine;
}

/** What an execution has in common with those that repeat it. */
export interface Lineage {
	id: string;
	/** Whether no other execution has it, and this one has had it since it was begun. */
	isSure: boolean;
}

/**
 * Which submissions were begun, by an execution and by those that repeat it. The memory of tasks is
 * saved when n8n saves the execution; should n8n be killed before, a Retry starts with an older one.
 * What stands here is in n8n's database before the submission is sent. It says that there was one,
 * but not of which task: so what the memory does not know is not submitted again.
 *
 * This is what n8n's node Remove Duplicates uses (seen on n8n 2.41.1, 2.30.8 and 1.123.81): by node,
 * as hashes, the newest ones. To look something up is to write it down. Nothing keeps two processes
 * (workers) from overwriting each other's, so each entry is looked for until it stands.
 */
export class Journal {
	constructor(
		private readonly context: IExecuteFunctions,
		readonly lineage: Lineage,
		private readonly clock: Clock,
	) {}

	/** @returns false if it had been begun before */
	async begin(submission: string): Promise<boolean> {
		const { lineage, context } = this;
		const entry = this.entryOf(submission);
		const known = await this.write('record', entry);
		if (known === undefined) return true;
		const isMine = lineage.isSure || context.getMode() === 'retry';
		return !isMine || !known.has(entry);
	}

	/** For a submission that APIXO has refused: nothing was paid. */
	async release(submission: string): Promise<void> {
		await this.write('release', this.entryOf(submission));
	}

	/** Which of these the executions before have begun, if this one is a Retry. */
	async begunBefore(submissions: string[]): Promise<Set<string>> {
		if (this.context.getMode() !== 'retry') return new Set();
		const asked = submissions.slice(0, MAX_ASKED);
		const entries = asked.map((submission) => this.entryOf(submission));
		const known = (await this.write('record', ...entries)) ?? new Set();
		await this.write('release', ...entries.filter((entry) => !known.has(entry)));
		return new Set(asked.filter((_, index) => known.has(entries[index])));
	}

	private entryOf(submission: string): string {
		return `${this.lineage.id}.${submission}`;
	}

	private async write(kind: Write, ...entries: string[]): Promise<Known> {
		const row = `${this.context.getWorkflow().id}.${this.context.getNode().id}.${kind}`;
		const batch = waiting.get(row);
		if (batch !== undefined) {
			batch.entries.push(...entries);
			return await batch.known;
		}
		const all = [...entries];
		const written = inTurn(async () => {
			waiting.delete(row);
			return await this.writeNow(kind, all);
		});
		const known = kind === 'record' ? this.untilAllStand(all, written) : written;
		waiting.set(row, { entries: all, known });
		return await known;
	}

	/** The times are drawn, so that two processes do not keep meeting. */
	private async untilAllStand(entries: string[], written: Promise<Known>): Promise<Known> {
		const { clock } = this;
		const startedAt = clock.now();
		const known = await written;
		if (known === undefined || entries.length === 0) return known;
		const leastMs = Math.max(LOOK_AGAIN.ms, LOOK_AGAIN.times * (clock.now() - startedAt));
		for (let look = 0; look < MAX_LOOKS; look += 1) {
			await clock.sleep(leastMs * (1 + Math.random()));
			const standing = await inTurn(async () => await this.writeNow('record', entries));
			if (standing === undefined || standing.size === new Set(entries).size) break;
		}
		return known;
	}

	/** Whatever happens to the journal must not stop a submission. */
	private async writeNow(kind: Write, entries: string[]): Promise<Known> {
		const { helpers, logger } = this.context;
		const attempt = async () => {
			if (kind === 'release') await helpers.removeProcessed(entries, 'node', OPTIONS);
			if (kind === 'release' || entries.length === 0) return new Set<string>();
			const { processed } = await helpers.checkProcessedAndRecord(entries, 'node', OPTIONS);
			return new Set(processed.map(String));
		};
		try {
			// Of two processes that write the first entry of a node, one fails.
			return await attempt().catch(attempt);
		} catch (error) {
			logger.warn(`Wan Video could not note a submission in the database: ${messageOf(error)}`);
			return undefined;
		}
	}
}
