import { mapConcurrently } from '../../../nodes/shared/concurrency.ts';
import { DEFAULT_KEY } from '../../../emulator/index.mts';
import { openScene } from '../../support/n8n/scene.mts';
import { openStage } from '../../support/n8n/stage.mts';
import type { Stage } from '../../support/n8n/stage.mts';
import type { PartOptions, Verdict } from '../part.mts';
import { openCensus } from './census.mts';
import { type CallTable, countCalls, countStops, judge } from './judge.mts';
import { openLive } from './live.mts';
import { type Played, play } from './play.mts';
import { type StopKind, type Story, drawStory } from './story.mts';

/** Under so much load, n8n would take its database for gone. */
const PATIENT = { DB_PING_TIMEOUT_MS: '60000' };

/** n8n publishes slowly, and what starts at once is parked at once. */
function oneByOne() {
	let last: Promise<unknown> = Promise.resolve();
	return async <T,>(work: () => Promise<T>): Promise<T> => {
		const mine = last.then(work);
		last = mine.catch(() => {});
		return await mine;
	};
}

async function playAlone(
	stage: Stage,
	census: ReturnType<typeof openCensus>,
	inTurn: ReturnType<typeof oneByOne>,
	story: Story,
): Promise<Played> {
	const scene = await openScene(stage, {
		seed: story.seed,
		timeScale: story.timeScale,
		keys: { [DEFAULT_KEY]: { balanceUsd: 1e6 } },
	});
	try {
		return await play(await inTurn(async () => await openLive(scene, census, story)));
	} finally {
		await scene.apixo.close();
	}
}

const lines = (table: CallTable) =>
	[...table].map(
		([row, counts]) =>
			`${row}: ${[...counts]
				.sort()
				.map(([status, number]) => `${status} ${number}×`)
				.join(', ')}`,
	);

export interface WeatherOptions extends PartOptions {
	/** first and how many */
	from?: number;
	stories: number;
	/** that may take more than a minute; 0 up to 1 */
	longShare: number;
	/** side by side */
	atOnce: number;
}

/**
 * Callbacks that come late, early, twice, never, in another order or from somebody else, to
 * executions with other waiting nodes behind. Only what is waited for may go on.
 */
export async function run({
	seed,
	from = 0,
	stories,
	longShare,
	atOnce,
	log,
}: WeatherOptions): Promise<Verdict> {
	const stage = await openStage({ env: PATIENT });
	const census = openCensus(stage.client);
	const inTurn = oneByOne();
	const faults: string[] = [];
	const calls: CallTable = new Map();
	const stops = new Map<StopKind, number>();
	const weather = new Map<string, number>();
	let [tasks, done] = [0, 0];
	try {
		const all = Array.from({ length: stories }, (_, n) => drawStory(seed, from + n, longShare));
		// The long ones first, so that the others are played meanwhile.
		all.sort((a, b) => Number(b.isLong) - Number(a.isLong));
		await mapConcurrently(all, atOnce, async (story) => {
			const played = await playAlone(stage, census, inTurn, story).catch((error: unknown) => {
				faults.push(`story ${story.number} could not be played: ${String(error)}`);
				log(faults[faults.length - 1]);
			});
			if (played === undefined) return;
			const found = judge(played);
			for (const fault of found) log(fault);
			faults.push(...found);
			countCalls(calls, played);
			countStops(stops, played);
			for (const { stop, pass } of played.visited) {
				if (!['wan', 'sub-workflow'].includes(stop.kind)) continue;
				for (const { name } of stop.passes[pass].fates) {
					weather.set(name, (weather.get(name) ?? 0) + 1);
				}
			}
			tasks += played.tasks.length;
			done += 1;
			if (done % 20 === 0) log(`${done} of ${stories}`);
		});
	} finally {
		await stage.close();
	}
	return {
		report: [
			`${stories} stories, ${tasks} tasks`,
			`stops: ${[...stops].map(([kind, number]) => `${number} ${kind}`).join(', ')}`,
			`weather: ${[...weather].map(([kind, number]) => `${number} ${kind}`).join(', ')}`,
			...lines(calls),
			...faults,
		],
		checks: [['nothing went on that nobody called', faults.length === 0]],
	};
}
