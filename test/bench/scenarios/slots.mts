import type { INodeParameters } from 'n8n-workflow';
import { required } from '../../support/required.mts';
import { format, medianOf, percentileOf } from '../measure/statistics.mts';
import { lagsOf } from '../measure/tasks.mts';
import { busySlotSeconds, openQueueStage, publish } from '../queue-stage.mts';
import type { QueueStage } from '../queue-stage.mts';
import type { Result, Settings } from '../scenario.mts';

/** As many as n8n gives a worker unless told otherwise. */
const SLOTS = 10;

/** From 75 to 100 s, the same for each way. */
const PROMPT =
	'=Video {{ $json.body.number }}, {{ 75000 + ($json.body.number * 7919) % 25000 }} ms';

/** What is waited for beside each way. */
interface Case {
	name: string;
	parameters: INodeParameters;
	executions: number;
}

interface Measured {
	name: string;
	executions: number;
	wallSeconds: number;
	/** for each execution */
	slotSeconds: number;
	/** for each execution */
	polls: number;
	/** seconds from “final at APIXO” to the response that tells the node */
	lags: number[];
	charges: number;
}

async function measure(
	stage: QueueStage,
	{ name, parameters, executions }: Case,
): Promise<Measured> {
	const { apixo } = stage;
	apixo.reset();
	const workflow = await publish(stage, { prompt: PROMPT, ...parameters });
	const startedAt = Date.now();
	const slotSeconds = await busySlotSeconds(stage, async () => {
		await workflow.start(executions);
		await workflow.reach(executions, 'success');
	});
	return {
		name,
		executions,
		wallSeconds: (Date.now() - startedAt) / 1_000,
		slotSeconds: slotSeconds / executions,
		polls: apixo.requests({ kind: 'status' }).length / executions,
		lags: lagsOf(apixo).map((ms) => ms / 1_000),
		charges: apixo.ledger().length,
	};
}

function casesOf(few: number, some: number, many: number): Case[] {
	const parked = { waitFor: 'parked' };
	return [
		// The worker is new, and knows nothing yet.
		{ name: 'Parked polling, nothing known', parameters: parked, executions: some },
		{ name: 'Parked polling', parameters: parked, executions: some },
		{ name: 'Parked polling', parameters: parked, executions: many },
		{ name: 'Callback', parameters: { waitFor: 'callback' }, executions: many },
		{ name: 'Polling', parameters: {}, executions: few },
	];
}

function resultOf(measured: Measured[]): Result {
	const [few, many] = [Math.min, Math.max].map((pick) =>
		pick(...measured.map(({ executions }) => executions)),
	);
	const find = (name: string, executions: number) =>
		required(
			measured.find((one) => one.name === name && one.executions === executions),
			name,
		);
	const polling = find('Polling', few);
	const parked = find('Parked polling', many);
	const callback = find('Callback', many);
	const quiet = required(
		measured.find(({ name, executions }) => name === 'Parked polling' && executions < many),
		'some parked executions',
	);
	const inProportion = (polling.wallSeconds * many) / few;
	const share = parked.slotSeconds / polling.slotSeconds;
	const quietLag = medianOf(quiet.lags);
	return {
		raw: measured,
		marks: [
			{
				what: `Time of a worker’s slot for a video of 75 to 100 s: parked polling ÷ polling (${many} executions)`,
				mark: '≤ 0.1',
				measured: format(share),
				isMet: share <= 0.1,
			},
			{
				what: `Lag of parked polling with known durations, median (${quiet.executions} executions side by side)`,
				mark: '≤ 5 s',
				measured: `${format(quietLag)} s`,
				isMet: quietLag <= 5,
			},
			{
				what: 'Nothing lost and nothing paid twice: charges for executions that all succeeded',
				mark: measured.map(({ executions }) => executions).join(', '),
				measured: measured.map(({ charges }) => charges).join(', '),
				isMet: measured.every(({ charges, executions }) => charges === executions),
			},
		],
		tables: [
			{
				caption: `One worker with ${SLOTS} slots, as n8n has it; each execution makes one video of 75 to 100 s. Lag: from “final at APIXO” to the response that tells the node. Polling in proportion: ${many} executions would take ${format(inProportion)} s.`,
				columns: [
					'Waiting by',
					'Executions',
					'Wall time, s',
					'Slot-seconds for each',
					'GETs for each',
					'Lag, median, s',
					'Lag, 90 % below, s',
				],
				rows: measured.map(({ name, executions, wallSeconds, slotSeconds, polls, lags }) => [
					name,
					String(executions),
					format(wallSeconds),
					format(slotSeconds),
					format(polls),
					format(medianOf(lags)),
					format(percentileOf(lags, 0.9)),
				]),
			},
		],
		charts: [
			{
				file: 'slots',
				title: 'Time of a worker’s slot for one video of 75 to 100 s',
				yName: 'seconds',
				isLogarithmic: true,
				categories: ['one execution'],
				series: [polling, parked, callback].map(({ name, slotSeconds }) => ({
					name,
					values: [[slotSeconds]],
				})),
			},
		],
		notes: [
			`All ${many} executions begin and end at about the same time. n8n itself reads and writes each of them, which keeps both cores busy and is most of the lag and of the time in a slot there; ${quiet.executions} executions show what the node’s schedule does.`,
			'What is known of durations lives in each worker. In the first row none has finished: the executions look after 62 s and after 124 s.',
			'Under load a second look comes later than planned, so these figures differ from those of [parking](#parking), which contain nothing but the schedule.',
		],
	};
}

export const name = 'slots';

export const title = 'Queue mode: slots, requests and lag of the three ways to wait';

export async function run({ isShort, log }: Settings): Promise<Result> {
	const cases = isShort ? casesOf(2, 4, 8) : casesOf(2 * SLOTS, 60, 300);
	const stage = await openQueueStage(SLOTS);
	try {
		const measured: Measured[] = [];
		for (const one of cases) {
			const result = await measure(stage, one);
			const { lags, ...figures } = result;
			log(JSON.stringify({ ...figures, lag: medianOf(lags), p90: percentileOf(lags, 0.9) }));
			measured.push(result);
		}
		return resultOf(measured);
	} finally {
		await stage.close();
	}
}
