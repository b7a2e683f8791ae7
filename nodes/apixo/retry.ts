import { backoffMs } from '../shared/backoff';
import type { Clock } from '../shared/clock';
import { type Result, STOPPED, err } from './result';

interface RetryBudget {
	clock: Clock;
	/** Ends the repeating. */
	signal: AbortSignal;
	/** Unix milliseconds. Nothing is waited for beyond it. */
	deadline: number;
}

/** How often a request is repeated whose failure does not ask for more. */
const MAX_REPEATS = 4;

/** Repeats a request for as long as its failure and the budget allow. */
export async function retry<T>(
	attempt: () => Promise<Result<T>>,
	{ clock, signal, deadline }: RetryBudget,
): Promise<Result<T>> {
	for (let repeats = 0; ; repeats += 1) {
		const result = await attempt();
		if (result.ok || result.failure.kind !== 'retryable') return result;
		const { afterMs, untilDeadline } = result.failure;
		const pauseMs = backoffMs(repeats, afterMs, Math.random());
		const isSpent = !untilDeadline && repeats >= MAX_REPEATS;
		if (isSpent || clock.now() + pauseMs > deadline) return result;
		await clock.sleep(pauseMs, signal);
		if (signal.aborted) return err(STOPPED);
	}
}
