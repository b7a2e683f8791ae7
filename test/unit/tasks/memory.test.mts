import { createHash } from 'node:crypto';
import type { WanRequest } from '../../../nodes/WanVideo/model/request.ts';
import { execution } from '../support/memory.mts';
import { REQUEST as FOX } from '../support/tasks.mts';

const OWL: WanRequest = { ...FOX, prompt: 'an owl' };

const submitted = (taskId: string) => ({
	kind: 'submitted',
	taskId,
	key: expect.any(String) as string,
});

/** An execution that paid for a task of its first item. */
function paid(circumstances?: Parameters<ReturnType<typeof execution>>[1]) {
	const attempt = execution();
	attempt((memory) => memory.remember({ item: 0, request: FOX }, 'task_1'), circumstances);
	return attempt;
}

test('an empty memory knows nothing', () => {
	expect(execution()((memory) => memory.find({ item: 0, request: FOX }))).toBeUndefined();
});

test('a task is found again by a later try', () => {
	const attempt = paid();
	expect(attempt((memory) => memory.find({ item: 0, request: FOX }))).toEqual(submitted('task_1'));
	expect(attempt((memory) => memory.taskIdOf({ item: 0, request: FOX }))).toBe('task_1');
});

test('a submission of unknown outcome is found again as such, and has no task', () => {
	const attempt = execution();
	attempt((memory) => memory.remember({ item: 0, request: FOX }, undefined));
	expect(attempt((memory) => memory.find({ item: 0, request: FOX }))).toMatchObject({
		kind: 'ambiguous',
	});
	expect(attempt((memory) => memory.taskIdOf({ item: 0, request: FOX }))).toBeUndefined();
});

describe('a wish', () => {
	const parameters = { prompt: '={{ $json.animal + Math.random() }}' };
	const wish = { parameters, json: { animal: 'fox' } };

	test('is found again whatever its expressions give at the next try', () => {
		const attempt = paid(wish);
		expect(attempt((memory) => memory.find({ item: 0, request: OWL }), wish)).toEqual(
			submitted('task_1'),
		);
	});

	test('that is written in other words is found by an equal request', () => {
		const attempt = paid(wish);
		const reworded = { ...wish, parameters: { prompt: 'a fox' } };
		expect(attempt((memory) => memory.find({ item: 0, request: FOX }), reworded)).toEqual(
			submitted('task_1'),
		);
	});

	test.each([
		['the panel', { ...wish, parameters: { prompt: 'an owl' } }],
		['the input item', { ...wish, json: { animal: 'owl' } }],
	])('is another one if %s was changed, and so was the request', (_, changed) => {
		expect(paid(wish)((memory) => memory.find({ item: 0, request: OWL }), changed)).toBeUndefined();
	});

	test('is not changed by parameters that make no request', () => {
		const attempt = paid(wish);
		const elsewhere = { ...wish, parameters: { ...parameters, waitFor: 'parked' } };
		expect(attempt((memory) => memory.find({ item: 0, request: OWL }), elsewhere)).toEqual(
			submitted('task_1'),
		);
	});

	test('that was paid for twice is met by the newer task', () => {
		const attempt = paid(wish);
		attempt((memory) => memory.remember({ item: 0, request: OWL }, 'task_2'), wish);
		expect(attempt((memory) => memory.find({ item: 0, request: OWL }), wish)).toEqual(
			submitted('task_2'),
		);
	});
});

test('what version 0.1 saved, which knew no wishes, is found by an equal request', () => {
	const hash = createHash('sha256').update(JSON.stringify(FOX)).digest('hex').slice(0, 24);
	const attempt = execution({ [`0.1.${hash}`]: 'task_1' });
	expect(attempt((memory) => memory.find({ item: 1, request: FOX }))).toEqual(submitted('task_1'));
	expect(attempt((memory) => memory.find({ item: 1, request: OWL }))).toBeUndefined();
	expect(attempt((memory) => memory.find({ item: 0, request: FOX }))).toBeUndefined();
});

test.each([
	['another item', 1, 0],
	['another run of the node, as in a loop', 0, 1],
])('a task is not mistaken for that of %s', (_, item, runIndex) => {
	expect(
		paid()((memory) => memory.find({ item: item, request: FOX }), { runIndex }),
	).toBeUndefined();
});

test('what is forgotten is gone, and nothing else', () => {
	const attempt = execution();
	attempt((memory) => {
		const key = memory.remember({ item: 0, request: FOX }, 'task_1');
		memory.remember({ item: 1, request: FOX }, 'task_2');
		memory.forget(key);
	});
	expect(attempt((memory) => memory.find({ item: 0, request: FOX }))).toBeUndefined();
	expect(attempt((memory) => memory.find({ item: 1, request: FOX }))).toEqual(submitted('task_2'));
});

test('a delivered task stays known, so that a retry does not pay again', () => {
	const attempt = execution();
	attempt((memory) => memory.delivered(memory.remember({ item: 0, request: FOX }, 'task_1')));
	expect(attempt((memory) => memory.find({ item: 0, request: FOX }))).toEqual(submitted('task_1'));
});

describe('as a tool', () => {
	const tool = { isPerRequest: true };

	test('the next try is a run of its own, and still finds the task', () => {
		const attempt = paid(tool);
		const later = { ...tool, runIndex: 3 };
		expect(attempt((memory) => memory.find({ item: 2, request: FOX }), later)).toEqual(
			submitted('task_1'),
		);
		expect(attempt((memory) => memory.find({ item: 2, request: OWL }), later)).toBeUndefined();
	});

	test('asking the same again after a delivery means a new video', () => {
		const attempt = execution();
		attempt(
			(memory) => memory.delivered(memory.remember({ item: 0, request: FOX }, 'task_1')),
			tool,
		);
		expect(attempt((memory) => memory.find({ item: 0, request: FOX }), tool)).toBeUndefined();
	});
});
