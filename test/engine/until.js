'use strict';

const { sleep } = require('n8n-workflow');

/** Waits until `isSo()`. @throws when that takes more than 15 s */
async function until(isSo) {
	const deadline = Date.now() + 15_000;
	while (!isSo()) {
		if (Date.now() > deadline) throw new Error(`Never came true: ${isSo}`);
		await sleep(20);
	}
}

module.exports = { until };
