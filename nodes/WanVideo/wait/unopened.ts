import type { INodeExecutionData } from 'n8n-workflow';
import { type Result, err, finalFailure, withTaskId } from '../../apixo/result';
import { messageOf } from '../../shared/values';
import { settle } from '../run/items';
import type { Run } from '../run/run';
import { runIndexOf } from '../tasks/runIndex';
import { type ItemState, findWait, saveWait } from './record';

const STAYS_PAID =
	'The task goes on at APIXO and stays paid. Mend what the message names, then retry this execution in the Executions tab: that picks the task up without paying again. Or fetch its video with the Wait or the Get operation and this task ID.';

const NOT_BEGUN = 'Nothing was submitted for this item. Mend what the message names, then retry.';

function outcomeOf(state: ItemState, message: string): Result<never> {
	if (state.kind === 'failed') return err(state.failure);
	if (state.kind === 'planned') {
		if (!('taskId' in state.source)) return err(finalFailure(message, NOT_BEGUN));
		return err(withTaskId(state.source.taskId, finalFailure(message, STAYS_PAID)));
	}
	const taskId = state.kind === 'final' ? state.taskId : state.task.taskId;
	return err(withTaskId(taskId, finalFailure(message, STAYS_PAID)));
}

/**
 * Does the work of an operation. Where a parked execution cannot go on, say because its credential
 * was deleted meanwhile, each item fails as On Error asks and names its task. What is thrown knows of
 * no task, and under Continue n8n would pass the input on as if all were well.
 *
 * @throws whatever the work throws, unless it is that
 */
export async function orNameParked(
	run: Run,
	work: () => Promise<INodeExecutionData[]>,
): Promise<INodeExecutionData[]> {
	return await work().catch((error: unknown) => {
		const { context } = run;
		const runIndex = runIndexOf(context);
		const wait = findWait(context, runIndex);
		const isOurs = wait?.executionId === context.getExecutionId();
		// A wait that has been opened is not marked as parked any more.
		if (!isOurs || wait?.parkedUntil === undefined) throw error;
		// Another try of Retry On Fail goes on with it.
		if (context.getNode().retryOnFail !== true) saveWait(context, runIndex, undefined);
		const message = messageOf(error).replace(/\.$/, '');
		return settle(
			run,
			wait.items.map((state) => outcomeOf(state, message)),
		);
	});
}
