import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../../nodes/shared/clock.ts';

interface Sleeper {
	/** milliseconds of this clock */
	at: number;
	wake: () => void;
}

/**
 * A clock for the node's own code that jumps from one sleeper to the next: hours pass in
 * milliseconds, and nothing on the machine disturbs them.
 */
export class VirtualClock implements Clock {
	private time = 0;
	private sleepers: Sleeper[] = [];

	now(): number {
		return this.time;
	}

	async sleep(ms: number) {
		await new Promise<void>((wake) => this.sleepers.push({ at: this.time + ms, wake }));
	}

	/**
	 * Lets time pass until the work is done.
	 *
	 * @throws when it waits for something else than this clock
	 */
	async run(work: Promise<unknown>) {
		let isDone = false;
		const ending = work.finally(() => (isDone = true));
		for (await turn(); !isDone; await turn()) {
			if (this.sleepers.length === 0) throw new Error('Nothing left to wait for');
			this.time = Math.min(...this.sleepers.map(({ at }) => at));
			const due = this.sleepers.filter(({ at }) => at <= this.time);
			this.sleepers = this.sleepers.filter(({ at }) => at > this.time);
			for (const { wake } of due) wake();
		}
		await ending;
	}
}
