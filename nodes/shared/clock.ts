import { sleep } from 'n8n-workflow';

/** Where time comes from. Tests inject their own. */
export interface Clock {
	/** Unix milliseconds. */
	now(): number;
	/** Resolves after `ms` milliseconds, or as soon as the signal is aborted. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of this machine. Only the nodes' entry points hand it out. */
export const systemClock: Clock = {
	now: () => Date.now(),
	async sleep(ms, signal) {
		if (signal === undefined) return await sleep(ms);
		if (signal.aborted) return;
		// A batch has hundreds of sleepers, and Node warns of a leak from the eleventh listener of one
		// signal on. So each sleeper listens to a signal of its own.
		const own = AbortSignal.any([signal]);
		let onAbort = () => {};
		const aborted = new Promise<void>((resolve) => {
			onAbort = resolve;
			own.addEventListener('abort', onAbort, { once: true });
		});
		await Promise.race([sleep(ms), aborted]);
		own.removeEventListener('abort', onAbort);
	},
};
