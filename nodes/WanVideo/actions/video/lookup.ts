import type { IExecuteFunctions } from 'n8n-workflow';
import type { Credential } from '../../transport/credential';
import { type Outcome, success } from '../../wan/failure';
import { type Delivery, deliveryFor, readTarget } from '../delivery';
import { type Options, readOptions, readTaskId } from '../parameters';
import { together } from '../reading';

/** An item that is about a task which exists already. */
interface Lookup {
	taskId: string;
	options: Options;
	delivery: Delivery;
}

/** Reads and checks what Get and Wait need; all faults of the item come at once. */
export function planLookup(
	context: IExecuteFunctions,
	item: number,
	credential: Credential,
): Outcome<Lookup> {
	const read = together(
		readTaskId(context, item),
		readOptions(context, item),
		readTarget(context, item),
	);
	if (!read.ok) return read;
	const [taskId, options, field] = read.value;
	return success({ taskId, options, delivery: deliveryFor(context, options, field, credential) });
}
