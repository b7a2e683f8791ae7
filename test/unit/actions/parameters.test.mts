import fc from 'fast-check';
import { anything } from '../../support/model/odd.mts';
import { readOptions, readTaskId } from '../../../nodes/WanVideo/actions/parameters.ts';
import { together } from '../../../nodes/WanVideo/actions/reading.ts';

/** A node whose parameters are these. */
const panel = (parameters) => ({
	getNodeParameter: (name, _item, fallback) => parameters[name] ?? fallback,
});

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

test.each([[[]], [[{ maxCost: 1 }]], ['{"maxCost": 1}'], [5], [true]])(
	'Options that are %j are refused: a spending limit would be lost with them',
	(options) => {
		const { ok, failure } = readOptions(panel({ options }), 0);
		expect(ok).toBe(false);
		expect(failure.message).toMatch(/^Options must be an object/);
	},
);

test('whatever the options hold, they are refused by name, or within their limits', () => {
	const options = fc.record(
		Object.fromEntries(Object.keys(TITLES).map((name) => [name, anything])),
		{ requiredKeys: [] },
	);
	fc.assert(
		fc.property(options, (given) => {
			const { ok, value, failure } = readOptions(panel({ options: given }), 0);
			if (!ok) {
				const names = Object.values(TITLES).map((title) => `${title} must be `);
				for (const fault of failure.message.split('; ')) {
					if (names.some((name) => fault.startsWith(name))) return;
				}
				throw new Error(`No parameter is named in: ${failure.message}`);
			}
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
			const { ok, value, failure } = readTaskId(panel({ taskId }), 0);
			if (ok) expect(encodeURIComponent(value).length).toBeGreaterThan(0);
			else expect(failure.message).toMatch(/^Task ID /);
		}),
		{ numRuns: 2000 },
	);
});

test('faults of several fields are told at once, a single one with its own advice', () => {
	const good = { ok: true, value: 1 };
	const bad = (message) => ({
		ok: false,
		failure: { message, hint: `About ${message}`, details: {} },
	});
	expect(together(good, good)).toEqual({ ok: true, value: [1, 1] });
	expect(together(good, bad('A')).failure).toMatchObject({ message: 'A', hint: 'About A' });
	expect(together(bad('A'), good, bad('B')).failure.message).toBe('A; B');
});
