import { inParallel } from '../parallel.mts';

const AT_ONCE = 12;

/** n8n writes each failed callback to its log; the harness has set it silent before. */
process.env.N8N_LOG_LEVEL ??= 'silent';

/**
 * An APIXO that misbehaves in every way it can, seen by executions in n8n's engine. The ledger judges.
 *
 * @param options `tasks`: items in all
 */
export async function run({
	seed,
	tasks,
	log,
}: {
	seed: number;
	tasks: number;
	log: (text: string) => void;
}) {
	// Only now: the clock is changed before anything of the package runs.
	const { inOwnTime, quicken } = await import('./quick-clock.mts');
	quicken();
	const { startN8n } = await import('../../support/engine/index.mts');
	const { drawBatch, play } = await import('./batch.mts');
	const { digestOf, judge } = await import('./judge.mts');

	const batches = [];
	for (let left = tasks; left > 0; left -= batches.at(-1).items.length) {
		batches.push(drawBatch(seed, batches.length, left));
	}
	const verdicts = [];
	const n8n = await startN8n();
	await inParallel(batches, AT_ONCE, async (batch, index) => {
		verdicts[index] = judge(batch, await inOwnTime(async () => await play(batch, n8n)));
		if (index % 50 === 0) log(`batch ${index} of ${batches.length}`);
	});
	await n8n.close();

	const total = {};
	for (const { counts } of verdicts) {
		for (const [name, count] of Object.entries(counts)) total[name] = (total[name] ?? 0) + count;
	}
	const faults = verdicts.flatMap((verdict) => verdict.faults);
	return {
		told: verdicts.map(({ told }) => told),
		report: [
			Object.entries(total)
				.map(([name, count]) => `${count} ${name}`)
				.join(', '),
			`story ${digestOf(verdicts.map(({ told }) => told))}`,
			...faults,
		],
		checks: [
			[
				'every item ended with its result or a failure that names its task, none paid twice',
				faults.length === 0,
			],
			['something was charged, and something uncertain', total['charges told as uncertain'] > 0],
		],
	};
}

export const name = 'misbehaviour';
