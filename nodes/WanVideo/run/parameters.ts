import { MAX_TASK_ID_CHARACTERS } from '../../apixo/task';
import { isUnset, numberValue, quote } from '../../shared/values';
import {
	NUMBER_OPTIONS,
	type NumberOption,
	type NumberOptionName,
	simplify,
} from '../descriptions/options';
import { requestFields } from '../descriptions/request';
import type { ItemReader } from './itemReader';

const REQUEST_PARAMETERS = [...new Set(requestFields.map(({ name }) => name))];

/** What the request panel holds for an item, by parameter; null for what the panel does not show. */
export const readRequestParameters = (reader: ItemReader): Record<string, unknown> =>
	Object.fromEntries(REQUEST_PARAMETERS.map((name) => [name, reader.raw(name)]));

export interface Options {
	timeoutMs: number;
	/** Undefined if the user leaves it to the node. */
	pollIntervalMs?: number;
	/** Undefined if the user leaves it to the node. */
	firstPollMs?: number;
	maxParallelTasks: number;
	/** For all items of the run. */
	maxCostUsd?: number;
	fileName?: string;
	maxFileBytes: number;
	simplify: boolean;
}

/** @returns undefined if it is left to the node, or is not what it should be */
function readNumber(
	reader: ItemReader,
	raw: Record<string, unknown>,
	name: NumberOptionName,
): number | undefined {
	const option: NumberOption = NUMBER_OPTIONS[name];
	const { displayName, min, max = Infinity, factor } = option;
	const value = typeof raw[name] === 'string' ? raw[name].trim() : raw[name];
	if (isUnset(value)) return option.isLeftToNode ? undefined : option.default * factor;
	const number = numberValue(value);
	if (Number.isFinite(number) && number >= min && number <= max) {
		return (option.isWhole ? Math.floor(number) : number) * factor;
	}
	const range = max === Infinity ? `of at least ${min}` : `from ${min} to ${max}`;
	reader.fault(`${displayName} must be a number ${range}, but is ${quote(value)}`);
	return undefined;
}

function readFileName(reader: ItemReader, value: unknown): string | undefined {
	if (isUnset(value)) return undefined;
	if (typeof value === 'string') return value.trim() || undefined;
	if (Number.isFinite(value)) return String(value);
	reader.fault(`File Name must be text, but is ${quote(value)}`);
	return undefined;
}

export function readOptions(reader: ItemReader): Options {
	const raw = reader.options();
	const number = (name: NumberOptionName) => readNumber(reader, raw, name);
	return {
		timeoutMs: number('timeout') ?? 0,
		pollIntervalMs: number('pollInterval'),
		firstPollMs: number('firstPollDelay'),
		maxParallelTasks: number('maxParallelTasks') ?? 1,
		maxCostUsd: number('maxCost'),
		maxFileBytes: number('maxFileSize') ?? 0,
		fileName: readFileName(reader, raw.fileName),
		simplify: reader.flag(simplify.displayName, raw.simplify, true),
	};
}

/** A trimmed task ID; empty if there is none, which is a fault. */
export function readTaskId(reader: ItemReader): string {
	const value = reader.raw('taskId', '');
	const text = Number.isSafeInteger(value) ? String(value) : value;
	if (!isUnset(text) && typeof text !== 'string') {
		reader.fault(`Task ID must be text, but is ${quote(value)}`);
		return '';
	}
	const taskId = text?.trim() ?? '';
	const isValid = taskId.length <= MAX_TASK_ID_CHARACTERS && !/[\s\p{Cc}\p{Cs}]/u.test(taskId);
	if (taskId === '') reader.fault('Task ID is empty');
	else if (!isValid) reader.fault(`Task ID cannot be right: ${quote(taskId)}`);
	return taskId;
}
