import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Clock } from '../../../nodes/shared/clock.ts';
import { repoDir } from '../../../tools/shared/paths.mts';

/** So many times faster than real time runs the node's own clock: 20 minutes pass in 24 seconds. */
const SPEED = 50;

/** The time of the execution that is being played, Unix milliseconds. */
const ownTime = new AsyncLocalStorage<{ now: number }>();

/**
 * Makes the built node's time run fast: its pauses, deadlines and the times it measures. Within an
 * execution only pauses take time and requests take none, so that no deadline depends on how busy this
 * machine is.
 */
export function quicken() {
	const { systemClock }: { systemClock: Clock } = createRequire(import.meta.url)(
		path.join(repoDir, 'dist/nodes/shared/clock.js'),
	);
	const { sleep } = systemClock;
	const startedAt = Date.now();
	systemClock.now = () => ownTime.getStore()?.now ?? startedAt + (Date.now() - startedAt) * SPEED;
	systemClock.sleep = async (ms, signal) => {
		const time = ownTime.getStore();
		const end = systemClock.now() + ms;
		await sleep(ms / SPEED, signal);
		if (time !== undefined) time.now = Math.max(time.now, end);
	};
}

export const inOwnTime = async <T,>(work: () => Promise<T>): Promise<T> =>
	await ownTime.run({ now: Date.now() }, work);
