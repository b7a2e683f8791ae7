const MIN_MS = 1_000;
const MAX_MS = 30_000;
const MAX_RETRY_AFTER_MS = 300_000;

/**
 * How long to wait before a request is repeated. Doubles from 1 s to 30 s, spread over the upper
 * half so that parallel items do not come back together, and never before Retry-After.
 *
 * @param repeats how often the request was repeated already
 * @param retryAfterMs milliseconds that the service asked to wait
 * @param random a number from 0 to 1
 * @returns milliseconds
 */
export function backoffMs(
	repeats: number,
	retryAfterMs: number | undefined,
	random: number,
): number {
	const ceiling = Math.min(MAX_MS, MIN_MS * 2 ** Math.min(repeats, 10));
	const spread = ceiling * (0.5 + random / 2);
	if (retryAfterMs === undefined) return spread;
	const asked = Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);
	return asked + (asked > 0 ? random * MIN_MS : spread);
}
