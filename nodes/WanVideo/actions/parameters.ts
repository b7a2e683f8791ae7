import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { type Failure, type Outcome, failed, success } from '../wan/failure';
import { DEFAULT_MAX_FILE_MEGABYTES } from '../wan/modes';
import type { RawRequest } from '../wan/request';

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

/** Numeric options: default, smallest value, and what one unit is in the program's terms. */
const NUMBERS = {
	timeout: { title: 'Timeout (Minutes)', fallback: 20, min: 0, unit: 60_000 },
	pollInterval: { title: 'Poll Interval (Seconds)', fallback: undefined, min: 1, unit: 1_000 },
	firstPollDelay: { title: 'First Poll Delay (Seconds)', fallback: undefined, min: 0, unit: 1_000 },
	maxParallelTasks: { title: 'Max Parallel Tasks', fallback: 50, min: 1, unit: 1 },
	maxFileSize: {
		title: 'Max File Size (MB)',
		fallback: DEFAULT_MAX_FILE_MEGABYTES as number,
		min: 0,
		unit: 1_000_000,
	},
	maxCost: { title: 'Max Cost (USD)', fallback: undefined, min: 0, unit: 1 },
};

/** What is wrong with the parameters of an item, as one failure. */
export const invalid = (faults: string[]): Failure => ({
	message: faults.join('; '),
	hint: 'Nothing was submitted for this item. Correct what the message names, then run it again.',
	details: {},
});

export function readOptions(context: IExecuteFunctions, item: number): Outcome<Options> {
	const raw = context.getNodeParameter('options', item, {}) as IDataObject;
	const faults: string[] = [];
	const number = (name: keyof typeof NUMBERS) => {
		const { title, fallback, min, unit } = NUMBERS[name];
		const value = raw[name];
		if (value === undefined || value === null || value === '') {
			return fallback === undefined ? undefined : fallback * unit;
		}
		const parsed = typeof value === 'string' ? Number(value) : value;
		if (typeof parsed === 'number' && Number.isFinite(parsed) && parsed >= min)
			return parsed * unit;
		faults.push(`${title} must be a number of at least ${min}, but is ${JSON.stringify(value)}`);
		return undefined;
	};
	const options = {
		timeoutMs: number('timeout') ?? 0,
		pollIntervalMs: number('pollInterval'),
		firstPollMs: number('firstPollDelay'),
		maxParallelTasks: Math.floor(number('maxParallelTasks') ?? 1),
		maxCostUsd: number('maxCost'),
		maxFileBytes: number('maxFileSize') ?? 0,
		fileName: typeof raw.fileName === 'string' && raw.fileName.trim() ? raw.fileName : undefined,
		simplify: raw.simplify !== false,
	};
	return faults.length > 0 ? failed(invalid(faults)) : success(options);
}

/** @returns a trimmed task ID, or what is wrong with it */
export function readTaskId(context: IExecuteFunctions, item: number): Outcome<string> {
	const value = context.getNodeParameter('taskId', item, '') as unknown;
	const taskId = typeof value === 'number' ? String(value) : value;
	if (typeof taskId === 'string' && taskId.trim() !== '') return success(taskId.trim());
	return failed(invalid([value === '' ? 'Task ID is empty' : 'Task ID must be text']));
}
