import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_KEY } from '../../../emulator/index.mts';
import { openScene } from '../../support/n8n/scene.mts';
import { openStage } from '../../support/n8n/stage.mts';
import { randomOf } from '../../support/measure/random.mts';
import {
	RULES,
	playControlRound,
	playRound,
	publish,
	publishControl,
	unfinished,
} from './load.mts';
import { heldBy, probeEnvironment, slopeOf } from './measure.mts';

/** What n8n and the node hold on to for a moment: a parked execution that was resumed, 10 s. */
const REST_MS = 12_000;
const SAMPLE_EVERY_MS = 60_000;
/** V8 needs its time until all that is hot is compiled; n8n fills its caches. */
const WARM_UP_SHARE = 1 / 3;
/** The newest 500 reports, and durations of at most 30 kinds of request: see the nodes. */
const MOST_STATIC_BYTES = 100_000;

const FIGURES = ['heapMb', 'rssMb', 'timers', 'descriptors', 'sockets'];

async function staticBytes(client, workflows) {
	const ids = Object.values(workflows).map((workflow) => workflow.id ?? workflow);
	const all = await Promise.all(ids.map(async (id) => await client.get(`/workflows/${id}`)));
	return all.map(({ staticData }) => JSON.stringify(staticData ?? null).length);
}

async function sampled(stage, probe, workflows, startedAt) {
	await sleep(REST_MS);
	return {
		minutes: (Date.now() - startedAt) / 60_000,
		executions: Number((await stage.client.executions())[0].id),
		...(await heldBy(stage.n8n.pid, probe)),
		staticBytes: Math.max(...(await staticBytes(stage.client, workflows))),
		unfinished: (await unfinished(stage.client)).length,
	};
}

const shown = (value) => value.toFixed(2);

/** The line through what was held after the warm-up, for each figure. */
function trendOf(samples, figure) {
	const { minutes: end } = samples.at(-1);
	const warm = samples.filter(({ minutes }) => minutes >= end * WARM_UP_SHARE);
	const { slope, error } = slopeOf(warm.map((sample) => [sample.minutes, sample[figure]]));
	const values = warm.map((sample) => sample[figure]);
	return { slope, error, min: Math.min(...values), max: Math.max(...values), count: warm.length };
}

/** Flat: not rising, within twice the standard error or a thousandth of its level a minute. */
const isFlat = ({ slope, error, max }) => slope <= Math.max(2 * error, max * 0.001);

/** MiB of heap for every thousand executions, after the warm-up. */
function heapPerThousand(samples) {
	const warm = samples.slice(Math.floor(samples.length * WARM_UP_SHARE));
	const { slope, error } = slopeOf(warm.map((one) => [one.executions / 1_000, one.heapMb]));
	return `heap per 1,000 executions: ${shown(slope)} ± ${shown(error)} MiB`;
}

/**
 * Mixed load on a real n8n: what it holds in moments of rest must not grow.
 *
 * @param options `isControl`: as many executions, without the node, so that what grows is n8n's own
 */
export async function run({
	seed,
	minutes,
	isControl = false,
	log,
}: {
	seed: number;
	minutes: number;
	isControl?: boolean;
	log: (text: string) => void;
}) {
	const [open, play] = isControl ? [publishControl, playControlRound] : [publish, playRound];
	const probe = probeEnvironment();
	const stage = await openStage({ env: { ...probe, N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem' } });
	const random = randomOf(seed);
	const scene = await openScene(stage, {
		seed,
		timeScale: 0.3,
		generationMs: () => 500 + 2_500 * random(),
		keys: { [DEFAULT_KEY]: { balanceUsd: 1e9 } },
	});
	try {
		RULES.forEach((rule) => scene.apixo.misbehave(rule));
		const workflows = await open(scene);
		const startedAt = Date.now();
		const samples = [];
		let rounds = 0;
		while (Date.now() - startedAt < minutes * 60_000) {
			const until = Date.now() + SAMPLE_EVERY_MS - REST_MS;
			while (Date.now() < until) {
				await play(scene, workflows);
				rounds += 1;
			}
			samples.push(await sampled(stage, probe, workflows, startedAt));
			log(JSON.stringify(samples.at(-1)));
		}
		const trends = FIGURES.map((figure) => [figure, trendOf(samples, figure)]);
		const tasks = scene.apixo.ledger().length;
		return {
			report: [
				`${rounds} rounds, ${samples.at(-1).executions} executions, ${tasks} tasks, ${shown(samples.at(-1).minutes)} minutes`,
				heapPerThousand(samples),
				...trends.map(
					([figure, { slope, error, min, max, count }]) =>
						`${figure}: ${shown(min)} to ${shown(max)} after the warm-up (${count} samples), ` +
						`slope ${slope.toFixed(3)} ± ${error.toFixed(3)} a minute`,
				),
			],
			checks: [
				...trends.map(([figure, trend]) => [`${figure} is flat`, isFlat(trend)]),
				[
					'static data is bounded',
					samples.every(({ staticBytes: bytes }) => bytes < MOST_STATIC_BYTES),
				],
				['no execution is left', samples.every((sample) => sample.unfinished === 0)],
			],
		};
	} finally {
		await scene.apixo.close();
		await stage.close();
	}
}

export const name = 'soak';
