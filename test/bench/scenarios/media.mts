import type { INodeParameters } from 'n8n-workflow';
import { costTo } from '../../support/measure/process.mts';
import { format, formatSpread, formatWhole, medianOf } from '../measure/statistics.mts';
import { onStage, requestsTaking } from '../stage.mts';
import type { Stage } from '../stage.mts';
import { generating } from '../workflows.mts';
import type { Result, Settings } from '../scenario.mts';

const ITEMS = 100;

/** Milliseconds that a task takes. */
const TASK_MS = 6_000;

/** What the items are made from, and whether it is looked at. */
const CASES = {
	off: { what: 'not looked at', isLookedAt: false, image: () => 'picture.jpg' },
	same: { what: 'one image for all', isLookedAt: true, image: () => 'picture.jpg' },
	each: { what: 'an image each', isLookedAt: true, image: (n: number) => `picture.jpg?n=${n}` },
	slow: {
		what: 'an image each, from a host that takes 0.3 s',
		isLookedAt: true,
		image: (n: number) => `picture.jpg?n=${n}&delayMs=300`,
	},
};

type CaseName = keyof typeof CASES;

const NAMES = Object.keys(CASES) as CaseName[];

interface Figures {
	wallSeconds: number;
	cpuSeconds: number;
	/** MiB more than before */
	peakMb: number;
	/** requests to the file host */
	looks: number;
}

type Figure = keyof Figures;

interface BatchRun extends Figures {
	name: CaseName;
}

async function measure(stage: Stage, name: CaseName): Promise<BatchRun> {
	const { image, isLookedAt } = CASES[name];
	const { apixo } = stage;
	apixo.reset();
	const requests = requestsTaking(Array<number>(ITEMS).fill(TASK_MS)).map((request, n) => ({
		...request,
		imageUrl: `${apixo.origin}/files/media/${image(n)}`,
	}));
	const parameters: INodeParameters = {
		mode: 'image-to-video-flash',
		imageUrl: '={{ $json.imageUrl }}',
		options: {
			checkMedia: isLookedAt,
			firstPollDelay: 3,
			maxParallelTasks: ITEMS,
			pollInterval: 1,
		},
	};
	await stage.liveHeapMb();
	const { result, cpuSeconds, beforeMb, peakMb } = await costTo(
		stage.n8n.pid,
		async () => await stage.run(generating(stage.credentials, requests, parameters)),
	);
	return {
		name,
		wallSeconds: result.wallMs / 1_000,
		cpuSeconds,
		peakMb: peakMb - beforeMb,
		looks: apixo.requests({ kind: 'file' }).length,
	};
}

function resultOf(runs: BatchRun[]): Result {
	const values = (name: CaseName, figure: Figure) =>
		runs.filter((run) => run.name === name).map((run) => run[figure]);
	const ratios = (name: CaseName, figure: Figure) => {
		const without = values('off', figure);
		return values(name, figure).map((value, round) => value / without[round]);
	};
	const [time, cpu] = (['wallSeconds', 'cpuSeconds'] as const).map((figure) =>
		medianOf(ratios('each', figure)),
	);
	return {
		raw: runs,
		marks: [
			{
				what: `Wall time of ${ITEMS} items with an image each, looked at ÷ not looked at`,
				mark: '≤ 1.1',
				measured: `${format(time)}; CPU time ${format(cpu)}`,
				isMet: time <= 1.1,
			},
		],
		tables: [
			{
				caption: `${ITEMS} items whose tasks take ${TASK_MS / 1_000} s. Ratios: to the batch of the same round that was not looked at.`,
				columns: [
					'Media',
					'Looks',
					'Wall time, s',
					'Wall ratio',
					'CPU of n8n, s',
					'CPU ratio',
					'Peak resident, + MB',
				],
				rows: NAMES.map((name) => [
					CASES[name].what,
					formatWhole(medianOf(values(name, 'looks'))),
					formatSpread(values(name, 'wallSeconds')),
					formatSpread(ratios(name, 'wallSeconds')),
					formatSpread(values(name, 'cpuSeconds')),
					formatSpread(ratios(name, 'cpuSeconds')),
					formatSpread(values(name, 'peakMb')),
				]),
			},
		],
		charts: [],
		notes: [
			'A look asks for the first 64 kB of the file. Ten items are looked at at a time, and each address once.',
		],
	};
}

export const name = 'media';

export const title = 'What looking at media first costs a batch';

export async function run({ tarball, isShort, log }: Settings): Promise<Result> {
	const rounds = isShort ? 1 : 5;
	return await onStage(tarball, async (stage) => {
		const runs: BatchRun[] = [];
		// Round 0 warms n8n up.
		for (let round = 0; round <= rounds; round += 1) {
			for (const one of round % 2 === 1 ? NAMES : [...NAMES].reverse()) {
				const measured = await measure(stage, one);
				log(`round ${round}: ${JSON.stringify(measured)}`);
				if (round > 0) runs.push(measured);
			}
		}
		return resultOf(runs);
	});
}
