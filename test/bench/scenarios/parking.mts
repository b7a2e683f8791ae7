import { required } from '../../support/required.mts';
import { GENERATION_SECONDS, normal } from '../../support/measure/random.mts';
import type { Random } from '../../support/measure/random.mts';
import { format, formatWhole, medianOf, percentileOf } from '../measure/statistics.mts';
import { simulate } from '../simulation/series.mts';
import type { Series } from '../simulation/series.mts';
import type { Result, Settings } from '../scenario.mts';

/** How long tasks take, in seconds. */
const TIMES: Record<string, (random: Random) => number> = {
	'141 ± 10 s': (random) => 141 + 10 * normal(random),
	'100 to 180 s': (random) => 100 + 80 * random(),
	'60 to 140 s': GENERATION_SECONDS.wide,
	'60 to 70 or 120 to 140 s': GENERATION_SECONDS['two groups'],
	'40 ± 5 s': (random) => 40 + 5 * normal(random),
	'400 ± 40 s': (random) => 400 + 40 * normal(random),
};

const SIZES = { 'one video': 1, 'ten videos': 10 };

const KNOWN = 20;

type Way = Pick<Series, 'way' | 'pace' | 'isLearning' | 'isLost'>;

const WAYS = {
	'Polling, fixed': { way: 'polling', pace: { firstPollMs: 30_000, pollIntervalMs: 10_000 } },
	'Polling, learned': { way: 'polling' },
	'Parked, nothing known': { way: 'parked', isLearning: false },
	'Parked, first eight': { way: 'parked' },
	'Parked, known': { way: 'parked' },
	'Callback, lost': { way: 'callback', isLost: true },
} satisfies Record<string, Way>;

type WayName = keyof typeof WAYS;

/** The executions of a series that count: those behind the ones that were learned from. */
const COUNTED: Partial<Record<WayName, [number, number]>> = { 'Parked, first eight': [0, 8] };

interface Figures {
	/** seconds from the end of an execution's last task to its own */
	lag: number;
	/** what nine of ten executions stay below */
	lag90: number;
	/** for each task */
	polls: number;
	/** of the time from the start to the end, in a slot of n8n */
	slotShare: number;
	/** for each execution */
	parks: number;
}

interface Case {
	times: string;
	size: string;
	figures: Record<WayName, Figures>;
}

const sumOf = (values: number[]) => values.reduce((sum, value) => sum + value, 0);

async function figuresOf(
	plan: Omit<Series, 'seed' | 'executions'>,
	[from, to]: [number, number],
	seeds: number,
): Promise<Figures> {
	const series = [];
	for (let seed = 1; seed <= seeds; seed += 1) {
		series.push((await simulate({ ...plan, seed, executions: to })).slice(from));
	}
	const executions = series.flat();
	const lags = executions.map(({ lagMs }) => lagMs / 1_000);
	const tasks = executions.flatMap((execution) => execution.tasks);
	return {
		lag: medianOf(lags),
		lag90: percentileOf(lags, 0.9),
		polls: sumOf(tasks.map(({ polls }) => polls)) / tasks.length,
		slotShare:
			sumOf(executions.map(({ slotMs }) => slotMs)) /
			sumOf(executions.map(({ wholeMs }) => wholeMs)),
		parks: sumOf(executions.map(({ parks }) => parks)) / executions.length,
	};
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

function tableOf(cases: Case[], caption: string, cell: (figures: Figures) => string) {
	const ways = Object.keys(WAYS) as WayName[];
	return {
		caption,
		columns: ['Generation times', 'Execution', ...ways],
		rows: cases.map(({ times, size, figures }) => [
			times,
			size,
			...ways.map((way) => cell(figures[way])),
		]),
	};
}

function resultOf(cases: Case[], executions: number): Result {
	const known = cases
		// Quick ones cannot be noticed sooner.
		.filter(({ times }) => times !== '40 ± 5 s')
		.map(({ figures }) => figures['Parked, known']);
	const lag = Math.max(...known.map((figures) => figures.lag));
	const share = Math.max(...known.map((figures) => figures.slotShare));
	const main = (size: string) =>
		required(
			cases.find((one) => one.times === '141 ± 10 s' && one.size === size),
			size,
		);
	const shown: WayName[] = ['Polling, learned', 'Parked, nothing known', 'Parked, known'];
	const singles = cases.filter(({ size }) => size === 'one video');
	return {
		raw: cases,
		marks: [
			{
				what: 'Lag of parked polling with known durations of a minute and more: the largest of the medians',
				mark: '≤ 5 s',
				measured: `${format(lag)} s (141 ± 10 s: ${format(main('one video').figures['Parked, known'].lag)} s)`,
				isMet: lag <= 5,
			},
			{
				what: 'Time in a slot of n8n with the same: the largest',
				mark: '≤ 10 %',
				measured: percent(share),
				isMet: share <= 0.1,
			},
		],
		tables: [
			tableOf(
				cases,
				'Lag, seconds: median, and in brackets what nine of ten executions stay below. From the end of the last video of an execution to its going on.',
				({ lag: median, lag90 }) => `${format(median)} (${format(lag90)})`,
			),
			tableOf(cases, 'GETs for each video.', ({ polls }) => format(polls)),
			tableOf(
				cases,
				'Part of the time from the start to the end of an execution that it spends in a slot of n8n; in brackets how often it is parked.',
				({ slotShare, parks }) => `${percent(slotShare)} (${format(parks)})`,
			),
		],
		charts: [
			{
				file: 'parking',
				title: 'Median lag of one video, by way to wait',
				yName: 'seconds',
				categories: singles.map(({ times }) => times),
				series: shown.map((way) => ({
					name: way,
					values: singles.map(({ figures }) => [figures[way].lag]),
				})),
			},
		],
		notes: [
			`Computed by the node’s own waiting code, as built, under a virtual clock, with a stand-in for n8n that parks and goes on in time. Each cell: ${formatWhole(executions)} executions or more. “Known”: executions after the first ${KNOWN} of a series; “first eight”: those that nothing, or little, was known for.`,
			'A callback that arrives wakes the execution at once: no lag, one GET for each video, parked once. “Lost”: none of them arrives.',
			'Videos that take less than a minute cannot be noticed sooner: n8n ends no shorter pause in time, and to wait for them in the process would be polling.',
			'“60 to 140 s”: lognormal with a median of 90 s.',
		],
	};
}

export const name = 'parking';

export const title = 'Parked polling and lost callbacks beside polling: lag, requests and slots';

export async function run({ packageDir, isShort, log }: Settings): Promise<Result> {
	const seeds = isShort ? 1 : 10;
	const all = isShort ? 30 : 60;
	const cases: Case[] = [];
	for (const [size, tasks] of Object.entries(SIZES)) {
		for (const [times, drawSeconds] of Object.entries(TIMES)) {
			const figures: Partial<Record<WayName, Figures>> = {};
			for (const [way, waiting] of Object.entries(WAYS) as Array<[WayName, Way]>) {
				const counted = COUNTED[way] ?? [KNOWN, all];
				const plan = { packageDir, drawSeconds, tasks, ...waiting };
				figures[way] = await figuresOf(plan, counted, seeds);
			}
			// Each way is in the table.
			cases.push({ times, size, figures: figures as Record<WayName, Figures> });
			log(`${size}, ${times}`);
		}
	}
	return resultOf(cases, 8 * seeds);
}
