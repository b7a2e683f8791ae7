import type { INode } from 'n8n-workflow';
import { type Failure, finalFailure } from '../../../nodes/apixo/result.ts';
import {
	continuesOnError,
	failureItem,
	markForErrorOutput,
	paidNotes,
	stopError,
} from '../../../nodes/WanVideo/run/messages.ts';
import { NODE } from '../support/contexts.mts';
import { required } from '../../support/required.mts';

const FAILURE: Failure = {
	kind: 'final',
	message: 'Task task_1 failed at APIXO: no',
	hint: 'Rewrite the Prompt.',
	details: { taskId: 'task_1', state: 'failed', failCode: 'PromptInvalid', httpCode: undefined },
};

describe('an item that failed', () => {
	const item = failureItem(FAILURE, 2);

	test('has only keys with which n8n sends it to the error output', () => {
		expect(Object.keys(item.json).sort()).toEqual(['details', 'error']);
		expect(item).not.toHaveProperty('error');
	});

	test('says what happened, what is known, and what to do', () => {
		expect(item.json.error).toContain(FAILURE.message);
		expect(item.json.details).toStrictEqual({
			taskId: 'task_1',
			state: 'failed',
			failCode: 'PromptInvalid',
			hint: 'Rewrite the Prompt.',
		});
	});

	test('is paired with its input', () => expect(item.pairedItem).toEqual({ item: 2 }));
});

describe('an item that failed, as n8n before 2.35.3 needs it for the error output', () => {
	const marked = (onError: INode['onError']) =>
		markForErrorOutput({ ...NODE, onError }, failureItem(FAILURE, 2));

	test('has an error beside its json, which no copy of the item has', () => {
		const item = marked('continueErrorOutput');
		expect(required(item.error, 'error').message).toBe(item.json.error);
		expect({ ...item }).toStrictEqual(failureItem(FAILURE, 2));
	});

	test('has none without an error output, where n8n would cut its json down', () => {
		for (const onError of [undefined, 'stopWorkflow', 'continueRegularOutput'] as const) {
			expect(marked(onError)).not.toHaveProperty('error');
		}
	});
});

describe('the error that stops the node', () => {
	const error = stopError(
		NODE,
		[
			{ item: 1, failure: FAILURE },
			{ item: 4, failure: finalFailure('Task task_5 was not finished in time', '') },
		],
		paidNotes([
			{ item: 0, taskId: 'task_0' },
			{ item: 2, taskId: 'task_2' },
		]),
	);

	test('says what happened, to which item, and what to do', () => {
		expect(error.message).toBe('Task task_1 failed at APIXO: no [item 1]');
		expect(error.description).toContain('Rewrite the Prompt.');
	});

	test('carries no tags of others into the description, which n8n shows as HTML', () => {
		const evil = '<img src=x onerror=alert(1)><br><a href="javascript:x">';
		const failure = { ...FAILURE, message: evil, hint: `Look at ${evil}` };
		const failures = [1, 2].map((item) => ({ item, failure }));
		const description = required(stopError(NODE, failures, [evil]).description, 'description');
		expect(description.match(/‹img/g)).toHaveLength(3);
		expect(description.replaceAll('<br>', '')).not.toMatch(/[<>]/);
	});

	test('loses no task that was paid for', () => {
		expect(error.description).toContain('task_5');
		expect(error.description).toContain('[item 4]');
		expect(error.description).toContain('task_0 [item 0], task_2 [item 2]');
	});

	test('holds the details of the first failure', () => {
		expect(error.context.details).toMatchObject({ taskId: 'task_1', failCode: 'PromptInvalid' });
	});

	test('names no item when it is about the run as a whole', () => {
		const failure = finalFailure('Too expensive', 'Raise it.');
		const { message, description } = stopError(NODE, [{ failure }]);
		expect([message, description]).toEqual(['Too expensive', 'Raise it.']);
	});

	test.each([['ECONNRESET'], ['connect ETIMEDOUT 10.0.0.1'], ['ENOTFOUND'], ['404']])(
		'says what we say, although n8n replaces messages with %j in it',
		(words) => {
			const failure = { ...FAILURE, message: `Task task_1 failed at APIXO: ${words}` };
			expect(stopError(NODE, [{ item: 0, failure }]).message).toBe(`${failure.message} [item 0]`);
		},
	);
});

test('where nothing else was paid for, nothing is said about it', () => {
	expect(paidNotes([])).toEqual([]);
});

const SETTINGS: Array<[Pick<INode, 'onError' | 'continueOnFail'>, boolean]> = [
	[{}, false],
	[{ onError: 'stopWorkflow' }, false],
	[{ onError: 'continueRegularOutput' }, true],
	[{ onError: 'continueErrorOutput' }, true],
	[{ continueOnFail: true }, true],
	[{ onError: 'stopWorkflow', continueOnFail: true }, false],
];

test.each(SETTINGS)('a node with %j lets other items go on: %s', (settings, expected) => {
	expect(continuesOnError({ ...NODE, ...settings })).toBe(expected);
});
