import { setImmediate as turn } from 'node:timers/promises';

/**
 * A clock for the node's own code that jumps from one sleeper to the next: hours pass in
 * milliseconds, and nothing on the machine disturbs them.
 */
export class VirtualClock {
	time;
	sleepers;

	constructor() {
		this.time = 0;
		this.sleepers = [];
	}

	now() {
		return this.time;
	}

	async sleep(ms: number) {
		await new Promise((wake) => this.sleepers.push({ at: this.time + ms, wake }));
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
