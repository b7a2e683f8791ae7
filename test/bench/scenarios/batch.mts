import { costTo } from '../../support/measure/process.mts';
import { generationTimes } from '../../support/measure/random.mts';
import { format, formatSpread, medianOf, summaryOf } from '../measure/statistics.mts';
import { lagsOf } from '../measure/lag.mts';
import { onStage, requestsTaking } from '../stage.mts';
import { generating } from '../workflows.mts';

const SIZES = [1, 10, 100, 1000];

/** `look`: seconds between two looks at most. */
const SPEEDS = {
	tenth: { scale: 0.1, lookSeconds: 1, options: { firstPollDelay: 3, pollInterval: 1 } },
	real: { scale: 1, lookSeconds: 10, options: {} },
};

/** How long the longest task was under way at APIXO, milliseconds. */
const slowestOf = (tasks) =>
	Math.max(...tasks.map(({ createTime, completeTime }) => completeTime - createTime));

/** Live heap while all tasks of a batch are under way, MiB more than before. */
async function heapUnderWay(stage, count, heapBefore) {
	while (stage.apixo.ledger().length < count) await new Promise((r) => setTimeout(r, 50));
	return (await stage.liveHeapMb()) - heapBefore;
}

async function measureBatch(stage, count, speed) {
	const { scale, lookSeconds, options } = SPEEDS[speed];
	stage.apixo.reset();
	const requests = requestsTaking(generationTimes(count, { scale }));
	const workflow = generating(stage.credentials, requests, {
		options: { ...options, maxParallelTasks: count },
	});
	const heapBefore = await stage.liveHeapMb();
	const { result, cpuSeconds, beforeMb, peakMb } = await costTo(stage.n8n.pid, async () => {
		const heap = heapUnderWay(stage, count, heapBefore);
		return { ...(await stage.run(workflow)), heapMb: await heap };
	});
	const slowestMs = slowestOf(stage.apixo.tasks());
	return {
		count,
		speed,
		wallSeconds: result.wallMs / 1_000,
		slowestSeconds: slowestMs / 1_000,
		overMark: result.wallMs / (slowestMs * 1.03 + lookSeconds * 1_000),
		cpuSeconds,
		heapMb: result.heapMb,
		peakMb: peakMb - beforeMb,
		lagSeconds: summaryOf(lagsOf(stage.apixo)).mean / 1_000,
		looks: stage.apixo.requests({ kind: 'status' }).length / count,
	};
}

const COLUMNS = {
	'Wall time, s': 'wallSeconds',
	'Slowest task, s': 'slowestSeconds',
	'Wall ÷ mark': 'overMark',
	'Mean lag, s': 'lagSeconds',
	'GETs per task': 'looks',
	'CPU of n8n, s': 'cpuSeconds',
	'Live heap, + MB': 'heapMb',
	'Peak resident, + MB': 'peakMb',
};

/** From 100 to 1,000 items: at most ten times as much is at most linear. */
function growthOf(name, runs) {
	const at = (size) => medianOf(runs.filter(({ count }) => count === size).map((run) => run[name]));
	return { factor: at(1000) / at(100), perItem: (at(1000) - at(100)) / 900 };
}

function resultOf(runs) {
	const tenth = runs.filter(({ speed }) => speed === 'tenth');
	const rows = [
		...SIZES.map((size) => ({
			size,
			speed: 'a tenth',
			of: tenth.filter(({ count }) => count === size),
		})),
		...runs
			.filter(({ speed }) => speed === 'real')
			.map((run) => ({ size: run.count, speed: 'real', of: [run] })),
	];
	const values = (row, name) => row.of.map((run) => run[name]);
	const small = rows.filter(({ size, speed }) => speed === 'real' || size < 1000);
	const worst = Math.max(...small.map((row) => medianOf(values(row, 'overMark'))));
	const [cpu, heap] = ['cpuSeconds', 'heapMb'].map((name) => growthOf(name, tenth));
	return {
		raw: runs,
		marks: [
			{
				what: 'Wall time of 1 to 1,000 items ÷ (slowest task + 3 % + one look)',
				mark: '≤ 1',
				measured: format(worst),
				isMet: worst <= 1,
			},
			{
				what: 'CPU time of 1,000 items ÷ that of 100',
				mark: '≤ 10',
				measured: `${format(cpu.factor)}; slope ${format(cpu.perItem * 1_000)} ms an item`,
				isMet: cpu.factor <= 10,
			},
			{
				what: 'Live memory of 1,000 items under way ÷ that of 100',
				mark: '≤ 10',
				measured: `${format(heap.factor)}; slope ${format(heap.perItem * 1_024)} kB an item`,
				isMet: heap.factor <= 10,
			},
		],
		tables: [
			{
				caption: 'Each round in a fresh n8n.',
				columns: ['Items', 'Times', ...Object.keys(COLUMNS)],
				rows: rows.map((row) => [
					row.size.toLocaleString('en-US'),
					row.speed,
					...Object.values(COLUMNS).map((name) => formatSpread(values(row, name))),
				]),
			},
		],
		charts: [
			{
				file: 'batch',
				title: 'A whole batch beside its slowest task (times a tenth of real ones)',
				yName: 'seconds',
				categories: SIZES.map((size) => `${size.toLocaleString('en-US')} items`),
				series: [
					['Slowest task', 'slowestSeconds'],
					['Whole batch', 'wallSeconds'],
				].map(([name, field]) => ({
					name,
					values: rows.slice(0, SIZES.length).map((row) => values(row, field)),
				})),
			},
		],
		notes: NOTES,
	};
}

const NOTES = [
	'Tasks take 60 to 140 s (lognormal with a median of 90 s, seeded); Max Parallel Tasks is the size of the batch. “Real”: real times, no options, so that the node polls as it has learned. “A tenth”: tasks take 6 to 14 s, First Poll Delay is 3 s and Poll Interval 1 s, which are a tenth of what the service recommends.',
	'At a tenth, what n8n itself does for 1,000 items (it makes and answers more than 6,000 requests) is not a tenth, but squeezed into a tenth of the time. So the mark for 1,000 items is taken at real times.',
	'Live heap: JavaScript memory in use after a garbage collection while all tasks are under way, less what was in use before. Peak resident memory includes what is not collected yet.',
	'Mean lag: from “final at APIXO” to the answer that tells the node.',
];

export const name = 'batch';

export const title = 'A batch of 1, 10, 100 and 1,000 items beside its slowest task';

export async function run({ tarball, isShort, log }) {
	const runs = [];
	const measure = async (...settings) => {
		runs.push(await measureBatch(...settings));
		log(JSON.stringify(runs.at(-1)));
	};
	for (let round = 0; round < (isShort ? 1 : 2); round += 1) {
		await onStage({ tarball }, async (stage) => {
			await measureBatch(stage, 1, 'tenth');
			for (const size of SIZES) await measure(stage, size, 'tenth');
		});
	}
	if (!isShort) {
		await onStage({ tarball }, async (stage) => await measure(stage, 1000, 'real'));
	}
	return resultOf(runs);
}
