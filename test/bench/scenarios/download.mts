import { chain, manualStart, node } from '../../support/n8n/workflows.mts';
import { costTo } from '../../support/measure/process.mts';
import { format, formatSpread, medianOf } from '../measure/statistics.mts';
import { onStage } from '../stage.mts';

const BYTES_PER_MB = 1_000_000;

const wan = (credentials, taskId) =>
	node('Download', 'n8n-nodes-apixo.wanVideo', {
		credentials,
		parameters: { resource: 'video', operation: 'get', taskId, download: true },
	});

const httpRequest = (url) =>
	node('Download', 'httpRequest', {
		typeVersion: 4.2,
		parameters: { url, options: { response: { response: { responseFormat: 'file' } } } },
	});

/** Both ways to get a file of that size, as nodes. */
function downloadersOf({ apixo, credentials }, megabytes) {
	const url = `${apixo.origin}/files/size/${megabytes * BYTES_PER_MB}.mp4`;
	const { taskId } = apixo.addTask({ resultUrls: [url] });
	return { wan: wan(credentials, taskId), http: httpRequest(url) };
}

async function measureDownload(stage, downloader) {
	await stage.liveHeapMb();
	const workflow = chain('Download', [manualStart(), downloader]);
	const cost = await costTo(stage.n8n.pid, async () => await stage.run(workflow));
	stage.clearFiles();
	const [{ executionTime }] = cost.result.execution.data.resultData.runData.Download;
	return { seconds: executionTime / 1_000, peakMb: cost.peakMb - cost.beforeMb };
}

async function measureAll(stage, sizes, rounds, log) {
	const runs = [];
	for (let round = 0; round <= rounds; round += 1) {
		for (const megabytes of sizes) {
			const downloaders = Object.entries(downloadersOf(stage, megabytes));
			// Who goes first changes from round to round.
			if (round % 2 === 1) downloaders.reverse();
			for (const [by, downloader] of downloaders) {
				runs.push({ round, megabytes, by, ...(await measureDownload(stage, downloader)) });
			}
		}
		log(`round ${round}: ${JSON.stringify(runs.slice(-2 * sizes.length))}`);
	}
	// The first round warms n8n up.
	return runs.filter(({ round }) => round > 0);
}

function resultOf(runs, sizes) {
	const values = (megabytes, by, field) =>
		runs.filter((run) => run.megabytes === megabytes && run.by === by).map((run) => run[field]);
	const median = (...what) => medianOf(values(...what));
	const ratios = (size) => {
		const [ours, theirs] = ['wan', 'http'].map((by) => values(size, by, 'seconds'));
		return ours.map((seconds, round) => seconds / theirs[round]);
	};
	const [smallest, largest] = [sizes[0], sizes.at(-1)];
	const spread = median(largest, 'wan', 'peakMb') - median(smallest, 'wan', 'peakMb');
	const timed = sizes.filter((size) => size >= 50);
	const slowest = Math.max(...timed.map((size) => medianOf(ratios(size))));
	return {
		raw: runs,
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
					...[values(size, 'wan', 'seconds'), values(size, 'http', 'seconds'), ratios(size)].map(
						formatSpread,
					),
					...['wan', 'http'].map((by) => formatSpread(values(size, by, 'peakMb'))),
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

export async function run({ tarball, isShort, log }) {
	const sizes = isShort ? [3, 50] : [3, 5, 50, 300, 500];
	return await onStage({ tarball }, async (stage) => {
		const runs = await measureAll(stage, sizes, isShort ? 2 : 5, log);
		return resultOf(runs, sizes);
	});
}
