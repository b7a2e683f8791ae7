import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;

/**
 * Waits until a condition holds.
 *
 * @param isSo may give a promise; anything truthy counts
 * @throws when it does not come true in time
 */
export async function until(isSo: () => unknown, timeoutMs = 60_000): Promise<void> {
	const deadline = Date.now() + timeoutMs;
	while (!(await isSo())) {
		if (Date.now() > deadline) throw new Error(`Not true in ${timeoutMs} ms: ${isSo}`);
		await sleep(POLL_MS);
	}
}
