'use strict';

/** Does work on all of a list, some at once. @template T @param {T[]} list @param {(one: T, index: number) => Promise<void>} work */
async function inParallel(list, atOnce, work) {
	let next = 0;
	const worker = async () => {
		while (next < list.length) {
			const index = next++;
			await work(list[index], index);
		}
	};
	await Promise.all(Array.from({ length: atOnce }, worker));
}

module.exports = { inParallel };
