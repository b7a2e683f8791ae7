import { setTimeout as sleep } from 'node:timers/promises';
import type { INodeParameters } from 'n8n-workflow';
import type { Emulator } from '../../../emulator/index.mts';
import { costTo } from '../../support/measure/process.mts';
import { generationTimes } from '../../support/measure/random.mts';
import { format, formatSpread, formatWhole, meanOf, medianOf } from '../measure/statistics.mts';
import { finishedTasks, lagsOf } from '../measure/tasks.mts';
import { onStage, requestsTaking } from '../stage.mts';
import type { Stage } from '../stage.mts';
import { generating } from '../workflows.mts';
import type { Result, Settings } from '../scenario.mts';

const SIZES = [1, 10, 100, 1000];

interface Pace {
	/** in the document */
	label: string;
	/** factor for the generation times */
	scale: number;
	/** between two polls at most */
	pollSeconds: number;
	options: INodeParameters;
}

const TENTH: Pace = {
	label: 'a tenth',
	scale: 0.1,
	pollSeconds: 1,
	options: { firstPollDelay: 3, pollInterval: 1 },
};
const REAL: Pace = { label: 'real', scale: 1, pollSeconds: 10, options: {} };

interface Figures {
	wallSeconds: number;
	slowestSeconds: number;
	/** wall time ÷ (slowest task + 3 % + one poll) */
	overMark: number;
	lagSeconds: number;
	/** for each task */
	polls: number;
	cpuSeconds: number;
	/** MiB more than before */
	heapMb: number;
	/** MiB more than before */
	peakMb: number;
}

type Figure = keyof Figures;

interface BatchRun extends Figures {
	count: number;
	pace: string;
}

/** How long the longest task was under way at APIXO, milliseconds. */
const slowestOf = (apixo: Emulator) =>
	Math.max(
		...finishedTasks(apixo).map(({ createTime, completeTime }) => completeTime - createTime),
	);

/** Live heap while all tasks of a batch are under way, MiB more than before. */
async function heapUnderWay(stage: Stage, count: number, heapBefore: number): Promise<number> {
	while (stage.apixo.ledger().length < count) await sleep(50);
	return (await stage.liveHeapMb()) - heapBefore;
}

async function measureBatch(stage: Stage, count: number, pace: Pace): Promise<BatchRun> {
	const { label, scale, pollSeconds, options } = pace;
	stage.apixo.reset();
	const requests = requestsTaking(generationTimes(count, { scale }));
	const workflow = generating(stage.credentials, requests, {
		options: { ...options, maxParallelTasks: count },
	});
	const heapBefore = await stage.liveHeapMb();
	const { result, cpuSeconds, beforeMb, peakMb } = await costTo(stage.n8n.pid, async () => {
		const heap = heapUnderWay(stage, count, heapBefore);
		const { wallMs } = await stage.run(workflow);
		return { wallMs, heapMb: await heap };
	});
	const slowestMs = slowestOf(stage.apixo);
	return {
		count,
		pace: label,
		wallSeconds: result.wallMs / 1_000,
		slowestSeconds: slowestMs / 1_000,
		overMark: result.wallMs / (slowestMs * 1.03 + pollSeconds * 1_000),
		cpuSeconds,
		heapMb: result.heapMb,
		peakMb: peakMb - beforeMb,
		lagSeconds: meanOf(lagsOf(stage.apixo)) / 1_000,
		polls: stage.apixo.requests({ kind: 'status' }).length / count,
	};
}

const COLUMNS: Array<[title: string, figure: Figure]> = [
	['Wall time, s', 'wallSeconds'],
	['Slowest task, s', 'slowestSeconds'],
	['Wall ÷ mark', 'overMark'],
	['Mean lag, s', 'lagSeconds'],
	['GETs per task', 'polls'],
	['CPU of n8n, s', 'cpuSeconds'],
	['Live heap, + MB', 'heapMb'],
	['Peak resident, + MB', 'peakMb'],
];

const valuesOf = (runs: BatchRun[], figure: Figure) => runs.map((run) => run[figure]);

/** From 100 to 1,000 items: at most ten times as much is at most linear. */
function growthOf(figure: Figure, runs: BatchRun[]) {
	const at = (size: number) => {
		const ofSize = runs.filter(({ count }) => count === size);
		return medianOf(valuesOf(ofSize, figure));
	};
	return { factor: at(1000) / at(100), perItem: (at(1000) - at(100)) / 900 };
}

/** One row of the table: repetitions of one size at one pace. */
interface Row {
	size: number;
	pace: Pace;
	runs: BatchRun[];
}

const rowOf = (size: number, pace: Pace, all: BatchRun[]): Row => ({
	size,
	pace,
	runs: all.filter((run) => run.count === size && run.pace === pace.label),
});

function resultOf(runs: BatchRun[]): Result {
	const tenths = SIZES.map((size) => rowOf(size, TENTH, runs));
	const real = rowOf(1000, REAL, runs);
	const rows = real.runs.length > 0 ? [...tenths, real] : tenths;
	const marked = rows.filter(({ size, pace }) => pace === REAL || size < 1000);
	const worst = Math.max(...marked.map((row) => medianOf(valuesOf(row.runs, 'overMark'))));
	const tenthRuns = tenths.flatMap((row) => row.runs);
	const cpu = growthOf('cpuSeconds', tenthRuns);
	const heap = growthOf('heapMb', tenthRuns);
	const bars = (name: string, figure: Figure) => ({
		name,
		values: tenths.map((row) => valuesOf(row.runs, figure)),
	});
	return {
		raw: runs,
		marks: [
			{
				what: 'Wall time of 1 to 1,000 items ÷ (slowest task + 3 % + one poll)',
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
				columns: ['Items', 'Times', ...COLUMNS.map(([title]) => title)],
				rows: rows.map((row) => [
					formatWhole(row.size),
					row.pace.label,
					...COLUMNS.map(([, figure]) => formatSpread(valuesOf(row.runs, figure))),
				]),
			},
		],
		charts: [
			{
				file: 'batch',
				title: 'A whole batch beside its slowest task (times a tenth of real ones)',
				yName: 'seconds',
				categories: SIZES.map((size) => `${formatWhole(size)} items`),
				series: [bars('Slowest task', 'slowestSeconds'), bars('Whole batch', 'wallSeconds')],
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

export async function run({ tarball, isShort, log }: Settings): Promise<Result> {
	const runs: BatchRun[] = [];
	const measure = async (stage: Stage, count: number, pace: Pace) => {
		const figures = await measureBatch(stage, count, pace);
		runs.push(figures);
		log(JSON.stringify(figures));
	};
	for (let round = 0; round < (isShort ? 1 : 2); round += 1) {
		await onStage(tarball, async (stage) => {
			await measureBatch(stage, 1, TENTH);
			for (const size of SIZES) await measure(stage, size, TENTH);
		});
	}
	if (!isShort) {
		await onStage(tarball, async (stage) => await measure(stage, 1000, REAL));
	}
	return resultOf(runs);
}
