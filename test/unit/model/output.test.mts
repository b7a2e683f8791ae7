import { parseTask } from '../../../nodes/apixo/task.ts';
import {
	type RequestFacts,
	rawTask,
	simplifiedTask,
} from '../../../nodes/WanVideo/model/output.ts';
import { required } from '../../support/required.mts';

const DATA = {
	taskId: 'task_1',
	state: 'success',
	resultJson: '{"resultUrls":["https://file.apixo.ai/1.mp4","https://file.apixo.ai/2.mp4"]}',
	createTime: 1767965610929,
	completeTime: 1767965752317,
	costTime: 141388,
};
const parse = (data: object) => required(parseTask(data, 'task_1'), 'task');
const task = (changes: object = {}) => parse({ ...DATA, ...changes });

/** A node of a workflow that was saved before. */
const SAVED = { typeVersion: 1.1 };

test('a finished task has the shape of the contract', () => {
	const request: RequestFacts = { mode: 'text-to-video', estimatedCostUsd: 0.5 };
	expect(simplifiedTask(task(), { request, typeVersion: 1.1 })).toStrictEqual({
		taskId: 'task_1',
		state: 'success',
		mode: 'text-to-video',
		videoUrl: 'https://file.apixo.ai/1.mp4',
		videoUrls: ['https://file.apixo.ai/1.mp4', 'https://file.apixo.ai/2.mp4'],
		createdAt: '2026-01-09T13:33:30.929Z',
		completedAt: '2026-01-09T13:35:52.317Z',
		costTimeMs: 141388,
		estimatedCostUsd: 0.5,
	});
});

test('of a new node, the video comes second, and no time is called a cost', () => {
	const request: RequestFacts = { mode: 'text-to-video', estimatedCostUsd: 0.5 };
	const output = simplifiedTask(task(), { request, typeVersion: 1.2 });
	expect(Object.keys(output)).toEqual([
		'taskId',
		'videoUrl',
		'state',
		'mode',
		'videoUrls',
		'createdAt',
		'completedAt',
		'generationMs',
		'estimatedCostUsd',
	]);
	expect(output).toMatchObject({
		videoUrl: 'https://file.apixo.ai/1.mp4',
		generationMs: 141388,
	});
});

test('mode and cost are left out where the request is not known', () => {
	const keys = Object.keys(simplifiedTask(task(), SAVED));
	expect(keys).not.toContain('mode');
	expect(keys).not.toContain('estimatedCostUsd');
});

test('an unfinished task has state and times, and no URL', () => {
	const data = { taskId: 'task_1', state: 'processing', createTime: 1767965610929 };
	expect(simplifiedTask(parse(data), SAVED)).toStrictEqual({
		taskId: 'task_1',
		state: 'processing',
		createdAt: '2026-01-09T13:33:30.929Z',
	});
});

test('a failed task has code, message and advice', () => {
	const data = { taskId: 'task_1', state: 'failed', failCode: 'PromptInvalid', failMsg: 'No.' };
	expect(simplifiedTask(parse(data), SAVED)).toStrictEqual({
		...data,
		hint: expect.stringMatching(/Rewrite/),
	});
});

test('a time that no calendar has is left out', () => {
	expect(simplifiedTask(task({ createTime: 1e300 }), SAVED)).not.toHaveProperty('createdAt');
});

test('the raw form is what APIXO sent, plus the parsed result', () => {
	expect(rawTask(task({ extra: { a: 1 } }))).toStrictEqual({
		...DATA,
		extra: { a: 1 },
		result: JSON.parse(DATA.resultJson),
	});
});

test('no good item has a key named error, whatever APIXO sends', () => {
	const data = task({ error: 'x' });
	expect(rawTask(data)).not.toHaveProperty('error');
	expect(simplifiedTask(data, SAVED)).not.toHaveProperty('error');
	expect(data.raw).toHaveProperty('error', 'x');
});
