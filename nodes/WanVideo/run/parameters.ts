import { MAX_TASK_ID_CHARACTERS } from '../../apixo/task';
import { variableIn } from '../../shared/templates';
import { amountValue, soleEntry, type Unit } from '../../shared/fields';
import { isUnset, quote, withoutInvisible } from '../../shared/values';
import {
	NUMBER_OPTIONS,
	OTHER_OPTIONS,
	type NumberOption,
	type NumberOptionName,
} from '../descriptions/options';
import { requestFields } from '../descriptions/request';
import type { ItemReader } from './itemReader';

const REQUEST_PARAMETERS = [...new Set(requestFields.map(({ name }) => name))];

/**
 * What the request panel holds for an item, by parameter; null for what the panel does not show.
 * Under `typed`, which is no parameter, the panel as it was typed.
 */
export const readRequestParameters = (reader: ItemReader): Record<string, unknown> => ({
	...Object.fromEntries(REQUEST_PARAMETERS.map((name) => [name, reader.raw(name)])),
	typed: reader.typed,
});

export interface Options {
	timeoutMs: number;
	/** Undefined if the user leaves it to the node. */
	pollIntervalMs?: number;
	/** Undefined if the user leaves it to the node. */
	firstPollMs?: number;
	maxParallelTasks: number;
	/** For the whole execution. */
	maxCostUsd?: number;
	/** What the account must be left with. */
	keepBalanceUsd?: number;
	fileName?: string;
	maxFileBytes: number;
	simplify: boolean;
	/** Whether a test run picks up what earlier ones paid for. */
	reuseInTestRuns: boolean;
	/** Whether a test run submits nothing. */
	sampleInTestRuns: boolean;
}

/** The unit of a number option; it has that of its title. */
const UNIT_IN_TITLE: Array<[title: RegExp, unit: Unit]> = [
	[/\(Seconds\)$/, 'seconds'],
	[/\(Minutes\)$/, 'minutes'],
	[/\(MB\)$/, 'megabytes'],
	[/\(USD\)$/, 'usd'],
];

const unitOf = (title: string): Unit | undefined =>
	UNIT_IN_TITLE.find(([sign]) => sign.test(title))?.[1];

/** @returns undefined if it is left to the node, or is not what it should be */
function readNumber(
	reader: ItemReader,
	raw: Record<string, unknown>,
	name: NumberOptionName,
): number | undefined {
	const option: NumberOption = NUMBER_OPTIONS[name];
	const { displayName, min, max = Infinity, factor } = option;
	const value = raw[name];
	if (isUnset(value)) return option.isLeftToNode ? undefined : option.default * factor;
	const number = amountValue(value, unitOf(displayName));
	if (Number.isFinite(number) && number >= min && number <= max) {
		return (option.isWhole ? Math.floor(number) : number) * factor;
	}
	const range = max === Infinity ? `of at least ${min}` : `from ${min} to ${max}`;
	reader.fault(`${displayName} must be a number ${range}, but is ${quote(value)}`);
	return undefined;
}

/** Text that names something; undefined if there is none, or if it was plainly not meant. */
function readName(reader: ItemReader, title: string, given: unknown): string | undefined {
	if (isUnset(given)) return undefined;
	const value = Array.isArray(given) ? soleEntry(given) : given;
	const text = Number.isFinite(value) ? String(value) : value;
	if (typeof text !== 'string') {
		reader.fault(`${title} must be text, but is ${quote(given)}`);
		return undefined;
	}
	const variable = variableIn(text);
	if (variable !== undefined) {
		reader.fault(
			`${title} holds ${variable} in place of its value: switch the field from Fixed to Expression`,
		);
		return undefined;
	}
	return text.trim();
}

/** Whether what is at addresses is looked at before anything is paid for. */
export const readCheckMedia = (reader: ItemReader): boolean =>
	reader.flag(OTHER_OPTIONS.checkMedia.displayName, reader.options().checkMedia, true);

export function readOptions(reader: ItemReader): Options {
	const raw = reader.options();
	const number = (name: NumberOptionName) => readNumber(reader, raw, name);
	const flag = (name: keyof typeof OTHER_OPTIONS, fallback: boolean) =>
		reader.flag(OTHER_OPTIONS[name].displayName, raw[name], fallback);
	return {
		timeoutMs: number('timeout') ?? 0,
		pollIntervalMs: number('pollInterval'),
		firstPollMs: number('firstPollDelay'),
		maxParallelTasks: number('maxParallelTasks') ?? 1,
		maxCostUsd: number('maxCost'),
		keepBalanceUsd: number('keepBalance'),
		maxFileBytes: number('maxFileSize') ?? 0,
		fileName: readName(reader, 'File Name', raw.fileName) || undefined,
		simplify: flag('simplify', true),
		reuseInTestRuns: flag('reuseInTestRuns', true),
		sampleInTestRuns: flag('sampleInTestRuns', false),
	};
}

/** A trimmed task ID; empty if there is none, which is a fault. */
export function readTaskId(reader: ItemReader): string {
	const value = reader.raw('taskId', '');
	const name = isUnset(value) ? '' : readName(reader, 'Task ID', value);
	if (name === undefined) return '';
	const taskId = withoutInvisible(name).trim();
	if (taskId === '') {
		reader.fault('Task ID is empty');
		return '';
	}
	// Of a larger number, the last digits are lost.
	const isExact = typeof value !== 'number' || Number.isSafeInteger(value);
	const isShort = taskId.length <= MAX_TASK_ID_CHARACTERS;
	const isValid = isExact && isShort && !/[\s\p{Cc}\p{Cs}]/u.test(taskId);
	if (!isValid) reader.fault(`Task ID cannot be right: ${quote(taskId)}`);
	return taskId;
}
