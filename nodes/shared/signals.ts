/**
 * Does work with a signal that is aborted together with another one, or after some time.
 *
 * @param timeoutMs milliseconds
 * @throws what the work throws
 */
export async function withTimeout<T>(
	signal: AbortSignal,
	timeoutMs: number,
	work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
	const timeout = AbortSignal.timeout(timeoutMs);
	// On Node 20 a timeout that only AbortSignal.any refers to is garbage-collected, and never comes.
	// A listener keeps it. (Seen on Node 20.20.2, not on 24.21.0.)
	const keep = () => {};
	timeout.addEventListener('abort', keep);
	try {
		return await work(AbortSignal.any([signal, timeout]));
	} finally {
		timeout.removeEventListener('abort', keep);
	}
}
