import { format, formatSpread, medianOf } from '../measure/statistics.mts';
import { cpuShares, openQueueStage, publish } from '../queue-stage.mts';
import type { CpuShares, Published, QueueStage } from '../queue-stage.mts';
import type { Result, Settings } from '../scenario.mts';

const TASK_SECONDS = 20;
const SLOTS = 5;

/** Waits for a task that another call makes final. */
const LONG_MS = 3_600_000;

const promptOf = (ms: number) => `A video, ${ms} ms`;

async function secondsFor(work: () => Promise<void>): Promise<number> {
	const startedAt = Date.now();
	await work();
	return (Date.now() - startedAt) / 1_000;
}

/**
 * How long an execution that does nothing takes now: it needs a free slot of the worker.
 *
 * @param done how many of them there were before
 */
async function quickSeconds(quick: Published, done: number): Promise<number> {
	return await secondsFor(async () => {
		await quick.start(1);
		await quick.reach(done + 1, 'success');
	});
}

interface Batch {
	/** executions */
	count: number;
	wallSeconds: number;
	charges: number;
}

async function measureCallback(stage: QueueStage, count: number): Promise<Batch> {
	stage.apixo.reset();
	const workflow = await publish(stage, {
		prompt: promptOf(TASK_SECONDS * 1_000),
		waitFor: 'callback',
	});
	const wallSeconds = await secondsFor(async () => {
		await workflow.start(count);
		await workflow.reach(count, 'success');
	});
	return { count, wallSeconds, charges: stage.apixo.ledger().length };
}

interface PollingBatch extends Batch {
	/** seconds of an execution that does nothing, started behind them */
	meanwhile: number;
}

async function measurePolling(
	stage: QueueStage,
	quick: Published,
	count: number,
): Promise<PollingBatch> {
	stage.apixo.reset();
	const options = { firstPollDelay: TASK_SECONDS, pollInterval: 1 };
	const workflow = await publish(stage, { prompt: promptOf(TASK_SECONDS * 1_000), options });
	let meanwhile = NaN;
	const wallSeconds = await secondsFor(async () => {
		await workflow.start(count);
		meanwhile = await quickSeconds(quick, 1);
		await workflow.reach(count, 'success');
	});
	return { count, wallSeconds, meanwhile, charges: stage.apixo.ledger().length };
}

/** Parks that many executions. */
async function park(stage: QueueStage, count: number) {
	stage.apixo.reset();
	const workflow = await publish(stage, { prompt: promptOf(LONG_MS), waitFor: 'callback' });
	await workflow.start(count);
	await workflow.reach(count, 'waiting');
	return {
		async resume() {
			for (const { taskId } of stage.apixo.tasks()) stage.apixo.finish(taskId);
			await workflow.reach(count, 'success');
		},
	};
}

interface Meanwhile {
	parked: number;
	seconds: number;
}

/** How long another execution takes while many are parked. */
async function measureMeanwhile(
	stage: QueueStage,
	quick: Published,
	parked: number,
): Promise<Meanwhile> {
	const { resume } = await park(stage, parked);
	const seconds = await quickSeconds(quick, 2);
	await resume();
	return { parked, seconds };
}

interface Resuming {
	count: number;
	perSecond: number;
	shares: CpuShares;
	/** callbacks that were not answered with 200 */
	refused: number;
}

/** All tasks become final at once: how fast do the executions go on? */
async function measureResuming(stage: QueueStage, count: number): Promise<Resuming> {
	const { resume } = await park(stage, count);
	const { seconds, shares } = await cpuShares(stage, resume);
	const refused = stage.apixo.callbacks().filter(({ status }) => status !== 200).length;
	return { count, perSecond: count / seconds, shares, refused };
}

interface Measured {
	/** repetitions */
	callback: Batch[];
	polling: PollingBatch;
	meanwhile: Meanwhile;
	/** with one worker, repetitions */
	one: Resuming[];
	/** with two workers, repetitions */
	two: Resuming[];
}

function resultOf({ callback, polling, meanwhile, one, two }: Measured): Result {
	const [{ count }] = callback;
	const walls = callback.map(({ wallSeconds }) => wallSeconds);
	const pollingSeconds = (polling.wallSeconds * count) / polling.count;
	const faster = walls.map((seconds) => pollingSeconds / seconds);
	const charges = callback.map((round) => round.charges);
	const rates = [one, two].map((rounds) => rounds.map(({ perSecond }) => perSecond));
	const growth = medianOf(rates[1]) / medianOf(rates[0]);
	const groups = Object.keys(one[0].shares);
	const percent = (shares: number[]) => `${Math.round(medianOf(shares) * 100)} %`;
	const slots = `${SLOTS} slots`;
	return {
		raw: { callback, polling, meanwhile, one, two },
		marks: [
			{
				what: `${count} executions of one ${TASK_SECONDS} s video, ${slots}: callback wait, times as fast as polling`,
				mark: '≥ 20',
				measured: format(medianOf(faster)),
				isMet: medianOf(faster) >= 20,
			},
			{
				what: 'Nothing lost: charges for executions that all succeeded, each round',
				mark: String(count),
				measured: charges.join(', '),
				isMet: charges.every((charged) => charged === count),
			},
			{
				what: 'Resumed executions a second, two workers ÷ one',
				mark: '≥ 1.6',
				measured: format(growth),
				isMet: growth >= 1.6,
			},
		],
		tables: [
			{
				caption: `One worker with ${slots}. Polling was measured with ${polling.count} executions and multiplied: each slot holds one task at a time, so it grows in proportion.`,
				columns: [
					'Waiting by',
					'Executions',
					'Wall time, s',
					'An execution that does nothing, meanwhile, s',
				],
				rows: [
					[
						'Callback wait',
						String(count),
						formatSpread(walls),
						`${format(meanwhile.seconds)} (${meanwhile.parked} parked)`,
					],
					[
						'Polling',
						String(polling.count),
						format(polling.wallSeconds),
						format(polling.meanwhile),
					],
					['Polling, in proportion', String(count), format(pollingSeconds), ''],
				],
			},
			{
				caption: `${one[0].count} parked executions whose tasks become final at the same moment. Shares are of all cores.`,
				columns: [
					'Workers',
					'Resumed a second',
					...groups.map((name) => `CPU: ${name}`),
					'Callbacks to be repeated',
				],
				rows: [one, two].map((rounds, index) => [
					String(index + 1),
					formatSpread(rates[index]),
					...groups.map((name) => percent(rounds.map(({ shares }) => shares[name]))),
					formatSpread(rounds.map(({ refused }) => refused)),
				]),
			},
		],
		charts: [
			{
				file: 'queue',
				title: `${count} executions of one ${TASK_SECONDS} s video, one worker with ${slots}`,
				yName: 'seconds',
				isLogarithmic: true,
				categories: ['polling (in proportion)', 'callback wait'],
				series: [{ name: 'Wall time', values: [[pollingSeconds], walls] }],
			},
		],
		notes: [
			'Main, one webhook processor, workers, Redis, PostgreSQL, the stand-in for APIXO and what measures share the cores of this one machine. Where their sum is near 100 %, a second worker has no core to run on, whatever the node does.',
			`Polling asked for the first time after ${TASK_SECONDS} s, when its task was just ready, and then each second: better than it can know.`,
			'The first rounds are slower: every process of n8n is new, and its code not yet compiled.',
			'Where a mark is missed: both cores are full, most of all with the webhook processor. In a CPU profile of 100 callbacks, with version 0.1, the node’s own code took 1.7 % of that process’s time (3.5 % with all that it calls) and nothing of the worker’s; the rest is n8n reading, writing and queueing the execution, and setting up its expression engine. Faster than this it goes with more cores and more webhook processors.',
		],
	};
}

export const name = 'queue';

export const title = 'Queue mode: callback wait beside polling, and a second worker';

export async function run({ isShort, log }: Settings): Promise<Result> {
	const sizes = isShort ? { many: 20, few: 5, resumed: 20 } : { many: 300, few: 15, resumed: 150 };
	const rounds = isShort ? 1 : 3;
	const stage = await openQueueStage(SLOTS);
	const logged = <T,>(figures: T): T => {
		log(JSON.stringify(figures));
		return figures;
	};
	/** One after the other. */
	const repeated = async <T,>(measure: () => Promise<T>): Promise<T[]> => {
		const results: T[] = [];
		while (results.length < rounds) results.push(logged(await measure()));
		return results;
	};
	try {
		const quick = await publish(stage);
		await quickSeconds(quick, 0);
		const polling = logged(await measurePolling(stage, quick, sizes.few));
		const callback = await repeated(async () => await measureCallback(stage, sizes.many));
		const meanwhile = logged(await measureMeanwhile(stage, quick, sizes.many));
		const resuming = async () => await measureResuming(stage, sizes.resumed);
		const one = await repeated(resuming);
		await stage.cluster.addWorker();
		const two = await repeated(resuming);
		return resultOf({ callback, polling, meanwhile, one, two });
	} finally {
		await stage.close();
	}
}
