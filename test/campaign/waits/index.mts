import { DEFAULT_KEY } from '../../../emulator/index.mts';
import { openScene } from '../../support/n8n/scene.mts';
import { drawer } from '../draw.mts';
import type { PartOptions, Verdict } from '../part.mts';
import { togetherBy } from '../together.mts';
import { drawRun } from './draw-run.mts';
import type { Form } from './draw-run.mts';
import { judge } from './judge.mts';
import type { Row } from './judge.mts';
import { Listing } from './lineage.mts';
import { openCluster, openServer } from './place.mts';
import { playRound } from './round.mts';

const PLACES = { server: openServer, queue: openCluster };

/** Before each kill. */
const PAUSE_MS: Record<Form, [from: number, to: number]> = {
	short: [4_000, 20_000],
	long: [45_000, 90_000],
};

export interface WaitsOptions extends PartOptions {
	place: keyof typeof PLACES;
	form: Form;
	rounds: number;
	/** side by side in each round */
	runs: number;
	killsPerRound: number;
}

const sumOf = (rows: Row[], name: string) =>
	rows.reduce((total, { counts }) => total + counts[name], 0);

function tableOf(rows: Row[]): string[] {
	const columns = Object.keys(rows[0].counts);
	const ways = [...new Set(rows.map(({ way }) => way))];
	const lines = ways.map((way) => {
		const own = rows.filter((row) => row.way === way);
		return `| ${[way, ...columns.map((name) => sumOf(own, name))].join(' | ')} |`;
	});
	const head = ['way', ...columns];
	return [`| ${head.join(' | ')} |`, `|${head.map(() => ' --- ').join('|')}|`, ...lines];
}

/**
 * Executions of drawn workflows, in all ways to wait, while n8n or a part of it is killed. No callback
 * arrives. A user retries what was killed.
 */
export async function run(options: WaitsOptions): Promise<Verdict> {
	const { seed, place: kind, form, rounds, runs, killsPerRound, log } = options;
	const place = await PLACES[kind]();
	const plans = Array.from({ length: rounds * runs }, (_, number) => drawRun(seed, number, form));
	const times = new Map(
		plans.flatMap(({ items }) => items).map(({ prompt, generationMs }) => [prompt, generationMs]),
	);
	const scene = await openScene(place, {
		seed,
		keys: { [DEFAULT_KEY]: { balanceUsd: 1e6 } },
		generationMs: ({ prompt }) => times.get(prompt) ?? 0,
	});
	scene.apixo.misbehave({ on: 'callback', do: { lose: true } });
	const listing = new Listing(place.client);
	const draw = drawer(seed);
	const rows: Row[] = [];
	let killed = 0;
	try {
		for (let round = 0; round < rounds; round += 1) {
			const own = plans.slice(round * runs, (round + 1) * runs);
			const kills = Array.from({ length: killsPerRound }, () => ({
				kill: place.kills[(seed + killed++) % place.kills.length],
				pauseMs: draw.whole(...PAUSE_MS[form]),
			}));
			const lineages = await playRound(place, scene, { plans: own, kills, draw, listing, log });
			const groups = togetherBy(lineages, ({ plan }) => plan.tag);
			const verdicts = groups.map((group) => judge(scene, group));
			rows.push(...verdicts);
			const faults = verdicts.flatMap((row) => row.faults);
			log(`round ${round + 1} of ${rounds}: ${faults.length} faults`);
			for (const fault of faults) log(fault);
		}
	} finally {
		await listing.close();
		await scene.apixo.close();
		await place.close();
	}
	const faults = rows.flatMap((row) => row.faults);
	return {
		report: [
			`${place.name}: ${killed} kills, ${sumOf(rows, 'runs')} runs`,
			...tableOf(rows),
			...faults,
		],
		checks: [
			['nothing is paid twice', sumOf(rows, 'paid twice') === 0],
			['no paid task is lost', sumOf(rows, 'lost') === 0],
			['all is as it should be', faults.length === 0],
		],
	};
}
