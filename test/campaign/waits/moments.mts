import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestEntry } from '../../../emulator/index.mts';
import type { Draw } from '../draw.mts';

const POLL_MS = 20;

/** How long a moment is waited for. */
const PATIENCE_MS = 45_000;

/** By what a request must be for the kill to meet it. */
type Moment = [name: string, isMet: (entry: RequestEntry) => boolean];

const ANY_TIME = 'at any time';

/**
 * When to kill: anywhere, or as soon as n8n is at something that takes little of its time.
 *
 * @param isOfLaterRound whether a submission is one of a later round of a loop
 */
const momentsOf = (isOfLaterRound: (entry: RequestEntry) => boolean): Moment[] => [
	[ANY_TIME, () => true],
	[ANY_TIME, () => true],
	['while submitting', ({ kind }) => kind === 'submit'],
	['while submitting for a later round', isOfLaterRound],
	['while polling', ({ kind }) => kind === 'status'],
	['while downloading', ({ kind }) => kind === 'file'],
];

/** Waits for the moment of a kill. @returns what it was */
export async function awaitMoment(
	requests: () => RequestEntry[],
	isOfLaterRound: (entry: RequestEntry) => boolean,
	draw: Draw,
): Promise<string> {
	const [name, isMet] = draw.one(momentsOf(isOfLaterRound));
	const until = Date.now() + PATIENCE_MS;
	while (name !== ANY_TIME && Date.now() < until) {
		if (requests().some((entry) => entry.endedAt === undefined && isMet(entry))) return name;
		await sleep(POLL_MS);
	}
	return ANY_TIME;
}
