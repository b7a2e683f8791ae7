import { mapConcurrently } from '../../../nodes/shared/concurrency.ts';
import type { PartOptions, Verdict } from '../part.mts';
import type { Batch } from './batch.mts';
import { quicken } from './quick-clock.mts';

const AT_ONCE = 12;

function addUp(counts: Array<Record<string, number>>): Record<string, number> {
	const total: Record<string, number> = {};
	for (const [name, count] of counts.flatMap(Object.entries<number>)) {
		total[name] = (total[name] ?? 0) + count;
	}
	return total;
}

/**
 * An APIXO that misbehaves in every way it can, seen by executions in n8n's engine. The ledger judges.
 *
 * @param options `tasks`: items in all
 */
export async function run({ seed, tasks, log }: PartOptions & { tasks: number }): Promise<Verdict> {
	quicken();
	// Only now: the clock is changed before anything of the package runs.
	const { drawBatch, play } = await import('./batch.mts');
	const { digestOf, judge } = await import('./judge.mts');

	const batches: Batch[] = [];
	for (let left = tasks; left > 0; ) {
		const batch = drawBatch(seed, batches.length, left);
		batches.push(batch);
		left -= batch.executions.flat().length;
	}
	const verdicts = await mapConcurrently(batches, AT_ONCE, async (batch, index) => {
		const verdict = judge(batch, await play(batch));
		if (index % 50 === 0) log(`batch ${index} of ${batches.length}`);
		return verdict;
	});

	const total = addUp(verdicts.map(({ counts }) => counts));
	const faults = verdicts.flatMap((verdict) => verdict.faults);
	return {
		report: [
			Object.entries(total)
				.map(([name, count]) => `${count} ${name}`)
				.join(', '),
			`story ${digestOf(verdicts.map(({ story }) => story))}`,
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
