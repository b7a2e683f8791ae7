import type { WanRequest } from '../../../nodes/WanVideo/model/request.ts';
import type { Remembered } from '../../../nodes/WanVideo/tasks/memory.ts';
import { execution } from '../support/memory.mts';
import { REQUEST as FOX } from '../support/tasks.mts';

const OWL: WanRequest = { ...FOX, prompt: 'an owl' };

const submitted = (taskId: string): Remembered => ({ kind: 'submitted', taskId });

test('a task is found again by a later try', () => {
	const attempt = execution();
	attempt((memory) => memory.remember(0, FOX, submitted('task_1')));
	expect(attempt((memory) => memory.find(0, FOX))).toEqual(submitted('task_1'));
	expect(attempt((memory) => memory.taskIdOf(0, FOX))).toBe('task_1');
});

test('an empty memory knows nothing', () => {
	expect(execution()((memory) => memory.find(0, FOX))).toBeUndefined();
	expect(execution()((memory) => memory.isEmpty)).toBe(true);
});

test('a submission of unknown outcome is found again as such, and has no task', () => {
	const attempt = execution();
	attempt((memory) => memory.remember(0, FOX, { kind: 'ambiguous' }));
	expect(attempt((memory) => memory.find(0, FOX))).toEqual({ kind: 'ambiguous' });
	expect(attempt((memory) => memory.taskIdOf(0, FOX))).toBeUndefined();
	expect(attempt((memory) => memory.isEmpty)).toBe(false);
});

test.each([
	['another item', 1, FOX, 0],
	['another request', 0, OWL, 0],
	['another run of the node, as in a loop', 0, FOX, 1],
])('a task is not mistaken for that of %s', (_, item, request, runIndex) => {
	const attempt = execution();
	attempt((memory) => memory.remember(0, FOX, submitted('task_1')));
	expect(attempt((memory) => memory.find(item, request), { runIndex })).toBeUndefined();
});

test('what is forgotten is gone, and nothing else', () => {
	const attempt = execution();
	attempt((memory) => {
		memory.remember(0, FOX, submitted('task_1'));
		memory.remember(1, FOX, submitted('task_2'));
		memory.forget(0, FOX);
	});
	expect(attempt((memory) => memory.find(0, FOX))).toBeUndefined();
	expect(attempt((memory) => memory.find(1, FOX))).toEqual(submitted('task_2'));
});

test('a delivered task stays known, so that a retry does not pay again', () => {
	const attempt = execution();
	attempt((memory) => {
		memory.remember(0, FOX, submitted('task_1'));
		memory.delivered(0, FOX);
	});
	expect(attempt((memory) => memory.find(0, FOX))).toEqual(submitted('task_1'));
});

describe('as a tool', () => {
	const tool = { isPerRequest: true };

	test('the next try is a run of its own, and still finds the task', () => {
		const attempt = execution();
		attempt((memory) => memory.remember(0, FOX, submitted('task_1')), tool);
		const later = { ...tool, runIndex: 3 };
		expect(attempt((memory) => memory.find(2, FOX), later)).toEqual(submitted('task_1'));
		expect(attempt((memory) => memory.find(2, OWL), later)).toBeUndefined();
	});

	test('asking the same again after a delivery means a new video', () => {
		const attempt = execution();
		attempt((memory) => {
			memory.remember(0, FOX, submitted('task_1'));
			memory.delivered(0, FOX);
		}, tool);
		expect(attempt((memory) => memory.find(0, FOX), tool)).toBeUndefined();
	});
});
