import type { INode, INodeCredentials } from 'n8n-workflow';
import { chain, manualStart, node } from '../../support/n8n/workflows.mts';
import { costTo } from '../../support/measure/process.mts';
import { format, formatSpread, medianOf } from '../measure/statistics.mts';
import { onStage } from '../stage.mts';
import type { Stage } from '../stage.mts';
import type { Result, Settings } from '../scenario.mts';

const BYTES_PER_MB = 1_000_000;

const wan = (credentials: INodeCredentials, taskId: string) =>
	node('Download', 'n8n-nodes-apixo.wanVideo', {
		credentials,
		parameters: { resource: 'video', operation: 'get', taskId, download: true },
	});

const httpRequest = (url: string) =>
	node('Download', 'httpRequest', {
		typeVersion: 4.2,
		parameters: { url, options: { response: { response: { responseFormat: 'file' } } } },
	});

type Way = 'wan' | 'http';

/** Both ways to get a file of that size, as nodes. */
function downloadersOf({ apixo, credentials }: Stage, megabytes: number): Record<Way, INode> {
	const url = `${apixo.origin}/files/size/${megabytes * BYTES_PER_MB}.mp4`;
	const { taskId } = apixo.addTask({ resultUrls: [url] });
	return { wan: wan(credentials, taskId), http: httpRequest(url) };
}

interface Cost {
	seconds: number;
	/** MiB that the resident memory rose by */
	peakMb: number;
}

interface Download extends Cost {
	megabytes: number;
	way: Way;
}

async function measureDownload(stage: Stage, downloader: INode): Promise<Cost> {
	// Collects garbage, so that each starts alike.
	await stage.liveHeapMb();
	const workflow = chain('Download', [manualStart(), downloader]);
	const { result, beforeMb, peakMb } = await costTo(
		stage.n8n.pid,
		async () => await stage.run(workflow),
	);
	stage.clearFiles();
	const [{ executionTime }] = result.execution.data.resultData.runData.Download;
	return { seconds: executionTime / 1_000, peakMb: peakMb - beforeMb };
}

/** Who goes first changes from round to round. */
const orderIn = (round: number): Way[] => (round % 2 === 1 ? ['http', 'wan'] : ['wan', 'http']);

async function measureRound(stage: Stage, sizes: number[], round: number): Promise<Download[]> {
	const downloads: Download[] = [];
	for (const megabytes of sizes) {
		const downloaders = downloadersOf(stage, megabytes);
		for (const way of orderIn(round)) {
			downloads.push({ megabytes, way, ...(await measureDownload(stage, downloaders[way])) });
		}
	}
	return downloads;
}

function resultOf(downloads: Download[], sizes: number[]): Result {
	const values = (megabytes: number, way: Way, figure: keyof Cost) =>
		downloads
			.filter((one) => one.megabytes === megabytes && one.way === way)
			.map((one) => one[figure]);
	const ratios = (size: number) => {
		const theirs = values(size, 'http', 'seconds');
		return values(size, 'wan', 'seconds').map((seconds, round) => seconds / theirs[round]);
	};
	const peak = (size: number) => medianOf(values(size, 'wan', 'peakMb'));
	const [smallest, largest] = [sizes[0], sizes[sizes.length - 1]];
	const spread = peak(largest) - peak(smallest);
	const timed = sizes.filter((size) => size >= 50);
	const slowest = Math.max(...timed.map((size) => medianOf(ratios(size))));
	return {
		raw: downloads,
		marks: [
			{
				what: `Peak memory of n8n for ${largest} MB, less that for ${smallest} MB`,
				mark: 'within 40 MB',
				measured: `${format(spread)} MB`,
				isMet: Math.abs(spread) <= 40,
			},
			{
				what: `Time for ${timed[0]} MB and more ÷ that of the HTTP Request node`,
				mark: '≤ 1.1',
				measured: format(slowest),
				isMet: slowest <= 1.1,
			},
		],
		tables: [
			{
				caption:
					'Memory: how far the resident memory of the n8n process rose above what it was before.',
				columns: [
					'Size, MB',
					'Wan Video, s',
					'HTTP Request, s',
					'Time ratio',
					'Wan Video, peak + MB',
					'HTTP Request, peak + MB',
				],
				rows: sizes.map((size) => [
					String(size),
					formatSpread(values(size, 'wan', 'seconds')),
					formatSpread(values(size, 'http', 'seconds')),
					formatSpread(ratios(size)),
					formatSpread(values(size, 'wan', 'peakMb')),
					formatSpread(values(size, 'http', 'peakMb')),
				]),
			},
		],
		charts: [
			{
				file: 'download',
				title: 'Memory that a download adds to the n8n process',
				yName: 'MB',
				categories: sizes.map((size) => `${size} MB`),
				series: [
					{
						name: 'HTTP Request node',
						values: sizes.map((size) => values(size, 'http', 'peakMb')),
					},
					{ name: 'Wan Video', values: sizes.map((size) => values(size, 'wan', 'peakMb')) },
				],
			},
		],
		notes: [
			'n8n keeps binary data in files here (its default outside of queue mode). The Wan Video node asks APIXO for the task first (operation Get), which is in its time.',
		],
	};
}

export const name = 'download';

export const title = 'Downloading a video beside n8n’s HTTP Request node';

export async function run({ tarball, isShort, log }: Settings): Promise<Result> {
	const sizes = isShort ? [3, 50] : [3, 5, 50, 300, 500];
	const rounds = isShort ? 2 : 5;
	return await onStage(tarball, async (stage) => {
		const downloads: Download[] = [];
		// Round 0 warms n8n up.
		for (let round = 0; round <= rounds; round += 1) {
			const measured = await measureRound(stage, sizes, round);
			log(`round ${round}: ${JSON.stringify(measured)}`);
			if (round > 0) downloads.push(...measured);
		}
		return resultOf(downloads, sizes);
	});
}
