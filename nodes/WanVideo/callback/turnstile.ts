import type { IWebhookFunctions } from 'n8n-workflow';
import { type Clock, systemClock } from '../time/clock';

/** APIXO gives up after 30 s and delivers again; milliseconds. */
const LONGEST_WAIT_MS = 20_000;

type Response = ReturnType<IWebhookFunctions['getResponseObject']>;

/**
 * Lets a few callbacks through at a time, each until n8n has answered it, which is when it has
 * started or resumed the execution. If hundreds come at once, n8n would begin all of them, run out
 * of connections to its database, and fail executions whose tasks are paid for.
 */
export class Turnstile {
	private passing = 0;

	private readonly waiting = new Set<() => void>();

	/** @param limit how many may pass at once */
	constructor(
		private readonly limit: number,
		private readonly clock: Clock = systemClock,
	) {}

	/**
	 * Waits for a callback's turn.
	 * @returns false if it did not come in time: the callback is to be delivered again
	 */
	async pass(response: Response): Promise<boolean> {
		if (this.passing < this.limit) this.passing += 1;
		else if (!(await this.turn())) return false;
		// Whoever called may be gone by now.
		if (response.closed) this.next();
		else response.once('close', () => this.next());
		return true;
	}

	private async turn(): Promise<boolean> {
		let call = () => {};
		const called = new Promise<boolean>((resolve) => {
			call = () => resolve(true);
		});
		this.waiting.add(call);
		const late = this.clock.sleep(LONGEST_WAIT_MS).then(() => !this.waiting.delete(call));
		return await Promise.race([called, late]);
	}

	private next(): void {
		const [call] = this.waiting;
		if (call === undefined) {
			this.passing -= 1;
		} else {
			this.waiting.delete(call);
			call();
		}
	}
}

/** Of all callbacks of this process. */
export const turnstile = new Turnstile(10);
