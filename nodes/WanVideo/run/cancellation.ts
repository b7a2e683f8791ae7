import type { IExecuteFunctions } from 'n8n-workflow';
import type { Clock } from '../../shared/clock';
import { highlightTasks } from './highlight';

/** How long a submission may still receive its task ID after the user stopped the execution. */
const GRACE_MS = 700;

export interface Cancellation {
	/** Aborted by the user's stop, or by `stop`. Ends whatever only waits or reads. */
	signal: AbortSignal;
	/** Aborted a moment after the user's stop. Ends submissions that are under way. */
	submitSignal: AbortSignal;
	/** Aborts `signal`, for the first failure under On Error = Stop. */
	stop(): void;
}

/**
 * Turns the user's stop into signals. n8n drops whatever a stopped node returns or throws and saves
 * the execution at once, so the tasks that are paid for are put where they can still be found: into
 * the execution's saved data (shown beside it as highlighted data), and into the log.
 */
export function watchCancellation(
	context: IExecuteFunctions,
	clock: Clock,
	paidTasks: () => string[],
): Cancellation {
	const stopping = new AbortController();
	const abandoning = new AbortController();
	const log = () => {
		const tasks = paidTasks();
		if (tasks.length === 0) return;
		context.logger.warn(`Stopped while these Wan Video tasks go on: ${tasks.join(', ')}`);
	};
	context.onExecutionCancellation(() => {
		stopping.abort();
		highlightTasks(context, paidTasks());
		log();
		const logged = paidTasks().length;
		void clock.sleep(GRACE_MS).then(() => {
			abandoning.abort();
			if (paidTasks().length > logged) log();
		});
	});
	return {
		signal: stopping.signal,
		submitSignal: abandoning.signal,
		stop: () => stopping.abort(),
	};
}
