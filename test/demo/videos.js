const fs = require('node:fs');
const path = require('node:path');
const { outputItems } = require('../e2e/harness');
const { repoDir } = require('../runtime');
const { faultOfMp4 } = require('./mp4');

/** One folder per run, named after its time, so that no run overwrites videos of another. */
function newOutputFolder() {
	const parent = path.join(repoDir, 'demo-output');
	fs.mkdirSync(parent, { recursive: true });
	const time = new Date().toISOString().slice(0, 19).replace(/:/g, '-');
	return fs.mkdtempSync(path.join(parent, `${time}-`));
}

/**
 * Saves the videos of an execution, and checks them.
 *
 * @param {object} run
 * @param {import('../e2e/harness').N8nClient} run.client
 * @param {any} run.execution
 * @param {{ taskId: string, usd: number }[]} [run.ledger] what the service charged
 * @returns {Promise<object[]>} a row for each video: file, bytes, mode, resolution, seconds, taskId,
 *   estimatedUsd, chargedUsd (missing without a ledger), fault
 */
async function saveVideos({ client, execution, ledger }) {
	const requests = outputItems(execution, 'Requests').map((item) => item.json);
	const folder = newOutputFolder();
	const rows = [];
	for (const { json, binary, pairedItem } of outputItems(execution, 'Wan Video')) {
		const request = requests[pairedItem.item];
		const video = await client.binary(binary.data.id);
		const file = path.join(folder, `${rows.length + 1}-${request.mode}.mp4`);
		fs.writeFileSync(file, video);
		rows.push({
			file: path.relative(repoDir, file),
			bytes: video.length,
			mode: request.mode,
			resolution: request.resolution,
			seconds: request.duration,
			taskId: json.taskId,
			estimatedUsd: json.estimatedCostUsd,
			chargedUsd: ledger?.find(({ taskId }) => taskId === json.taskId)?.usd,
			fault: faultOfMp4(video),
		});
	}
	return rows;
}

module.exports = { saveVideos };
