'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { until } = require('../../e2e/support/until');
const { scratchFolder } = require('../../runtime/scratch');

const MEGABYTE = 2 ** 20;

/** Environment of an n8n that can be asked what it holds. */
const probeEnvironment = () => ({
	NODE_OPTIONS: `--require ${path.join(__dirname, 'probe.js')}`,
	CAMPAIGN_PROBE_FILE: path.join(scratchFolder('probe'), 'held'),
});

/** @param {number} pid @param {string} what part of its link @returns {number} open descriptors (Linux) */
function descriptors(pid, what = '') {
	const folder = `/proc/${pid}/fd`;
	const linkOf = (name) => {
		try {
			return fs.readlinkSync(path.join(folder, name));
		} catch {
			// Closed meanwhile.
			return undefined;
		}
	};
	return fs.readdirSync(folder).filter((name) => linkOf(name)?.includes(what)).length;
}

/**
 * What n8n holds at a moment of rest.
 *
 * @param {number} pid
 * @param {{ CAMPAIGN_PROBE_FILE: string }} environment of that process
 * @returns {Promise<{ heapMb: number, rssMb: number, timers: number, descriptors: number,
 *   sockets: number }>} heap after garbage collection
 */
async function heldBy(pid, { CAMPAIGN_PROBE_FILE }) {
	const file = `${CAMPAIGN_PROBE_FILE}-${pid}`;
	fs.rmSync(file, { force: true });
	process.kill(pid, 'SIGUSR2');
	await until(() => fs.existsSync(file));
	const { heapUsed, rss, timers } = JSON.parse(fs.readFileSync(file, 'utf8'));
	return {
		heapMb: heapUsed / MEGABYTE,
		rssMb: rss / MEGABYTE,
		timers,
		descriptors: descriptors(pid),
		sockets: descriptors(pid, 'socket:'),
	};
}

/**
 * The straight line through points, by least squares.
 *
 * @param {Array<[number, number]>} points at least three
 * @returns {{ slope: number, error: number }} with the standard error of the slope
 */
function slopeOf(points) {
	const count = points.length;
	const meanX = points.reduce((sum, [x]) => sum + x, 0) / count;
	const meanY = points.reduce((sum, [, y]) => sum + y, 0) / count;
	const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
	const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
	const residual = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
	return { slope, error: Math.sqrt(residual / (count - 2) / spread) };
}

module.exports = { heldBy, probeEnvironment, slopeOf };
