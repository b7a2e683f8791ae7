import type { IWebhookFunctions } from 'n8n-workflow';
import { type Clock, systemClock } from '../time/clock';

/** How long a callback passes whose caller is gone, so that its end cannot be seen; milliseconds. */
const UNSEEN_MS = 2_000;

type Response = ReturnType<IWebhookFunctions['getResponseObject']>;

/**
 * Lets a few callbacks through at a time, each until n8n has answered it, which is when it has
 * started or resumed the execution. If hundreds come at once, n8n would begin all of them, run out
 * of connections to its database, and fail executions whose tasks are paid for.
 *
 * Nobody is turned away: APIXO delivers again if it has to wait too long, but only so often.
 */
export class Turnstile {
	private passing = 0;

	private readonly waiting: Array<() => void> = [];

	/** @param limit how many may pass at once */
	constructor(
		private readonly limit: number,
		private readonly clock: Clock = systemClock,
	) {}

	/** Waits for a callback's turn. */
	async pass(response: Response): Promise<void> {
		if (this.passing < this.limit) this.passing += 1;
		else await new Promise<void>((resolve) => this.waiting.push(resolve));
		if (response.closed) void this.clock.sleep(UNSEEN_MS).then(() => this.next());
		else response.once('close', () => this.next());
	}

	private next(): void {
		const call = this.waiting.shift();
		if (call === undefined) this.passing -= 1;
		else call();
	}
}

/** For all callbacks of this process. */
export const turnstile = new Turnstile(10);
