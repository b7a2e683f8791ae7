import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_KEY } from '../../../emulator/index.mts';
import type { N8nClient } from '../../../tools/n8n/driver/index.mts';
import { openScene } from '../../support/n8n/scene.mts';
import { openStage } from '../../support/n8n/stage.mts';
import { randomOf } from '../../support/measure/random.mts';
import type { Stage } from '../../support/n8n/stage.mts';
import type { Check, PartOptions, Verdict } from '../part.mts';
import { RULES, openControlLoad, openLoad, unfinished } from './load.mts';
import type { Load } from './load.mts';
import { heldBy, probeEnvironment, slopeOf } from './measure.mts';
import type { Held, ProbeEnvironment } from './measure.mts';

/** What n8n and the node hold on to for a moment: a parked execution that was resumed, 10 s. */
const REST_MS = 12_000;
const SAMPLE_EVERY_MS = 60_000;
/** V8 needs its time until all that is hot is compiled; n8n fills its caches. */
const WARM_UP_SHARE = 1 / 3;
/** The newest 500 reports, and durations of at most 30 kinds of request: see the nodes. */
const MAX_STATIC_BYTES = 100_000;

const FIGURES: Array<keyof Held> = ['heapMb', 'rssMb', 'timers', 'descriptors', 'sockets'];

/** @returns the largest of the workflows, as JSON */
async function staticBytes(client: N8nClient, workflowIds: string[]): Promise<number> {
	const workflows = await Promise.all(workflowIds.map(async (id) => await client.workflow(id)));
	const sizes = workflows.map(({ staticData }) => JSON.stringify(staticData ?? null).length);
	return Math.max(...sizes);
}

/** What is held in a moment of rest. */
interface Sample extends Held {
	/** since the start */
	minutes: number;
	/** so far */
	executions: number;
	staticBytes: number;
	/** executions */
	unfinished: number;
}

async function sampled(
	{ client, n8n }: Stage,
	probe: ProbeEnvironment,
	load: Load,
	startedAt: number,
): Promise<Sample> {
	await sleep(REST_MS);
	return {
		minutes: (Date.now() - startedAt) / 60_000,
		executions: Number((await client.executions())[0].id),
		...(await heldBy(n8n.pid, probe)),
		staticBytes: await staticBytes(client, load.workflowIds),
		unfinished: (await unfinished(client)).length,
	};
}

const lastOf = (samples: Sample[]) => samples[samples.length - 1];

/** The line through what was held after the warm-up. */
interface Trend {
	figure: keyof Held;
	/** a minute */
	slope: number;
	/** standard error of the slope */
	error: number;
	min: number;
	max: number;
	/** samples */
	count: number;
}

function trendOf(samples: Sample[], figure: keyof Held): Trend {
	const { minutes: end } = lastOf(samples);
	const warm = samples.filter(({ minutes }) => minutes >= end * WARM_UP_SHARE);
	const line = slopeOf(warm.map((sample) => [sample.minutes, sample[figure]]));
	const values = warm.map((sample) => sample[figure]);
	return {
		figure,
		...line,
		min: Math.min(...values),
		max: Math.max(...values),
		count: warm.length,
	};
}

/** Flat: not rising, within twice the standard error or a thousandth of its level a minute. */
const isFlat = ({ slope, error, max }: Trend) => slope <= Math.max(2 * error, max * 0.001);

const lineOf = ({ figure, slope, error, min, max, count }: Trend) =>
	`${figure}: ${min.toFixed(2)} to ${max.toFixed(2)} after the warm-up (${count} samples), ` +
	`slope ${slope.toFixed(3)} ± ${error.toFixed(3)} a minute`;

/** MiB of heap for every thousand executions, after the warm-up. */
function heapPerThousand(samples: Sample[]): string {
	const warm = samples.slice(Math.floor(samples.length * WARM_UP_SHARE));
	const { slope, error } = slopeOf(warm.map((one) => [one.executions / 1_000, one.heapMb]));
	return `heap per 1,000 executions: ${slope.toFixed(2)} ± ${error.toFixed(2)} MiB`;
}

interface Measured {
	/** one a minute */
	samples: Sample[];
	rounds: number;
	/** tasks that were paid for */
	tasks: number;
}

function verdictOf({ samples, rounds, tasks }: Measured): Verdict {
	const trends = FIGURES.map((figure) => trendOf(samples, figure));
	const { executions, minutes } = lastOf(samples);
	return {
		report: [
			`${rounds} rounds, ${executions} executions, ${tasks} tasks, ${minutes.toFixed(2)} minutes`,
			heapPerThousand(samples),
			...trends.map(lineOf),
		],
		checks: [
			...trends.map((trend): Check => [`${trend.figure} is flat`, isFlat(trend)]),
			['static data is bounded', samples.every((sample) => sample.staticBytes < MAX_STATIC_BYTES)],
			['no execution is left', samples.every((sample) => sample.unfinished === 0)],
		],
	};
}

/**
 * Mixed load on a real n8n: what it holds in moments of rest must not grow.
 *
 * @param options `isControl`: as many executions, without the node, so that what grows is n8n's own
 */
export async function run({
	seed,
	minutes,
	isControl,
	log,
}: PartOptions & { minutes: number; isControl: boolean }): Promise<Verdict> {
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
		const load = isControl ? await openControlLoad(scene) : await openLoad(scene);
		const startedAt = Date.now();
		const samples: Sample[] = [];
		let rounds = 0;
		while (Date.now() - startedAt < minutes * 60_000) {
			const until = Date.now() + SAMPLE_EVERY_MS - REST_MS;
			while (Date.now() < until) {
				await load.playRound();
				rounds += 1;
			}
			const sample = await sampled(stage, probe, load, startedAt);
			samples.push(sample);
			log(JSON.stringify(sample));
		}
		return verdictOf({ samples, rounds, tasks: scene.apixo.ledger().length });
	} finally {
		await scene.apixo.close();
		await stage.close();
	}
}
