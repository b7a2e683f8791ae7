import type { IExecuteFunctions } from 'n8n-workflow';
import { systemClock } from '../time/clock';
import { Stop } from '../time/stop';

/** How long a submission may still bring its task ID home after the user stopped; milliseconds. */
const GRACE_MS = 700;

/** n8n keeps 10 values of 512 characters beside an execution; some may be the workflow's own. */
const LONGEST_VALUE = 500;
const MOST_VALUES = 8;

function chunks(tasks: string[]): string[] {
	const values: string[] = [];
	for (const [index, task] of tasks.entries()) {
		const joined = values.length > 0 ? `${values[values.length - 1]} ${task}` : task;
		if (values.length > 0 && joined.length <= LONGEST_VALUE) values[values.length - 1] = joined;
		else if (values.length < MOST_VALUES) values.push(task.slice(0, LONGEST_VALUE));
		else return [...values, `and ${tasks.length - index} more, see the log of n8n`];
	}
	return values;
}

export interface Stops {
	/** Requested by the user's stop, and by the first failure under On Error = Stop. */
	stop: Stop;
	/** Requested a moment after the user's stop: ends submissions that are under way. */
	abandon: Stop;
}

/**
 * The user's stop as two signals. n8n drops whatever a stopped node returns or throws and saves
 * the execution at once, so the tasks that are paid for are put where they can still be found:
 * into the execution's saved data (shown beside it as highlighted data), and into the log.
 */
export function watchForStop(context: IExecuteFunctions, paidTasks: () => string[]): Stops {
	const stops = { stop: new Stop(), abandon: new Stop() };
	const tell = () => {
		const tasks = paidTasks();
		if (tasks.length === 0) return;
		context.logger.warn(`Stopped while these Wan Video tasks go on: ${tasks.join(', ')}`);
	};
	context.onExecutionCancellation(() => {
		stops.stop.request();
		for (const [index, text] of chunks(paidTasks()).entries()) {
			context.customData?.set(index === 0 ? 'wanVideoTasks' : `wanVideoTasks${index + 1}`, text);
		}
		tell();
		const known = paidTasks().length;
		void systemClock.sleep(GRACE_MS).then(() => {
			stops.abandon.request();
			if (paidTasks().length > known) tell();
		});
	});
	return stops;
}
