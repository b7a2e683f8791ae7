const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;
const LONGEST_RETRY_AFTER_MS = 300_000;

/**
 * How long to wait before a request is repeated: doubling from 1 s to 30 s, spread over the
 * upper half so that parallel items do not come back together; never before Retry-After.
 * @param repeats how often the request was repeated already
 * @param askedMs what the service asked for, in milliseconds
 * @param random a number from 0 to 1
 * @returns milliseconds
 */
export function backoffMs(repeats: number, askedMs: number | undefined, random: number): number {
	const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(repeats, 10));
	const spread = ceiling * (0.5 + random / 2);
	if (askedMs === undefined) return spread;
	const asked = Math.min(askedMs, LONGEST_RETRY_AFTER_MS);
	return asked + (asked > 0 ? random * FIRST_MS : spread);
}
