import { isFinal, parseTask } from '../../../nodes/apixo/task.ts';
import { required } from '../../support/required.mts';

const SUCCESS = {
	taskId: 'task_1',
	state: 'success',
	resultJson: '{"resultUrls":["https://file.apixo.ai/video.mp4"]}',
	createTime: 1767965610929,
	completeTime: 1767965752317,
	costTime: 141388,
};

const parse = (data: unknown) => parseTask(data, 'task_asked');
const parsed = (data: unknown) => required(parse(data), 'task');

test('the documented response is read completely', () => {
	expect(parse(SUCCESS)).toEqual({
		taskId: 'task_1',
		state: 'success',
		videoUrls: ['https://file.apixo.ai/video.mp4'],
		result: { resultUrls: ['https://file.apixo.ai/video.mp4'] },
		failCode: undefined,
		failMsg: undefined,
		createTime: 1767965610929,
		completeTime: 1767965752317,
		costTime: 141388,
		raw: SUCCESS,
	});
});

test.each([[undefined], [null], ['success'], [[SUCCESS]], [{}], [{ state: 5 }], [{ state: '' }]])(
	'%j is no task',
	(data) => expect(parse(data)).toBeUndefined(),
);

test('a task that does not say its ID is the one that was asked for', () => {
	expect(parsed({ state: 'pending' }).taskId).toBe('task_asked');
});

test.each([
	['pending', false],
	['processing', false],
	['success', true],
	['failed', true],
	['queued', false],
	['SUCCESS', false],
])('%s is final: %s', (state, expected) => expect(isFinal(parsed({ state }))).toBe(expected));

test('of several results only the addresses are kept, in order', () => {
	const resultUrls = ['https://a.example/1.mp4', 5, 'https://a.example/2.mp4'];
	const task = parsed({ ...SUCCESS, resultJson: JSON.stringify({ resultUrls }) });
	expect(task.videoUrls).toEqual(['https://a.example/1.mp4', 'https://a.example/2.mp4']);
});

test('times of the wrong type are left out', () => {
	const task = parsed({ ...SUCCESS, createTime: '2026', completeTime: null, costTime: NaN });
	expect([task.createTime, task.completeTime, task.costTime]).toEqual([
		undefined,
		undefined,
		undefined,
	]);
});
