import { DEFAULT_KEY } from '../../../emulator/index.mts';
import { jsonOf } from '../../support/n8n/run.mts';
import { openScene } from '../../support/n8n/scene.mts';
import { openStage } from '../../support/n8n/stage.mts';
import { items, manualStart, wanVideo } from '../../support/n8n/workflows.mts';
import { drawer } from '../misbehaviour/draw.mts';
import { judgeGroup, paidTwice } from './judge.mts';
import { PHASES } from './phases.mts';
import { HURRIED, killRound, tasksOf } from './round.mts';
import { publishStands } from './stand.mts';

const SETTINGS = {
	...HURRIED,
	generationMs: Infinity,
	keys: { [DEFAULT_KEY]: { balanceUsd: 1e6 } },
};

const KILLED = /n8n was killed after this node had begun/;

/** What a user does next: Retry, and Retry of that. @returns what came of it */
async function retryTwice({ client }, id, loadWorkflow): Promise<string[]> {
	const said = [];
	for (let next = id; said.length < 2 && said.at(-1) !== 'success'; ) {
		({ id: next } = await client.retry(next, { loadWorkflow }));
		const { status, data } = await client.waitForExecution(next);
		said.push(status === 'error' ? data.resultData.error.message : status);
	}
	return said;
}

/** Follows the advice: Wait, with the IDs from the log. @returns how many videos came */
async function fetchByIds(scene, taskIds): Promise<number> {
	const parameters = { operation: 'wait', taskId: '={{ $json.taskId }}' };
	const run = await scene.start([
		manualStart(),
		items(taskIds.map((taskId) => ({ taskId }))),
		wanVideo(parameters, { credentials: scene.credentials }),
	]);
	return jsonOf(await run.final(), 'Wan').filter(({ videoUrl }) => videoUrl).length;
}

async function playRound(scene, stands, { round, count, draw }) {
	const { groups, statuses } = await killRound(scene, stands, { round, count, draw });
	const log = scene.n8n.log();
	const faults = [];
	const rows = [];
	const hit = async (group) => {
		const { survives, goesOnByRetry } = PHASES[group.phase];
		const verdict = await judgeGroup(scene, group, statuses, log);
		const row = { phase: group.phase, ...verdict.counts, retries: 0 };
		faults.push(...verdict.faults);
		for (const id of survives ? [] : group.ids) {
			const said = await retryTwice(scene, id, draw.chance(0.5));
			row.retries += said.length;
			const isWell = (text) => KILLED.test(text) || (goesOnByRetry && text === 'success');
			if (!said.every(isWell)) faults.push(`${group.tag} Retry: ${said}`);
		}
		row['paid twice'] = paidTwice(scene, group);
		if (row['paid twice'] > 0) faults.push(`${group.tag} was paid for twice`);
		rows.push(row);
	};
	await Promise.all(groups.map(hit));
	const toFetch = groups
		.filter(({ phase }) => !PHASES[phase].survives)
		.flatMap(({ tag }) => tasksOf(scene, tag))
		.map(({ taskId }) => taskId)
		.filter((taskId) => log.includes(taskId));
	const fetched = await fetchByIds(scene, toFetch);
	if (fetched !== toFetch.length)
		faults.push(`Wait brought ${fetched} of ${toFetch.length} videos`);
	return { faults, rows };
}

/** Adds up the rows of all rounds, one line for each phase. */
function tableOf(rows) {
	const columns = Object.keys(rows[0]).filter((name) => name !== 'phase');
	const lines = Object.keys(PHASES).map((phase) => {
		const own = rows.filter((row) => row.phase === phase);
		const sums = columns.map((name) => own.reduce((sum, row) => sum + row[name], 0));
		return `| ${[phase, ...sums].join(' | ')} |`;
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
}: {
	seed: number;
	rounds: number;
	count: number;
	log: (text: string) => void;
}) {
	const draw = drawer(seed);
	const stage = await openStage();
	const scene = await openScene(stage, { ...SETTINGS, seed });
	const [faults, rows] = [[], []];
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
	const sum = (name) => rows.reduce((total, row) => total + row[name], 0);
	return {
		report: [`${rounds} kills, ${sum('executions')} executions`, ...tableOf(rows), ...faults],
		checks: [
			['nothing is paid twice', sum('paid twice') === 0],
			['all is as it should be after a kill', faults.length === 0],
		],
	};
}

export const name = 'kill';
