import { ok } from '../../../nodes/apixo/result.ts';
import { type FileAddresses, Submitter } from '../../../nodes/WanVideo/tasks/submission.ts';
import { waitOf } from '../support/clock.mts';
import { memoryIn } from '../support/memory.mts';
import { failureOf, valueOf } from '../support/results.mts';
import { type Answer, clientFor, scriptedService } from '../support/service.mts';
import { REQUEST, taskData, taskIn } from '../support/tasks.mts';

const ACCEPTED = (taskId: string): Answer => ({ data: { taskId } });
const KEY = expect.any(String) as string;
const submitted = (taskId: string) => ({ kind: 'submitted', taskId, key: KEY });

interface Circumstances {
	/** The task that an earlier try left; empty if it does not know whether there is one. */
	earlier?: string;
	status?: Answer[];
	submit?: Answer[];
	callbackUrl?: string;
	timeoutMs?: number;
}

/** Addresses for a request that is made from no file. */
const NO_FILES: FileAddresses = {
	addressed: async (request, _item, deadline) => ok({ request, deadline }),
};

/** Submits one item against scripted answers. */
async function submitting({ earlier, callbackUrl, timeoutMs = 600_000, ...script }: Circumstances) {
	const memory = memoryIn({});
	if (earlier !== undefined) memory.remember({ item: 0, request: REQUEST }, earlier || undefined);
	const { context, paid, asked } = scriptedService(script);
	const wait = waitOf(timeoutMs);
	const place = { item: 0, request: REQUEST, callbackUrl, deadline: wait.deadline };
	const client = clientFor(context, wait);
	const result = await new Submitter(client, memory, NO_FILES, undefined).submitOnce(place);
	return {
		result,
		memory: memory.find({ item: 0, request: REQUEST }),
		asked: asked(),
		paid: paid(),
	};
}

test('a new item is submitted once, and its task is remembered', async () => {
	const { result, memory, paid, asked } = await submitting({ submit: [ACCEPTED('task_1')] });
	expect(result).toEqual(ok({ taskId: 'task_1', isNew: true, key: KEY }));
	expect(memory).toEqual(submitted('task_1'));
	expect(paid).toEqual([{ request_type: 'async', input: REQUEST }]);
	expect(asked).toEqual([]);
});

test('a callback URL goes along', async () => {
	const callbackUrl = 'https://n8n.example/webhook';
	const { paid } = await submitting({ submit: [ACCEPTED('task_1')], callbackUrl });
	expect(paid).toEqual([{ request_type: 'callback', callback_url: callbackUrl, input: REQUEST }]);
});

test.each([['pending'], ['processing'], ['success'], ['queued']])(
	'a task of an earlier try that is %s is picked up, and nothing is paid',
	async (state) => {
		const { result, paid, asked } = await submitting({
			earlier: 'task_1',
			status: [{ data: taskData(state) }],
		});
		const pickedUp = { taskId: 'task_1', isNew: false, key: KEY, task: taskIn(state) };
		expect(valueOf(result)).toEqual(pickedUp);
		expect(asked).toEqual(['task_1']);
		expect(paid).toEqual([]);
	},
);

test('a task of an earlier try that failed at APIXO is submitted anew', async () => {
	const { result, memory, paid } = await submitting({
		earlier: 'task_1',
		status: [{ data: taskData('failed') }],
		submit: [ACCEPTED('task_2')],
	});
	expect(result).toEqual(ok({ taskId: 'task_2', isNew: true, key: KEY }));
	expect(memory).toEqual(submitted('task_2'));
	expect(paid).toHaveLength(1);
});

test('while an earlier task cannot be polled, nothing is paid, and it stays remembered', async () => {
	const { result, memory, paid, asked } = await submitting({
		earlier: 'task_1',
		status: [{ status: 503 }, { status: 429 }, { status: 401 }],
	});
	expect(failureOf(result)).toMatchObject({
		kind: 'final',
		message: 'APIXO did not accept the API key: so it is (task task_1)',
		details: { taskId: 'task_1' },
	});
	expect(asked).toEqual(['task_1', 'task_1', 'task_1']);
	expect(memory).toEqual(submitted('task_1'));
	expect(paid).toEqual([]);
});

test('a submission that was refused with an answer is repeated', async () => {
	const { result, paid } = await submitting({
		submit: [{ status: 429 }, { status: 503 }, ACCEPTED('task_1')],
	});
	expect(result.ok).toBe(true);
	expect(paid).toHaveLength(3);
});

test('a submission of unknown outcome is not repeated, in this try or a later one', async () => {
	const first = await submitting({ submit: [{ networkError: 'ECONNRESET' }] });
	expect(failureOf(first.result).message).toMatch(/^APIXO's answer did not arrive/);
	expect(first.paid).toHaveLength(1);
	expect(first.memory).toEqual({ kind: 'ambiguous', key: KEY });

	const later = await submitting({ earlier: '' });
	expect(failureOf(later.result).kind).toBe('ambiguous');
	expect(failureOf(later.result).message).toMatch(/may be billed/);
	expect([later.paid, later.asked]).toEqual([[], []]);
});

test('a plain refusal is not remembered', async () => {
	const { memory, paid } = await submitting({ submit: [{ status: 400 }] });
	expect(memory).toBeUndefined();
	expect(paid).toHaveLength(1);
});
