import {
	type IDataObject,
	type INode,
	type INodeExecutionData,
	NodeOperationError,
} from 'n8n-workflow';
import type { Failure } from '../../apixo/result';
import { listSome, omitUndefined } from '../../shared/values';

/** What a message calls an item. */
export type ItemNaming = (item: number) => string;

/** n8n's own way: the first item is item 0. */
const byNumber: ItemNaming = (item) => `item ${item}`;

const withItem = ({ message }: Failure, nameOf: ItemNaming, item?: number) =>
	item === undefined ? message : `${message} [${nameOf(item)}]`;

/**
 * The item that stands for a failure under On Error = Continue. The keys are no accident: n8n
 * moves an item to the error output only if its keys are among `error`, `message`, `details`.
 */
export const failureItem = (
	failure: Failure,
	item: number,
	nameOf = byNumber,
): INodeExecutionData => ({
	json: {
		error: withItem(failure, nameOf, item),
		details: omitUndefined({ ...failure.details, hint: failure.hint }) as IDataObject,
	},
	pairedItem: { item },
});

/**
 * For n8n before 2.35.3, where `details` keep an item from the error output unless there is an
 * `error` beside its json. An n8n that sees that one when the node has ended reduces the json to a
 * message. It sees none here, because what it moves is a copy without non-enumerable properties.
 */
export function markForErrorOutput({ onError }: INode, item: INodeExecutionData) {
	if (onError !== 'continueErrorOutput') return item;
	const error = new Error(item.json.error as string);
	return Object.defineProperty(item, 'error', { value: error, writable: true });
}

/** Whether a node's On Error setting lets other items go on. */
export const continuesOnError = ({ onError, continueOnFail }: INode): boolean =>
	onError === undefined ? continueOnFail === true : onError !== 'stopWorkflow';

/** n8n's own copy of the node for AI agents. */
export const isToolNode = ({ type }: INode): boolean => type.endsWith('Tool');

export interface FailedItem {
	/** Not set if the failure is about the run as a whole. */
	item?: number;
	failure: Failure;
}

export interface PaidTask {
	item: number;
	taskId: string;
}

const namesOf = (tasks: PaidTask[], nameOf: ItemNaming): string[] =>
	tasks.map(({ item, taskId }) => `${taskId} [${nameOf(item)}]`);

/** More tasks than this would fill a hint. */
const MAX_LISTED = 10;

export const listSomeTasks = (tasks: PaidTask[]): string =>
	listSome(namesOf(tasks, byNumber), MAX_LISTED);

/** Names tasks that a failure elsewhere must not lose. */
export const paidNotes = (tasks: PaidTask[], nameOf = byNumber): string[] =>
	tasks.length === 0
		? []
		: [
				`Other tasks of this run, paid and kept: ${namesOf(tasks, nameOf).join(', ')}. Fetch them with the Wait or the Get operation.`,
			];

/** n8n shows descriptions as HTML, and some of the text is the service's, or comes from an item. */
const withoutTags = (text: string) => text.replaceAll('<', '‹').replaceAll('>', '›');

/**
 * The error that ends the node under On Error = Stop: the first failure, with all others in its
 * description, and whatever else the user must know.
 */
export function stopError(
	node: INode,
	[first, ...others]: FailedItem[],
	notes: string[] = [],
	nameOf = byNumber,
): NodeOperationError {
	const message = withItem(first.failure, nameOf, first.item);
	const error = new NodeOperationError(node, message, {
		description: [
			first.failure.hint,
			...others.map(({ item, failure }) => `Also: ${withItem(failure, nameOf, item)}.`),
			...notes,
		]
			.map(withoutTags)
			.join('<br>'),
	});
	// n8n replaces messages in which it finds certain words; ours stays. An AI agent is shown
	// nothing but the message.
	error.message = isToolNode(node) ? `${message}. ${first.failure.hint}` : message;
	error.context.details = omitUndefined({ ...first.failure.details, hint: first.failure.hint });
	return error;
}
