/** From 0 up to 1. */
export type Random = () => number;

/** Random numbers that a seed decides: mulberry32. */
export function randomOf(seed: number): Random {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** Of a normal distribution with a mean of 0 and a deviation of 1. */
export function normal(random: Random): number {
	const radius = Math.sqrt(-2 * Math.log(1 - random()));
	return radius * Math.cos(2 * Math.PI * random());
}

interface LogNormal {
	median: number;
	/** of the logarithm */
	sigma: number;
	min: number;
	max: number;
}

function logNormalBetween(random: Random, { median, sigma, min, max }: LogNormal): number {
	for (;;) {
		const drawn = median * Math.exp(sigma * normal(random));
		if (drawn >= min && drawn <= max) return drawn;
	}
}

/** Seconds. */
const WIDE: LogNormal = { median: 90, sigma: 0.22, min: 60, max: 140 };

/** How long tasks take, in seconds, drawn with a random source. */
export const GENERATION_SECONDS = {
	/** The one that all scenarios use: 60 to 140 s, half of them under 90 s. */
	wide: (random: Random) => logNormalBetween(random, WIDE),
	narrow: (random: Random) => 80 + 20 * random(),
	'two groups': (random: Random) => (random() < 0.5 ? 60 + 10 * random() : 120 + 20 * random()),
	'rare stragglers': (random: Random) => logNormalBetween(random, WIDE) * (random() < 0.05 ? 3 : 1),
};

/**
 * @param options `scale`: factor for the times
 * @returns whole milliseconds; the first n of a larger draw are those of a smaller one
 */
export function generationTimes(
	count: number,
	{ seed = 1, scale = 1 }: { seed?: number; scale?: number } = {},
): number[] {
	const random = randomOf(seed);
	const draw = () => Math.round(GENERATION_SECONDS.wide(random) * scale * 1_000);
	return Array.from({ length: count }, draw);
}
