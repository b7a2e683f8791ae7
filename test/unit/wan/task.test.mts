import { isFinal, outcomeOf, parseTask } from '../../../nodes/WanVideo/wan/task.ts';

const SUCCESS = {
	taskId: 'task_1',
	state: 'success',
	resultJson: '{"resultUrls":["https://file.apixo.ai/video.mp4"]}',
	createTime: 1767965610929,
	completeTime: 1767965752317,
	costTime: 141388,
};
const FAILED = {
	taskId: 'task_1',
	state: 'failed',
	failCode: 'PromptInvalid',
	failMsg: 'Prompt is invalid or rejected by provider',
};

const parse = (data) => parseTask(data, 'task_asked');

test('the documented answer is read completely', () => {
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
	expect(parse({ state: 'pending' }).taskId).toBe('task_asked');
});

test.each([
	['pending', false],
	['processing', false],
	['success', true],
	['failed', true],
	['queued', false],
	['SUCCESS', false],
])('%s is final: %s', (state, expected) => expect(isFinal(parse({ state }))).toBe(expected));

test('a finished task with a video is good', () => {
	expect(outcomeOf(parse(SUCCESS))).toEqual({ ok: true, value: parse(SUCCESS) });
});

test.each([
	[undefined],
	[''],
	['{'],
	['null'],
	['[]'],
	['{"resultUrls":[]}'],
	['{"resultUrls":"https://file.apixo.ai/video.mp4"}'],
	['{"resultUrls":[null,5,"","video.mp4","javascript:alert(1)"]}'],
])('a finished task with the result %j fails, and keeps its ID', (resultJson) => {
	const { ok, failure } = outcomeOf(parse({ ...SUCCESS, resultJson }));
	expect(ok).toBe(false);
	expect(failure.message).toContain('task_1');
	expect(failure.details).toMatchObject({ taskId: 'task_1', state: 'success' });
	expect(failure.hint).toContain('paid');
});

test('of several results only the addresses are kept, in order', () => {
	const resultUrls = ['https://a.example/1.mp4', 5, 'https://a.example/2.mp4'];
	const task = parse({ ...SUCCESS, resultJson: JSON.stringify({ resultUrls }) });
	expect(task.videoUrls).toEqual(['https://a.example/1.mp4', 'https://a.example/2.mp4']);
});

test('a failed task tells reason, code and advice', () => {
	const { failure } = outcomeOf(parse(FAILED));
	expect(failure.message).toBe(
		'Task task_1 failed at APIXO: Prompt is invalid or rejected by provider',
	);
	expect(failure.details).toEqual(FAILED);
	expect(failure.hint).toMatch(/Rewrite/);
	expect(failure.retry).toBeUndefined();
});

test('a failed task without a reason still says something', () => {
	const { failure } = outcomeOf(parse({ state: 'failed' }));
	expect(failure.message).toMatch(/task_asked failed at APIXO: \S/);
	expect(failure.hint).not.toBe('');
});

test('times of the wrong type are left out', () => {
	const task = parse({ ...SUCCESS, createTime: '2026', completeTime: null, costTime: NaN });
	expect([task.createTime, task.completeTime, task.costTime]).toEqual([
		undefined,
		undefined,
		undefined,
	]);
});
