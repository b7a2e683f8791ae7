import { setTimeout as sleep } from 'node:timers/promises';
import { scene } from '../../support/engine/wan.mts';
import { fateOf } from './fates.mts';
import { drawer } from './draw.mts';
import type { startN8n } from '../../support/engine/index.mts';

/** Real milliseconds without any callback after which none is to come: their pauses are shorter. */
const SILENCE_MS = 800;

/** Looks are rare enough not to be the load, and time runs out for those alone that never end. */
const PATIENT = { timeout: 10, pollInterval: 4 };

const WAYS = {
	poll: {},
	download: { download: true },
	park: { waitFor: 'callback' },
	submit: { operation: 'submit' },
};

const ON_ERROR = ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'];

/** One execution of several items, as the seed has it. */
export interface Batch {
	number: number;
	way: keyof typeof WAYS;
	onError: string;
	retryOnFail: boolean;
	/** with which workflow it is retried while it fails */
	retries: Array<'original' | 'current'>;
	items: Array<{ prompt: string; rules: object[] }>;
	seed: number;
}

/** @param most items */
export function drawBatch(seed: number, number: number, most: number): Batch {
	const draw = drawer(seed * 1_000_003 + number);
	const count = Math.min(most, draw.whole(1, 16));
	return {
		number,
		seed: draw.whole(1, 2 ** 30),
		way: draw.one(Object.keys(WAYS)),
		onError: draw.one(ON_ERROR),
		retryOnFail: draw.chance(0.4),
		retries: Array.from({ length: 3 }, () => draw.one(['original', 'current'])),
		items: Array.from({ length: count }, (_, item) => {
			const prompt = `film ${number}.${item};`;
			return { prompt, rules: fateOf(draw, prompt) };
		}),
	};
}

/** Waits until a parked execution has ended; when no callback comes any more, lets its time run out. */
async function ended(execution, apixo) {
	let isOver = false;
	const final = execution.final.finally(() => (isOver = true));
	let [seen, quietSince] = [-1, Date.now()];
	while (!isOver) {
		await Promise.race([sleep(50), final]);
		const callbacks = apixo.callbacks();
		const isUnderWay = callbacks.some(({ endedAt }) => endedAt === undefined);
		if (isUnderWay || callbacks.length !== seen) quietSince = Date.now();
		seen = callbacks.length;
		if (execution.state !== 'waiting') quietSince = Date.now();
		else if (Date.now() - quietSince > SILENCE_MS) await execution.expire();
	}
	return await final;
}

/**
 * Plays a batch against an APIXO of its own, and retries it while it fails.
 *
 * @returns results of the runs in order; `tasks`: all that were charged, in order
 */
export async function play(
	batch: Batch,
	n8n: Awaited<ReturnType<typeof startN8n>>,
): Promise<{ runs: object[]; tasks: object[] }> {
	let story;
	await scene(
		async ({ apixo, plan, start, retry }) => {
			for (const rule of batch.items.flatMap(({ rules }) => rules)) apixo.misbehave(rule);
			const retrying = { retryOnFail: batch.retryOnFail, maxTries: 3, waitBetweenTries: 1 };
			const settings = { onError: batch.onError, ...retrying };
			const items = batch.items.map(({ prompt }) => ({ prompt }));
			const parameters = { prompt: '={{ $json.prompt }}', ...WAYS[batch.way] };
			const options = batch.way === 'submit' ? {} : PATIENT;
			const planned = plan({ ...parameters, options }, { items, settings });
			const isParking = batch.way === 'park';
			const runs = [
				isParking
					? await ended(n8n.start({ ...planned, mode: 'trigger' }), apixo)
					: await start(planned).result,
			];
			for (const which of batch.retries) {
				if (runs.at(-1).status !== 'error') break;
				const workflow = which === 'current' ? planned.workflow : undefined;
				runs.push(await retry(runs.at(-1), { ...planned, workflow }));
			}
			story = { runs, tasks: apixo.tasks() };
		},
		{
			seed: batch.seed,
			generationMs: 40,
			timeScale: 0.002,
		},
	)();
	return story;
}
