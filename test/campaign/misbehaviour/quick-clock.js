'use strict';

const { AsyncLocalStorage } = require('node:async_hooks');
const path = require('node:path');
const { repoDir } = require('../../runtime/paths');

/** So many times faster than real time runs the node's own clock: 20 minutes pass in 24 seconds. */
const SPEED = 50;

/** The time of the batch that is being played. @type {AsyncLocalStorage<{ now: number }>} */
const ownTime = new AsyncLocalStorage();

/**
 * Lets the built node's time run fast: its pauses, deadlines and the times it measures. Within a
 * batch only pauses take time and requests take none, so that no deadline hangs on how busy this
 * machine is.
 */
function quicken() {
	const { systemClock } = require(path.join(repoDir, 'dist/nodes/WanVideo/time/clock.js'));
	const { sleep } = systemClock;
	const startedAt = Date.now();
	systemClock.now = () => ownTime.getStore()?.now ?? startedAt + (Date.now() - startedAt) * SPEED;
	systemClock.sleep = async (ms, stop) => {
		const time = ownTime.getStore();
		const end = systemClock.now() + ms;
		await sleep(ms / SPEED, stop);
		if (time !== undefined) time.now = Math.max(time.now, end);
	};
}

/** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
const inOwnTime = async (work) => await ownTime.run({ now: Date.now() }, work);

module.exports = { inOwnTime, quicken };
