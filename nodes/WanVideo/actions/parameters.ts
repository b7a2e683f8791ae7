import type { IExecuteFunctions } from 'n8n-workflow';
import { type Outcome, failed, success } from '../wan/failure';
import {
	DEFAULT_MAX_FILE_MEGABYTES,
	LONGEST_PAUSE_SECONDS,
	LONGEST_TIMEOUT_MINUTES,
} from '../wan/modes';
import type { RawRequest } from '../wan/request';
import { isUnset, numberValue, shown } from '../wan/values';
import { invalid, readCollection, readSwitch } from './reading';

/** What the request panel holds for an item. */
export function readRequest(context: IExecuteFunctions, item: number): RawRequest {
	// n8n drops what the panel does not show, and throws for it unless there is a fallback.
	const read = (name: string) => context.getNodeParameter(name, item, null) as unknown;
	return {
		mode: read('mode'),
		prompt: read('prompt'),
		imageUrl: read('imageUrl'),
		referenceSource: read('referenceSource'),
		references: read('references'),
		referencesJson: read('referencesJson'),
		resolution: read('resolution'),
		duration: read('duration'),
		sound: read('sound'),
		additionalFields: read('additionalFields'),
	};
}

export interface Options {
	/** Milliseconds. */
	timeoutMs: number;
	/** Milliseconds; undefined if the user leaves it to the node. */
	pollIntervalMs?: number;
	/** Milliseconds; undefined if the user leaves it to the node. */
	firstPollMs?: number;
	maxParallelTasks: number;
	/** USD for all items of the run. */
	maxCostUsd?: number;
	fileName?: string;
	/** Bytes. */
	maxFileBytes: number;
	simplify: boolean;
}

/** Numeric options: default, range, and what one unit is in the program's terms. */
const NUMBERS = {
	timeout: {
		title: 'Timeout (Minutes)',
		fallback: 20,
		min: 0,
		max: LONGEST_TIMEOUT_MINUTES,
		unit: 60_000,
	},
	pollInterval: {
		title: 'Poll Interval (Seconds)',
		fallback: undefined,
		min: 1,
		max: LONGEST_PAUSE_SECONDS,
		unit: 1_000,
	},
	firstPollDelay: {
		title: 'First Poll Delay (Seconds)',
		fallback: undefined,
		min: 0,
		max: LONGEST_PAUSE_SECONDS,
		unit: 1_000,
	},
	maxParallelTasks: { title: 'Max Parallel Tasks', fallback: 50, min: 1, max: Infinity, unit: 1 },
	maxFileSize: {
		title: 'Max File Size (MB)',
		fallback: DEFAULT_MAX_FILE_MEGABYTES as number,
		min: 0,
		max: Infinity,
		unit: 1_000_000,
	},
	maxCost: { title: 'Max Cost (USD)', fallback: undefined, min: 0, max: Infinity, unit: 1 },
};

export function readOptions(context: IExecuteFunctions, item: number): Outcome<Options> {
	const faults: string[] = [];
	const raw = readCollection(context, item, faults);
	const number = (name: keyof typeof NUMBERS) => {
		const { title, fallback, min, max, unit } = NUMBERS[name];
		const value = typeof raw[name] === 'string' ? raw[name].trim() : raw[name];
		if (isUnset(value)) return fallback === undefined ? undefined : fallback * unit;
		const parsed = numberValue(value);
		if (Number.isFinite(parsed) && parsed >= min && parsed <= max) return parsed * unit;
		const range = max === Infinity ? `of at least ${min}` : `from ${min} to ${max}`;
		faults.push(`${title} must be a number ${range}, but is ${shown(value)}`);
		return undefined;
	};
	const fileName = (value: unknown) => {
		if (isUnset(value)) return undefined;
		if (typeof value === 'string') return value.trim() || undefined;
		if (Number.isFinite(value)) return String(value);
		faults.push(`File Name must be text, but is ${shown(value)}`);
		return undefined;
	};
	const options = {
		timeoutMs: number('timeout') ?? 0,
		pollIntervalMs: number('pollInterval'),
		firstPollMs: number('firstPollDelay'),
		maxParallelTasks: Math.floor(number('maxParallelTasks') ?? 1),
		maxCostUsd: number('maxCost'),
		maxFileBytes: number('maxFileSize') ?? 0,
		fileName: fileName(raw.fileName),
		simplify: readSwitch(raw.simplify, 'Simplify', true, faults),
	};
	return faults.length > 0 ? failed(invalid(faults)) : success(options);
}

/** Longer than any that APIXO gave, short enough for a URL. */
const LONGEST_TASK_ID = 200;

/** @returns a trimmed task ID, or what is wrong with it */
export function readTaskId(context: IExecuteFunctions, item: number): Outcome<string> {
	const value = context.getNodeParameter('taskId', item, '') as unknown;
	const taskId = Number.isSafeInteger(value) ? String(value) : value;
	if (isUnset(taskId)) return failed(invalid(['Task ID is empty']));
	if (typeof taskId !== 'string') {
		return failed(invalid([`Task ID must be text, but is ${shown(value)}`]));
	}
	const trimmed = taskId.trim();
	if (trimmed === '') return failed(invalid(['Task ID is empty']));
	const isSound = trimmed.length <= LONGEST_TASK_ID && !/[\s\p{Cc}\p{Cs}]/u.test(trimmed);
	if (isSound) return success(trimmed);
	return failed(invalid([`Task ID cannot be right: ${shown(trimmed)}`]));
}
