import fs from 'node:fs';
import path from 'node:path';
import { outputItems } from '../n8n/driver/index.mts';
import { repoDir } from '../shared/paths.mts';
import { faultOfMp4 } from './mp4.mts';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { Execution, N8nClient } from '../n8n/driver/index.mts';
import type { Charge } from '../../emulator/index.mts';

/** A saved video. */
export interface VideoRow {
	/** relative to the repository */
	file: string;
	bytes: number;
	mode: string;
	resolution: string;
	seconds: number;
	taskId: string;
	estimatedUsd: number;
	/** missing without a ledger, or without a charge in it */
	chargedUsd?: number;
	/** what is wrong with the file */
	fault?: string;
}

function stringIn(json: IDataObject, name: string): string {
	const value = json[name];
	if (typeof value !== 'string') throw new Error(`"${name}" is no text: ${JSON.stringify(json)}`);
	return value;
}

function numberIn(json: IDataObject, name: string): number {
	const value = json[name];
	if (typeof value !== 'number') throw new Error(`"${name}" is no number: ${JSON.stringify(json)}`);
	return value;
}

/** One folder per run, named after its time, so that no run overwrites videos of another. */
function newOutputFolder(): string {
	const parent = path.join(repoDir, 'demo-output');
	fs.mkdirSync(parent, { recursive: true });
	const time = new Date().toISOString().slice(0, 19).replace(/:/g, '-');
	return fs.mkdtempSync(path.join(parent, `${time}-`));
}

/** @returns the request that an item of Wan Video was made from */
function requestOf({ pairedItem }: INodeExecutionData, requests: IDataObject[]): IDataObject {
	if (typeof pairedItem !== 'object' || Array.isArray(pairedItem)) {
		throw new Error(`An item is not paired with one request: ${JSON.stringify(pairedItem)}`);
	}
	return requests[pairedItem.item];
}

/** Saves the videos of an execution, and checks them. */
export async function saveVideos({
	client,
	execution,
	ledger,
}: {
	client: N8nClient;
	execution: Execution;
	/** what the service charged */
	ledger?: Charge[];
}): Promise<VideoRow[]> {
	const requests = outputItems(execution, 'Requests').map((item) => item.json);
	const folder = newOutputFolder();
	const rows: VideoRow[] = [];
	for (const item of outputItems(execution, 'Wan Video')) {
		const request = requestOf(item, requests);
		const binaryId = item.binary?.data.id;
		if (binaryId === undefined) throw new Error('An item has no video');
		const video = await client.binary(binaryId);
		const mode = stringIn(request, 'mode');
		const taskId = stringIn(item.json, 'taskId');
		const file = path.join(folder, `${rows.length + 1}-${mode}.mp4`);
		fs.writeFileSync(file, video);
		rows.push({
			file: path.relative(repoDir, file),
			bytes: video.length,
			mode,
			resolution: stringIn(request, 'resolution'),
			seconds: numberIn(request, 'duration'),
			taskId,
			estimatedUsd: numberIn(item.json, 'estimatedCostUsd'),
			chargedUsd: ledger?.find((charge) => charge.taskId === taskId)?.usd,
			fault: faultOfMp4(video),
		});
	}
	return rows;
}
