import { TaskMemory } from '../../../nodes/WanVideo/waiting/memory.ts';

const FOX = { mode: 'text-to-video', prompt: 'a fox', resolution: '720p', duration: 5 };
const OWL = { ...FOX, prompt: 'an owl' };

/** n8n's side: the node's context is stored with the execution, so as JSON. */
const execution = () => {
	let stored = '{}';
	return (work, { runIndex = 0, perRequest = false } = {}) => {
		const context = JSON.parse(stored);
		const memory = new TaskMemory(
			{ getContext: () => context, getWorkflowDataProxy: () => ({ $runIndex: runIndex }) },
			perRequest,
		);
		const result = work(memory);
		stored = JSON.stringify(context);
		return result;
	};
};

test('a task is found again by a later try', () => {
	const attempt = execution();
	attempt((memory) => memory.remember(0, FOX, { taskId: 'task_1' }));
	expect(attempt((memory) => memory.find(0, FOX))).toEqual({ taskId: 'task_1' });
});

test('an empty memory knows nothing', () => {
	expect(execution()((memory) => memory.find(0, FOX))).toBeUndefined();
});

test.each([
	['another item', 1, FOX, 0],
	['another request', 0, OWL, 0],
	['another run of the node, as in a loop', 0, FOX, 1],
])('a task is not mistaken for that of %s', (_, item, request, runIndex) => {
	const attempt = execution();
	attempt((memory) => memory.remember(0, FOX, { taskId: 'task_1' }));
	expect(attempt((memory) => memory.find(item, request), { runIndex })).toBeUndefined();
});

test('what is forgotten is gone, and nothing else', () => {
	const attempt = execution();
	attempt((memory) => {
		memory.remember(0, FOX, { taskId: 'task_1' });
		memory.remember(1, FOX, { taskId: 'task_2' });
		memory.forget(0, FOX);
	});
	expect(attempt((memory) => memory.find(0, FOX))).toBeUndefined();
	expect(attempt((memory) => memory.find(1, FOX))).toEqual({ taskId: 'task_2' });
});

test('a delivered task stays known, so that a retry does not pay again', () => {
	const attempt = execution();
	attempt((memory) => {
		memory.remember(0, FOX, { taskId: 'task_1' });
		memory.delivered(0, FOX);
	});
	expect(attempt((memory) => memory.find(0, FOX))).toEqual({ taskId: 'task_1' });
});

describe('as a tool', () => {
	const tool = { perRequest: true };

	test('the next try is a run of its own, and still finds the task', () => {
		const attempt = execution();
		attempt((memory) => memory.remember(0, FOX, { taskId: 'task_1' }), tool);
		const later = { ...tool, runIndex: 3 };
		expect(attempt((memory) => memory.find(2, FOX), later)).toEqual({ taskId: 'task_1' });
		expect(attempt((memory) => memory.find(2, OWL), later)).toBeUndefined();
	});

	test('asking the same again after a delivery means a new video', () => {
		const attempt = execution();
		attempt((memory) => {
			memory.remember(0, FOX, { taskId: 'task_1' });
			memory.delivered(0, FOX);
		}, tool);
		expect(attempt((memory) => memory.find(0, FOX), tool)).toBeUndefined();
	});
});
