import { randomOf } from '../../support/measure/random.mts';

/** Draws that a seed decides. */
export function drawer(seed: number) {
	const random = randomOf(seed);
	const whole = (from, to) => from + Math.floor(random() * (to - from + 1));
	return {
		whole,
		chance: (share) => random() < share,
		one: <T,>(list: T[]): T => list[whole(0, list.length - 1)],
	};
}
