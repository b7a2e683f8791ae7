'use strict';

const os = require('node:os');
const { DEFAULT_VERSION, ensureNode24 } = require('../../runtime');
const { run } = require('../../runtime/run');

/** @returns {Promise<Record<string, string>>} what the figures depend on */
async function machine() {
	const [cpu] = os.cpus();
	const nodeOfN8n = await run(await ensureNode24(), ['--version']);
	const [load] = os.loadavg();
	return {
		processor: `${cpu.model.trim()}, ${os.cpus().length} cores`,
		memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
		system: `${os.type()} ${os.release()} (${os.arch()})`,
		n8n: `${DEFAULT_VERSION} on Node ${nodeOfN8n.trim().replace(/^v/, '')}, SQLite`,
		load: `load average ${load.toFixed(1)} when it ended`,
	};
}

module.exports = { machine };
