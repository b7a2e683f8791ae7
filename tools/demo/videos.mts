import fs from 'node:fs';
import path from 'node:path';
import { outputItems } from '../n8n/driver/index.mts';
import { repoDir } from '../shared/paths.mts';
import { faultOfMp4 } from './mp4.mts';
import type { N8nClient } from '../n8n/driver/index.mts';

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
 * @returns a row for each video: file, bytes, mode, resolution, seconds, taskId,
 *   estimatedUsd, chargedUsd (missing without a ledger), fault
 */
export async function saveVideos({
	client,
	execution,
	ledger,
}: {
	client: N8nClient;
	execution: unknown;
	/** what the service charged */
	ledger?: { taskId: string; usd: number }[];
}): Promise<object[]> {
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
