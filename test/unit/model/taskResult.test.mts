import { parseTask } from '../../../nodes/apixo/task.ts';
import { resultOf } from '../../../nodes/WanVideo/model/taskResult.ts';
import { required } from '../../support/required.mts';
import { failureOf } from '../support/results.mts';
import { taskIn } from '../support/tasks.mts';

const FAILED = {
	taskId: 'task_1',
	state: 'failed',
	failCode: 'PromptInvalid',
	failMsg: 'Prompt is invalid or rejected by provider',
};

/** A task that does not say its ID. */
const parse = (data: object) => required(parseTask(data, 'task_asked'), 'task');

test('a finished task with a video is good', () => {
	const task = taskIn('success');
	expect(resultOf(task)).toEqual({ ok: true, value: task });
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
	const failure = failureOf(resultOf(taskIn('success', { resultJson })));
	expect(failure.message).toContain('task_1');
	expect(failure.details).toMatchObject({ taskId: 'task_1', state: 'success' });
	expect(failure.hint).toContain('paid');
});

test('a failed task becomes a failure with reason, code and advice', () => {
	const failure = failureOf(resultOf(parse(FAILED)));
	expect(failure.message).toBe(
		'Task task_1 failed at APIXO: Prompt is invalid or rejected by provider',
	);
	expect(failure.details).toEqual(FAILED);
	expect(failure.hint).toMatch(/Rewrite/);
	expect(failure.kind).toBe('final');
});

test('a failed task without a reason still says something', () => {
	const failure = failureOf(resultOf(parse({ state: 'failed' })));
	expect(failure.message).toMatch(/task_asked failed at APIXO: \S/);
	expect(failure.hint).not.toBe('');
});
