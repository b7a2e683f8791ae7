import type { Random } from '../../support/measure/random.mts';
import { randomOf } from '../../support/measure/random.mts';
import { VirtualClock } from './virtual-clock.mts';
import { simulateExecution } from './execution.mts';
import type { SimulatedExecution, Waiting } from './execution.mts';

let series = 0;

/** Executions one after the other, of which each learns from those before it. */
export interface Series extends Omit<Waiting, 'kind'> {
	/** how long a task takes, in seconds, drawn with a random source */
	drawSeconds: (random: Random) => number;
	seed: number;
	executions: number;
	/** tasks of each execution */
	tasks: number;
	/** whether finished tasks are learned from; default true */
	isLearning?: boolean;
}

export async function simulate({
	drawSeconds,
	seed,
	executions,
	tasks,
	isLearning = true,
	...waiting
}: Series): Promise<SimulatedExecution[]> {
	series += 1;
	// What is known lives as long as the process, by kind.
	const kind = isLearning ? `series ${series}` : undefined;
	const random = randomOf(seed);
	const clock = new VirtualClock();
	const results: SimulatedExecution[] = [];
	const run = async () => {
		while (results.length < executions) {
			const durations = Array.from({ length: tasks }, () =>
				Math.round(drawSeconds(random) * 1_000),
			);
			results.push(await simulateExecution(clock, { ...waiting, kind }, durations));
		}
	};
	await clock.run(run());
	return results;
}
