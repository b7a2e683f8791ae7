import {
	type IDataObject,
	type INode,
	type INodeExecutionData,
	NodeOperationError,
} from 'n8n-workflow';
import type { Failure } from '../wan/failure';
import { known } from '../wan/output';

/** n8n's own way of naming an item in a message. */
const named = ({ message }: Failure, item?: number) =>
	item === undefined ? message : `${message} [item ${item}]`;

/**
 * The item that stands for a failure under On Error = Continue. The keys are no accident: n8n
 * moves an item to the error output only if its keys are among `error`, `message`, `details`.
 */
export const failureItem = (failure: Failure, item: number): INodeExecutionData => ({
	json: {
		error: named(failure, item),
		details: known({ ...failure.details, hint: failure.hint }) as IDataObject,
	},
	pairedItem: { item },
});

/** Whether a node's On Error setting lets other items go on. */
export const continuesOnError = ({ onError, continueOnFail }: INode): boolean =>
	onError === undefined ? continueOnFail === true : onError !== 'stopWorkflow';

export interface FailedItem {
	/** Not set if the failure is about the run as a whole. */
	item?: number;
	failure: Failure;
}

/**
 * The error that ends the node under On Error = Stop: the first failure, with the others and the
 * tasks that were paid for in its description, so that none is lost.
 */
export function stopError(
	node: INode,
	[first, ...others]: FailedItem[],
	otherTasks: Array<{ item: number; taskId: string }>,
): NodeOperationError {
	const paragraphs = [
		first.failure.hint,
		...others.map(({ item, failure }) => `Also: ${named(failure, item)}.`),
	];
	if (otherTasks.length > 0) {
		const list = otherTasks.map(({ item, taskId }) => `${taskId} [item ${item}]`).join(', ');
		paragraphs.push(
			`Other tasks of this run, paid and kept: ${list}. Retry this execution and they are picked up without paying again, or fetch them with the Wait or the Get operation.`,
		);
	}
	const error = new NodeOperationError(node, named(first.failure, first.item), {
		description: paragraphs.join('<br>'),
	});
	// n8n replaces messages in which it finds certain words; ours stays.
	error.message = named(first.failure, first.item);
	error.context.details = known({ ...first.failure.details, hint: first.failure.hint });
	return error;
}
