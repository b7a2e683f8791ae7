import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { RequestContext } from '../../apixo/connection';
import type { Credential } from '../../apixo/credential';
import type { Task } from '../../apixo/task';
import { type Result, ok } from '../../apixo/result';
import { isLocalUrl } from '../../shared/urls';
import { quote } from '../../shared/values';
import { downloadField, fieldNameField } from '../descriptions/download';
import { type RequestFacts, rawTask, simplifiedTask } from '../model/output';
import { type DownloadTarget, downloadVideos, fieldName } from './download';
import type { ItemReader } from './itemReader';
import type { Options } from './parameters';
import type { Run } from './run';

/** What an item wants to get of its finished task. */
export interface OutputOptions {
	simplify: boolean;
	/** Set if the videos are to be downloaded. */
	target?: DownloadTarget;
}

/** Reads Download Video and its field. */
export function readOutputOptions(
	run: Run,
	reader: ItemReader,
	{ simplify, fileName, maxFileBytes }: Options,
	{ baseUrl }: Credential,
): OutputOptions {
	// The result of a tool is read by a model, so it stays small.
	if (run.isTool) return { simplify: true };
	const { displayName, name } = downloadField;
	if (!reader.flag(displayName, reader.raw(name, false), false)) return { simplify };
	const value = reader.raw(fieldNameField.name, fieldNameField.default);
	const propertyName = fieldName(value);
	if (propertyName === undefined) {
		reader.fault(
			`${fieldNameField.displayName} must be the name of a field, but is ${quote(value)}`,
		);
		return { simplify };
	}
	const rules = { allowLocal: isLocalUrl(baseUrl), maxBytes: maxFileBytes };
	return { simplify, target: { propertyName, fileName, ...rules } };
}

/** The output item of a task, with its videos if they are wanted. */
export async function toOutputItem(
	context: RequestContext,
	task: Task,
	{ simplify, target }: OutputOptions,
	signal: AbortSignal,
	{ facts, note }: { facts?: RequestFacts; note?: string } = {},
): Promise<Result<INodeExecutionData>> {
	const json = (simplify ? simplifiedTask(task, facts, note) : rawTask(task)) as IDataObject;
	if (target === undefined || task.videoUrls.length === 0) return ok({ json });
	const downloaded = await downloadVideos(context, task, target, signal);
	if (!downloaded.ok) return downloaded;
	const { binary, facts: video } = downloaded.value;
	return ok({ json: simplify ? { ...json, ...video } : json, binary });
}
