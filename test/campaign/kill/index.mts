import { DEFAULT_KEY } from '../../../emulator/index.mts';
import { jsonOf } from '../../support/n8n/run.mts';
import { openScene } from '../../support/n8n/scene.mts';
import type { Scene } from '../../support/n8n/scene.mts';
import { openStage } from '../../support/n8n/stage.mts';
import { items, manualStart, wanVideo } from '../../support/n8n/workflows.mts';
import { drawer } from '../draw.mts';
import type { PartOptions, Verdict } from '../part.mts';
import { tasksOf } from './group.mts';
import type { Group } from './group.mts';
import { judgeGroup, paidTwice } from './judge.mts';
import { PHASES } from './phases.mts';
import { HURRIED, killRound } from './round.mts';
import type { RoundOptions } from './round.mts';
import { publishStands } from './stand.mts';
import type { Stand } from './stand.mts';

const SETTINGS = {
	...HURRIED,
	generationMs: Infinity,
	keys: { [DEFAULT_KEY]: { balanceUsd: 1e6 } },
};

const KILLED = /not known whether this item was submitted/;

/**
 * What a user does next: Retry, and Retry of that.
 *
 * @param loadWorkflow with the workflow as it is now
 * @returns what came of it
 */
async function retryTwice({ client }: Scene, id: string, loadWorkflow: boolean): Promise<string[]> {
	const said: string[] = [];
	for (let next = id; said.length < 2 && said.at(-1) !== 'success'; ) {
		({ id: next } = await client.retry(next, { loadWorkflow }));
		const { status, data } = await client.waitForExecution(next);
		said.push(status === 'error' ? String(data.resultData.error?.message) : status);
	}
	return said;
}

/** Follows the advice: Wait, with the IDs from the log. @returns how many videos came */
async function fetchByIds(scene: Scene, taskIds: string[]): Promise<number> {
	const parameters = { operation: 'wait', taskId: '={{ $json.taskId }}' };
	const run = await scene.start([
		manualStart(),
		items(taskIds.map((taskId) => ({ taskId }))),
		wanVideo(parameters, { credentials: scene.credentials }),
	]);
	return jsonOf(await run.final(), 'Wan').filter(({ videoUrl }) => videoUrl).length;
}

/** What became of a group. */
interface Row {
	phase: string;
	/** by what is counted */
	counts: Record<string, number>;
}

interface RoundResult {
	/** in words */
	faults: string[];
	rows: Row[];
}

async function playRound(
	scene: Scene,
	stands: Stand[],
	options: RoundOptions,
): Promise<RoundResult> {
	const { groups, statuses } = await killRound(scene, stands, options);
	const log = scene.n8n.log();
	const faults: string[] = [];
	const rows: Row[] = [];
	const hit = async (group: Group) => {
		const { survives, goesOnByRetry } = PHASES[group.phase];
		const verdict = await judgeGroup(scene, group, statuses, log);
		faults.push(...verdict.faults);
		let retries = 0;
		for (const id of survives ? [] : group.ids) {
			const said = await retryTwice(scene, id, options.draw.chance(0.5));
			retries += said.length;
			const isWell = (text: string) => KILLED.test(text) || (goesOnByRetry && text === 'success');
			if (!said.every(isWell)) faults.push(`${group.tag} Retry: ${said}`);
		}
		const twice = paidTwice(scene, group);
		if (twice > 0) faults.push(`${group.tag} was paid for twice`);
		rows.push({ phase: group.phase, counts: { ...verdict.counts, retries, 'paid twice': twice } });
	};
	await Promise.all(groups.map(hit));
	const toFetch = groups
		.filter(({ phase }) => !PHASES[phase].survives)
		.flatMap(({ tag }) => tasksOf(scene, tag))
		.map(({ taskId }) => taskId)
		.filter((taskId) => log.includes(taskId));
	const fetched = await fetchByIds(scene, toFetch);
	if (fetched !== toFetch.length) {
		faults.push(`Wait brought ${fetched} of ${toFetch.length} videos`);
	}
	return { faults, rows };
}

const sumOf = (rows: Row[], name: string) =>
	rows.reduce((total, { counts }) => total + counts[name], 0);

/** Adds up the rows of all rounds, one line for each phase. */
function tableOf(rows: Row[]): string[] {
	const columns = Object.keys(rows[0].counts);
	const lines = Object.keys(PHASES).map((phase) => {
		const own = rows.filter((row) => row.phase === phase);
		return `| ${[phase, ...columns.map((name) => sumOf(own, name))].join(' | ')} |`;
	});
	const head = ['killed while', ...columns];
	return [`| ${head.join(' | ')} |`, `|${head.map(() => ' --- ').join('|')}|`, ...lines];
}

/**
 * SIGKILL of a real n8n while executions are in every phase; then Retry, and fetching by the IDs from the log.
 *
 * @param options `count`: executions of each of the two workflows of a phase, in each round
 */
export async function run({
	seed,
	rounds,
	count,
	log,
}: PartOptions & { rounds: number; count: number }): Promise<Verdict> {
	const draw = drawer(seed);
	const stage = await openStage();
	const scene = await openScene(stage, { ...SETTINGS, seed });
	const faults: string[] = [];
	const rows: Row[] = [];
	try {
		const stands = await publishStands(scene);
		for (let round = 0; round < rounds; round += 1) {
			const result = await playRound(scene, stands, { round, count, draw });
			faults.push(...result.faults);
			rows.push(...result.rows);
			log(`round ${round + 1} of ${rounds}: ${result.faults.length} faults`);
		}
	} finally {
		await scene.apixo.close();
		await stage.close();
	}
	return {
		report: [
			`${rounds} kills, ${sumOf(rows, 'executions')} executions`,
			...tableOf(rows),
			...faults,
		],
		checks: [
			['nothing is paid twice', sumOf(rows, 'paid twice') === 0],
			['all is as it should be after a kill', faults.length === 0],
		],
	};
}
