import { about } from '../../../nodes/WanVideo/wan/failure.ts';

const failure = { message: 'No luck', hint: 'Wait.', details: { httpCode: 503 } };

test('a failure can be told which task it is about', () => {
	expect(about('task_1', failure)).toEqual({
		message: 'No luck (task task_1)',
		hint: 'Wait.',
		details: { taskId: 'task_1', httpCode: 503 },
	});
});

test('a task that the message names already is not named twice', () => {
	const message = 'Task task_1 was not finished in time';
	expect(about('task_1', { ...failure, message }).message).toBe(message);
});
