import { finalFailure, withTaskId } from '../../../nodes/apixo/result.ts';

const failure = finalFailure('No luck', 'Wait.', { httpCode: 503 });

test('a failure can be given the task that it is about', () => {
	expect(withTaskId('task_1', failure)).toEqual({
		kind: 'final',
		message: 'No luck (task task_1)',
		hint: 'Wait.',
		details: { taskId: 'task_1', httpCode: 503 },
	});
});

test('a task that the message names already is not named twice', () => {
	const message = 'Task task_1 was not finished in time';
	expect(withTaskId('task_1', { ...failure, message }).message).toBe(message);
});
