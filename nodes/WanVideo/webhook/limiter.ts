import type { IWebhookFunctions } from 'n8n-workflow';
import type { Clock } from '../../shared/clock';

/** How long a callback counts as under way whose caller is gone, so that its end cannot be seen. */
const UNSEEN_MS = 2_000;

type Response = ReturnType<IWebhookFunctions['getResponseObject']>;

/**
 * Admits a few callbacks at a time, each until n8n has answered it, which is when it has started or
 * resumed the execution. If hundreds come at once, n8n would begin all of them, run out of
 * connections to its database, and fail executions whose tasks are paid for.
 *
 * Nobody is turned away: APIXO delivers again if it has to wait too long, but only so often.
 */
export class CallbackLimiter {
	private admitted = 0;

	private readonly queue: Array<() => void> = [];

	/** @param limit how many may be under way at once */
	constructor(private readonly limit: number) {}

	/** Waits until a callback may go on. */
	async admit(response: Response, clock: Clock): Promise<void> {
		if (this.admitted < this.limit) this.admitted += 1;
		else await new Promise<void>((resolve) => this.queue.push(resolve));
		if (response.closed) void clock.sleep(UNSEEN_MS).then(() => this.next());
		else response.once('close', () => this.next());
	}

	private next(): void {
		const call = this.queue.shift();
		if (call === undefined) this.admitted -= 1;
		else call();
	}
}

/** For all callbacks of this process. */
export const callbackLimiter = new CallbackLimiter(10);
