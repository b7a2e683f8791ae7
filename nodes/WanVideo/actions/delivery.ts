import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	IWebhookFunctions,
} from 'n8n-workflow';
import { type Target, downloadVideos, fieldName } from '../media/download';
import type { Stop } from '../time/stop';
import type { Credential } from '../transport/credential';
import { type Outcome, failed, success } from '../wan/failure';
import { type RequestFacts, complete, simplified } from '../wan/output';
import type { Task } from '../wan/task';
import { isLocalUrl } from '../wan/urls';
import { shown } from '../wan/values';
import { isToolNode } from './failures';
import type { Options } from './parameters';
import { invalid, readSwitch } from './reading';

/** How an item wants its finished task. */
export interface Delivery {
	simplify: boolean;
	/** Set if the video is to be downloaded. */
	target?: Target;
}

/**
 * Whether an AI agent calls the node as its tool. n8n runs such calls in one of two ways: through
 * a context that says so, or as a node of its own whose type ends in "Tool".
 */
export const isTool = (context: IExecuteFunctions): boolean =>
	context.isToolExecution?.() === true || isToolNode(context.getNode());

/**
 * Reads Download Video and its field; a tool's result is read by a model, so it stays small.
 * @returns the field that videos are downloaded into, or undefined if none is wanted
 */
export function readTarget(context: IExecuteFunctions, item: number): Outcome<string | undefined> {
	if (isTool(context)) return success(undefined);
	const faults: string[] = [];
	const wish = context.getNodeParameter('download', item, false) as unknown;
	const isWanted = readSwitch(wish, 'Download Video', false, faults);
	if (faults.length > 0) return failed(invalid(faults));
	if (!isWanted) return success(undefined);
	const value = context.getNodeParameter('binaryPropertyName', item, 'data') as unknown;
	const name = fieldName(value);
	if (name !== undefined) return success(name);
	return failed(
		invalid([`Output Data Field Name must be the name of a field, but is ${shown(value)}`]),
	);
}

export function deliveryFor(
	context: IExecuteFunctions,
	{ simplify, fileName, maxFileBytes }: Options,
	propertyName: string | undefined,
	{ baseUrl }: Credential,
): Delivery {
	if (isTool(context)) return { simplify: true };
	if (propertyName === undefined) return { simplify };
	const rules = { allowLocal: isLocalUrl(baseUrl), maxBytes: maxFileBytes };
	return { simplify, target: { propertyName, fileName, ...rules } };
}

/** The output item of a task; its videos are downloaded if that is wanted. */
export async function deliver(
	context: IExecuteFunctions | IWebhookFunctions,
	task: Task,
	{ simplify, target }: Delivery,
	stop: Stop,
	request?: RequestFacts,
): Promise<Outcome<INodeExecutionData>> {
	const json = (simplify ? simplified(task, request) : complete(task)) as IDataObject;
	if (target === undefined || task.videoUrls.length === 0) return success({ json });
	const binary = await downloadVideos(context, task, target, stop);
	return binary.ok ? success({ json, binary: binary.value }) : binary;
}
