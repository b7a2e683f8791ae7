import { randomOf } from '../support/measure/random.mts';

export type Draw = ReturnType<typeof drawer>;

/** Draws that a seed decides. */
export function drawer(seed: number) {
	const random = randomOf(seed);
	/** Both ends included. */
	const whole = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
	return {
		whole,
		chance: (share: number) => random() < share,
		one: <T,>(list: readonly T[]): T => list[whole(0, list.length - 1)],
	};
}
