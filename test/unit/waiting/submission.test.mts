import { bad, good, paceOf, passing, taskIn } from './fakes.mts';
import { taskFor } from '../../../nodes/WanVideo/waiting/submission.ts';

const REQUEST = { mode: 'text-to-video', prompt: 'a fox', resolution: '720p', duration: 5 };

/** Runs one submission against scripted answers and a memory of one place. */
async function submitting({ earlier, status = [], submit = [], callbackUrl, timeoutMs = 600_000 }) {
	const memory = {
		what: earlier,
		find: () => memory.what,
		remember: (_item, _request, what) => (memory.what = what),
		forget: () => (memory.what = undefined),
	};
	const client = {
		status: jest.fn(async () => status.shift()),
		submit: jest.fn(async () => submit.shift()),
	};
	const place = { item: 0, request: REQUEST, callbackUrl };
	const outcome = await taskFor(place, client, memory, paceOf(timeoutMs));
	const { status: asked, submit: paid } = client;
	return { outcome, memory: memory.what, asked: asked.mock.calls, paid: paid.mock.calls };
}

test('a new item is submitted once, and its task is remembered', async () => {
	const { outcome, memory, paid, asked } = await submitting({ submit: [good('task_1')] });
	expect(outcome).toEqual(good({ taskId: 'task_1' }));
	expect(memory).toEqual({ taskId: 'task_1' });
	expect(paid).toEqual([[REQUEST, undefined]]);
	expect(asked).toEqual([]);
});

test('a callback URL goes along', async () => {
	const callbackUrl = 'https://n8n.example/webhook';
	const { paid } = await submitting({ submit: [good('task_1')], callbackUrl });
	expect(paid).toEqual([[REQUEST, callbackUrl]]);
});

test.each([['pending'], ['processing'], ['success'], ['queued']])(
	'a task of an earlier try that is %s is picked up, and nothing is paid',
	async (state) => {
		const { outcome, paid, asked } = await submitting({
			earlier: { taskId: 'task_1' },
			status: [taskIn(state)],
		});
		expect(outcome.value).toEqual({ taskId: 'task_1', seen: taskIn(state).value });
		expect(asked).toEqual([['task_1']]);
		expect(paid).toEqual([]);
	},
);

test('a task of an earlier try that failed at APIXO is submitted anew', async () => {
	const { outcome, memory, paid } = await submitting({
		earlier: { taskId: 'task_1' },
		status: [taskIn('failed')],
		submit: [good('task_2')],
	});
	expect(outcome).toEqual(good({ taskId: 'task_2' }));
	expect(memory).toEqual({ taskId: 'task_2' });
	expect(paid).toHaveLength(1);
});

test('while an earlier task cannot be looked at, nothing is paid, and it stays remembered', async () => {
	const { outcome, memory, paid } = await submitting({
		earlier: { taskId: 'task_1' },
		status: [passing(), passing(), bad({ message: 'wrong key' })],
	});
	expect(outcome.failure).toMatchObject({
		message: 'wrong key (task task_1)',
		details: { taskId: 'task_1' },
	});
	expect(memory).toEqual({ taskId: 'task_1' });
	expect(paid).toEqual([]);
});

test('a submission that was refused with an answer is repeated', async () => {
	const { outcome, paid } = await submitting({
		submit: [passing(), passing(undefined, false), good('task_1')],
	});
	expect(outcome.ok).toBe(true);
	expect(paid).toHaveLength(3);
});

test('a submission of unknown outcome is not repeated, in this try or a later one', async () => {
	const first = await submitting({ submit: [bad({ ambiguous: true, message: 'no answer' })] });
	expect(first.outcome.failure.message).toBe('no answer');
	expect(first.paid).toHaveLength(1);

	const later = await submitting({ earlier: first.memory });
	expect(later.outcome.failure).toMatchObject({ ambiguous: true });
	expect(later.outcome.failure.message).toMatch(/may be billed/);
	expect([later.paid, later.asked]).toEqual([[], []]);
});

test('a plain refusal is not remembered', async () => {
	const { memory, paid } = await submitting({ submit: [bad()] });
	expect(memory).toBeUndefined();
	expect(paid).toHaveLength(1);
});
