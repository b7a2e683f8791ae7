import type { IExecuteFunctions } from 'n8n-workflow';
import { watchCancellation } from '../../../nodes/WanVideo/run/cancellation.ts';
import { logger } from '../support/contexts.mts';
import { standIn } from '../support/standIn.mts';
import { settled, stoppedClock } from '../support/clock.mts';

/** A run with these paid tasks, that the user may stop. */
function stoppable(tasks: string[] = []) {
	const clock = stoppedClock();
	const log = logger();
	const saved: Record<string, string> = {};
	const handlers: Array<() => unknown> = [];
	const context = standIn<IExecuteFunctions>({
		logger: log.logger,
		customData: standIn<IExecuteFunctions['customData']>({
			set: (name, value) => void (saved[name] = value),
		}),
		onExecutionCancellation: (handler) => void handlers.push(handler),
	});
	return {
		...watchCancellation(context, clock, () => tasks),
		tasks,
		saved,
		lines: log.lines,
		byUser: () => handlers.forEach((handler) => handler()),
		/** Lets the grace period of submissions pass. @returns how long it was */
		passGrace: async () => {
			const slept = clock.wake();
			await settled();
			return slept;
		},
	};
}

/** How often each of so many listeners of a signal was called. */
function listen(signal: AbortSignal, count = 10) {
	const times = Array<number>(count).fill(0);
	times.forEach((_, listener) => signal.addEventListener('abort', () => (times[listener] += 1)));
	return times;
}

test('the user’s stop ends at once what waits or reads, and submissions a moment later', async () => {
	const { signal, submitSignal, byUser, passGrace } = stoppable();
	expect([signal.aborted, submitSignal.aborted]).toEqual([false, false]);
	byUser();
	expect([signal.aborted, submitSignal.aborted]).toEqual([true, false]);
	expect(await passGrace()).toEqual([700]);
	expect(submitSignal.aborted).toBe(true);
});

test('each listener is called once, however often the run is stopped', () => {
	const { signal, stop, byUser } = stoppable();
	const times = listen(signal);
	stop();
	stop();
	byUser();
	expect(times).toEqual(Array(10).fill(1));
});

test('the first failure ends what waits, lets submissions end, and logs nothing', async () => {
	const { signal, submitSignal, stop, passGrace, saved, lines } = stoppable(['task_1']);
	stop();
	expect(await passGrace()).toEqual([]);
	expect([signal.aborted, submitSignal.aborted]).toEqual([true, false]);
	expect([saved, lines]).toEqual([{}, []]);
});

test('the tasks that were paid for are saved with the execution, and logged', () => {
	const { byUser, saved, lines } = stoppable(['task_1', 'task_2']);
	byUser();
	expect(saved).toEqual({ wanVideoTasks: 'task_1 task_2' });
	expect(lines).toEqual(['Stopped while these Wan Video tasks go on: task_1, task_2']);
});

test('without tasks there is nothing to say', async () => {
	const { byUser, passGrace, saved, lines } = stoppable();
	byUser();
	await passGrace();
	expect([saved, lines]).toEqual([{}, []]);
});

test('a task whose ID arrives after the stop is logged too', async () => {
	const { byUser, passGrace, tasks, lines } = stoppable(['task_1']);
	byUser();
	tasks.push('task_2');
	await passGrace();
	expect(lines).toEqual([
		'Stopped while these Wan Video tasks go on: task_1',
		'Stopped while these Wan Video tasks go on: task_1, task_2',
	]);
});

test('as many tasks are saved as n8n keeps: 10 values of 512 characters', () => {
	const tasks = Array.from({ length: 1_000 }, (_, index) => `task_${1_000_000 + index}`);
	const { byUser, saved } = stoppable(tasks);
	byUser();
	const values = Object.values(saved);
	expect(Object.keys(saved).slice(0, 2)).toEqual(['wanVideoTasks', 'wanVideoTasks2']);
	expect(values.length).toBeLessThanOrEqual(10);
	expect(Math.max(...values.map(({ length }) => length))).toBeLessThanOrEqual(512);
	const named = values.join(' ').match(/task_\d+/g) ?? [];
	expect(named).toEqual(tasks.slice(0, named.length));
	expect(values.at(-1)).toBe(`and ${1_000 - named.length} more, see the log of n8n`);
});
