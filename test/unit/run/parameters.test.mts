import fc from 'fast-check';
import { anything } from '../../support/model/odd.mts';
import type { Result } from '../../../nodes/apixo/result.ts';
import { ItemReader } from '../../../nodes/WanVideo/run/itemReader.ts';
import { readOptions, readTaskId } from '../../../nodes/WanVideo/run/parameters.ts';
import { panel } from '../support/contexts.mts';
import { failureOf, valueOf } from '../support/results.mts';

/** What is read of a node with these parameters, or all that is wrong with them. */
function read<T>(
	parameters: Record<string, unknown>,
	readFrom: (reader: ItemReader) => T,
): Result<T> {
	const reader = new ItemReader(panel(parameters), 0);
	return reader.result(readFrom(reader));
}

const TITLES = {
	timeout: 'Timeout (Minutes)',
	pollInterval: 'Poll Interval (Seconds)',
	firstPollDelay: 'First Poll Delay (Seconds)',
	maxParallelTasks: 'Max Parallel Tasks',
	maxFileSize: 'Max File Size (MB)',
	maxCost: 'Max Cost (USD)',
	fileName: 'File Name',
	simplify: 'Simplify',
};

const NO_OPTIONS: unknown[][] = [[[]], [[{ maxCost: 1 }]], ['{"maxCost": 1}'], [5], [true]];

test.each(NO_OPTIONS)(
	'Options that are %j are refused: a spending limit would be lost with them',
	(options) => {
		const failure = failureOf(read({ options }, readOptions));
		expect(failure.message).toMatch(/^Options must be an object/);
	},
);

test.each([
	['timeout', '20 min', { timeoutMs: 1_200_000 }],
	['pollInterval', '5s', { pollIntervalMs: 5_000 }],
	['maxCost', '$0.50', { maxCostUsd: 0.5 }],
	['maxCost', ['2'], { maxCostUsd: 2 }],
	['maxCost', ' ', { maxCostUsd: undefined }],
	['maxFileSize', '100 MB', { maxFileBytes: 100_000_000 }],
	['simplify', 'no', { simplify: false }],
	['fileName', ['fox'], { fileName: 'fox' }],
	['fileName', 20261126, { fileName: '20261126' }],
])('the option %s of %j is understood', (name, value, expected) => {
	expect(valueOf(read({ options: { [name]: value } }, readOptions))).toMatchObject(expected);
});

test.each([
	['timeout', '20 s', /^Timeout \(Minutes\) must be/],
	['maxCost', '0,50', /^Max Cost \(USD\) must be/],
	['fileName', '{{ $json.name }}.mp4', /^File Name holds \{\{ \$json.name \}\} in place/],
	['fileName', { name: 'fox' }, /^File Name must be text/],
])('the option %s of %j is refused', (name, value, fault) => {
	expect(failureOf(read({ options: { [name]: value } }, readOptions)).message).toMatch(fault);
});

test.each([
	[' task_1\n', 'task_1'],
	['\u200btask_1', 'task_1'],
	[['task_1'], 'task_1'],
	[12345, '12345'],
])('%j is the task %s', (taskId, expected) => {
	expect(valueOf(read({ taskId }, readTaskId))).toBe(expected);
});

test.each([
	[' \u200b', /^Task ID is empty$/],
	[[''], /^Task ID is empty$/],
	['{{ $json.taskId }}', /^Task ID holds \{\{ \$json.taskId \}\} .* Fixed to Expression$/],
	[['a', 'b'], /^Task ID must be text/],
	[2 ** 60, /^Task ID cannot be right/],
	['task 1', /^Task ID cannot be right/],
])('%j is no task ID', (taskId, fault) => {
	expect(failureOf(read({ taskId }, readTaskId)).message).toMatch(fault);
});

test('whatever the options hold, they are refused by name, or within their limits', () => {
	const options = fc.record(
		Object.fromEntries(Object.keys(TITLES).map((name) => [name, anything])),
		{ requiredKeys: [] },
	);
	fc.assert(
		fc.property(options, (given) => {
			const options = read({ options: given }, readOptions);
			if (!options.ok) {
				const { message } = options.failure;
				const names = Object.values(TITLES).map((title) => `${title} must be `);
				for (const fault of message.split('; ')) {
					if (names.some((name) => fault.startsWith(name))) return;
				}
				throw new Error(`No parameter is named in: ${message}`);
			}
			const { value } = options;
			const month = 30 * 24 * 3_600_000;
			expect(value.timeoutMs).toBeGreaterThanOrEqual(0);
			expect(value.timeoutMs).toBeLessThanOrEqual(month);
			for (const ms of [value.pollIntervalMs, value.firstPollMs]) {
				if (ms !== undefined) expect(ms).toBeLessThan(2 ** 31);
			}
			expect(value.pollIntervalMs ?? 1000).toBeGreaterThanOrEqual(1000);
			expect(value.maxParallelTasks).toBeGreaterThanOrEqual(1);
			expect(value.maxFileBytes).toBeGreaterThanOrEqual(0);
			expect(value.maxCostUsd ?? 0).toBeGreaterThanOrEqual(0);
			expect(['string', 'undefined']).toContain(typeof value.fileName);
			expect(typeof value.simplify).toBe('boolean');
		}),
		{ numRuns: 2000 },
	);
});

test('whatever the task ID is, it can be asked for, or is refused', () => {
	fc.assert(
		fc.property(anything, (taskId) => {
			const result = read({ taskId }, readTaskId);
			if (result.ok) expect(encodeURIComponent(result.value).length).toBeGreaterThan(0);
			else expect(result.failure.message).toMatch(/^Task ID /);
		}),
		{ numRuns: 2000 },
	);
});
