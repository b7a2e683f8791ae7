'use strict';

const { randomOf } = require('../../bench/measure/random');

/**
 * Draws that a seed decides.
 *
 * @param {number} seed
 */
function drawer(seed) {
	const random = randomOf(seed);
	const whole = (from, to) => from + Math.floor(random() * (to - from + 1));
	return {
		whole,
		chance: (share) => random() < share,
		/** @template T @param {T[]} list @returns {T} */
		one: (list) => list[whole(0, list.length - 1)],
	};
}

module.exports = { drawer };
