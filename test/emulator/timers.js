'use strict';

/** The longest time Node can count; anything longer would fire at once. */
const MAX_MS = 2 ** 31 - 1;

/** Timers that end with their owner, so that nothing keeps a process alive or fires too late. */
class Timers {
	constructor() {
		this.pending = new Set();
	}

	/** @param {number} ms @param {() => void} action */
	after(ms, action) {
		const timer = setTimeout(
			() => {
				this.pending.delete(timer);
				action();
			},
			Math.min(ms, MAX_MS),
		);
		this.pending.add(timer);
		return timer;
	}

	/** @param {number} ms @returns {Promise<void>} never settles when the timers are cleared before */
	sleep(ms) {
		return new Promise((resolve) => this.after(ms, resolve));
	}

	clear() {
		for (const timer of this.pending) clearTimeout(timer);
		this.pending.clear();
	}
}

module.exports = { Timers };
