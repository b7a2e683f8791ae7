/** The longest time that Node can wait; anything longer would fire at once. */
const MAX_MS = 2 ** 31 - 1;

/** Timers that end with their owner, so that nothing keeps a process alive or fires too late. */
export class Timers {
	private readonly pending = new Map<NodeJS.Timeout, () => void>();

	after(ms: number, action: () => void) {
		const fire = () => {
			clearTimeout(timer);
			this.pending.delete(timer);
			action();
		};
		const timer = setTimeout(fire, Math.min(ms, MAX_MS));
		this.pending.set(timer, fire);
		return timer;
	}

	/** Never settles when the timers are cleared before. */
	sleep(ms: number): Promise<void> {
		return new Promise((resolve) => this.after(ms, resolve));
	}

	/** Does at once what all of them wait for. */
	hurry() {
		for (const fire of [...this.pending.values()]) fire();
	}

	clear() {
		for (const timer of this.pending.keys()) clearTimeout(timer);
		this.pending.clear();
	}
}
