import type { INodeParameters } from 'n8n-workflow';
import type { NewWorkflow } from '../../support/n8n/workflows.mts';
import { generationTimes } from '../../support/measure/random.mts';
import { format, formatSpread, medianOf } from '../measure/statistics.mts';
import { onStage, requestsTaking } from '../stage.mts';
import type { Stage } from '../stage.mts';
import { generating, ownNodes } from '../workflows.mts';
import type { Request, Route } from '../workflows.mts';
import type { Result, Settings } from '../scenario.mts';

/** A hundredth of real times: tasks take 0.6 to 1.4 s. An interval has to be at least 1 s. */
const SCALE = 0.01;
const FIRST_SECONDS = 0.3;
const INTERVAL_SECONDS = 1;

const polling = (more: INodeParameters): INodeParameters => ({
	options: { firstPollDelay: FIRST_SECONDS, pollInterval: INTERVAL_SECONDS, ...more },
});

/** Slow ways mostly wait, so they run at the same time; quick ones alone and several times. */
const QUICK = ['batch', 'default', 'ownTogether'] as const;
const SLOW = ['sequential', 'ownLoop'] as const;

type Way = (typeof QUICK | typeof SLOW)[number];

/** In the order of the document */
const WAYS: Way[] = [...QUICK, ...SLOW];

const LABELS: Record<Way, string> = {
	batch: 'Wan Video, all at once',
	default: 'Wan Video, 50 at once (default)',
	ownTogether: 'n8n’s own nodes, all items around the loop together',
	sequential: 'Wan Video, one at a time',
	ownLoop: 'n8n’s own nodes in Loop Over Items',
};

/** The ways to make the same videos, each as a workflow. */
function workflowsOf({ credentials, apixo }: Stage, requests: Request[]): Record<Way, NewWorkflow> {
	const own = (route: Route) =>
		ownNodes({
			requests,
			route,
			credentials,
			baseUrl: apixo.baseUrl,
			firstSeconds: FIRST_SECONDS,
			intervalSeconds: INTERVAL_SECONDS,
		});
	const wan = (maxParallelTasks: number) =>
		generating(credentials, requests, polling({ maxParallelTasks }));
	return {
		batch: wan(requests.length),
		default: wan(50),
		sequential: wan(1),
		ownLoop: own('one by one'),
		ownTogether: own('all together'),
	};
}

/** Seconds of each repetition. */
type Walls = Record<Way, number[]>;

async function measureWays(stage: Stage, requests: Request[], rounds: number): Promise<Walls> {
	const workflows = workflowsOf(stage, requests);
	const seconds = async (way: Way) => (await stage.run(workflows[way])).wallMs / 1_000;
	await seconds('batch');
	const walls: Walls = { batch: [], default: [], ownTogether: [], sequential: [], ownLoop: [] };
	for (let round = 0; round < rounds; round += 1) {
		for (const way of QUICK) walls[way].push(await seconds(way));
	}
	await Promise.all(SLOW.map(async (way) => walls[way].push(await seconds(way))));
	return walls;
}

/** Seconds for one task, and for fifty. */
interface Fifty {
	one: number;
	fifty: number;
}

/** In real times, as users asked: 50 videos of 20 s each should take as long as one. */
async function measureFifty(stage: Stage, taskMs: number): Promise<Fifty> {
	const options = { firstPollDelay: taskMs / 1_000, pollInterval: 1 };
	const wall = async (count: number) => {
		const requests = requestsTaking(Array.from({ length: count }, () => taskMs));
		const workflow = generating(stage.credentials, requests, { options });
		return (await stage.run(workflow)).wallMs / 1_000;
	};
	return { one: await wall(1), fifty: await wall(50) };
}

export const name = 'alternatives';

export const title = '100 items beside other ways to make them';

export async function run({ tarball, isShort, log }: Settings): Promise<Result> {
	const count = isShort ? 10 : 100;
	const requests = requestsTaking(generationTimes(count, { scale: SCALE }));
	return await onStage(tarball, async (stage) => {
		const fifty = await measureFifty(stage, isShort ? 2_000 : 20_000);
		log(JSON.stringify(fifty));
		const walls = await measureWays(stage, requests, isShort ? 1 : 5);
		log(JSON.stringify(walls));
		return resultOf(count, walls, fifty);
	});
}

function resultOf(count: number, walls: Walls, fifty: Fifty): Result {
	const speedup = walls.sequential[0] / medianOf(walls.batch);
	const ratios = (way: Way) => walls[way].map((wall) => wall / medianOf(walls.batch));
	const fiftyRatio = fifty.fifty / fifty.one;
	return {
		raw: { walls, fifty },
		marks: [
			{
				what: `${count} items: all at once, times as fast as one at a time`,
				mark: '≥ 20',
				measured: format(speedup),
				isMet: speedup >= 20,
			},
			{
				what: 'Wall time of 50 tasks of 20 s ÷ that of one',
				mark: 'about 1',
				measured: format(fiftyRatio),
				isMet: fiftyRatio <= 1.1,
			},
		],
		tables: [
			{
				caption: `${count} items. “× batch”: how many times the wall time of the first row.`,
				columns: ['Way', 'Wall time, s', '× batch'],
				rows: WAYS.map((way) => [LABELS[way], formatSpread(walls[way]), formatSpread(ratios(way))]),
			},
		],
		charts: [
			{
				file: 'alternatives',
				title: `${count} items: wall time, logarithmic`,
				yName: 'seconds',
				isLogarithmic: true,
				categories: ['all at once', 'default', 'own, together', 'one at a time', 'own, Loop'],
				series: [{ name: 'Wall time', values: WAYS.map((way) => walls[way]) }],
			},
		],
		notes: [
			'Tasks take 0.6 to 1.4 s, a hundredth of real times; all ways poll after 0.3 s and then each second. An interval cannot be shorter, so it is long here beside a task: that makes the batch, which ends with its slowest task, seem slower than it is.',
			'“All items around the loop together” (HTTP Request, Wait, HTTP Request, If, and back) is what an expert would build. It is as flat. What it leaves open: it has no timeout and no limit of tasks under way, one failed request ends it for all items, a retry pays again, and the items come out in several runs in the order in which they were ready.',
			'The two slow ways ran at the same time, once: they mostly wait, and each of their items repeats the measurement.',
			`50 tasks of 20 s ran in real time: ${format(fifty.fifty)} s, one: ${format(fifty.one)} s.`,
		],
	};
}
