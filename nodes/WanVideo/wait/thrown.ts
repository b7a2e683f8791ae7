import { type INodeExecutionData, NodeOperationError } from 'n8n-workflow';
import { type Result, err, finalFailure, withTaskId } from '../../apixo/result';
import { messageOf } from '../../shared/values';
import { isStoppingOnError, settle } from '../run/items';
import type { Run } from '../run/run';
import { runIndexOf } from '../tasks/runIndex';
import { type WaitRecord, findWait, saveWait, taskIdOf } from './record';

const STAYS_PAID =
	'The task goes on at APIXO and stays paid. Mend what the message names, then retry this execution in the Executions tab: that picks the task up without paying again. Or fetch its video with the Wait or the Get operation and this task ID.';

const NOTHING_DONE =
	'Nothing was done for this item. Mend what the message names, then run it again.';

/** The wait of a parked execution that has not been opened since: then it is not marked any more. */
function unopenedWait({ context }: Run): WaitRecord | undefined {
	const wait = findWait(context, runIndexOf(context));
	const isOurs = wait?.executionId === context.getExecutionId();
	return isOurs && wait?.parkedUntil !== undefined ? wait : undefined;
}

/**
 * Does the work of an operation. Where that throws as a whole, say because the credential is gone,
 * each item fails as On Error asks, and names its task. Under Continue n8n would pass the input of a
 * node that throws on as its output, as if all were well; and of a parked execution, what is thrown
 * knows no task.
 *
 * @throws NodeOperationError under On Error = Stop, or what the work throws
 */
export async function settleThrown(
	run: Run,
	work: () => Promise<INodeExecutionData[]>,
): Promise<INodeExecutionData[]> {
	return await work().catch((error: unknown) => {
		const { context, tasks } = run;
		const wait = unopenedWait(run);
		if (wait === undefined && isStoppingOnError(run)) throw error;
		const { description } = wait === undefined && error instanceof NodeOperationError ? error : {};
		const failure = finalFailure(messageOf(error).replace(/\.$/, ''), description ?? NOTHING_DONE);
		const fail = (taskId: string | undefined): Result<never> =>
			err(taskId === undefined ? failure : withTaskId(taskId, { ...failure, hint: STAYS_PAID }));
		if (wait === undefined) {
			const items = context.getInputData();
			return settle(
				run,
				items.map((_, item) => fail(tasks.get(item))),
			);
		}
		// Another try of Retry On Fail goes on with it.
		if (context.getNode().retryOnFail !== true) saveWait(context, runIndexOf(context), undefined);
		return settle(
			run,
			wait.items.map((state) =>
				state.kind === 'failed' ? err(state.failure) : fail(taskIdOf(state)),
			),
		);
	});
}
