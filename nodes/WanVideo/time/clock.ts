import { sleep } from 'n8n-workflow';
import type { Stop } from './stop';

/** Where time comes from; tests put their own in. */
export interface Clock {
	/** Unix milliseconds. */
	now(): number;
	/** Resolves after `ms` milliseconds, or as soon as stopping is requested. */
	sleep(ms: number, stop?: Stop): Promise<void>;
}

export const systemClock: Clock = {
	now: () => Date.now(),
	async sleep(ms, stop) {
		if (stop === undefined) return await sleep(ms);
		let unwatch = () => {};
		const stopped = new Promise<void>((resolve) => {
			unwatch = stop.watch(resolve);
		});
		await Promise.race([sleep(ms), stopped]);
		unwatch();
	},
};
