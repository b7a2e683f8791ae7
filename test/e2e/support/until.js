const { setTimeout: sleep } = require('node:timers/promises');

const POLL_MS = 50;

/**
 * Waits until something is so.
 *
 * @param {() => unknown} isSo may give a promise
 * @param {number} [timeoutMs]
 * @throws {Error} when it does not come true in time
 */
async function until(isSo, timeoutMs = 60_000) {
	const deadline = Date.now() + timeoutMs;
	while (!(await isSo())) {
		if (Date.now() > deadline) throw new Error(`Not true in ${timeoutMs} ms: ${isSo}`);
		await sleep(POLL_MS);
	}
}

module.exports = { until };
