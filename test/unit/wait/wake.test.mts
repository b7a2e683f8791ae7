import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import { wake } from '../../../nodes/WanVideo/wait/wake.ts';
import type { Reply } from '../../../nodes/WanVideo/webhook/respond.ts';
import { fakeClock } from '../support/clock.mts';
import { NODE } from '../support/contexts.mts';
import { standIn } from '../support/standIn.mts';

const PARKED_UNTIL = 1_767_916_800_000;
const WAKES = { wakes: true };
const NOTED = { status: 200, message: 'Noted, other tasks are unfinished' };
const GOES_ON = { status: 200, message: 'Noted, the execution goes on' };
const NO_SUCH_TASK = { status: 404, message: 'No such task is waited for' };

type Response = ReturnType<IWebhookFunctions['getResponseObject']>;

let executions = 0;

/** An execution that a node has parked, which waits for reports of these tasks, and polls others. */
function parked(reported: string[], polledOnly: string[] = []) {
	executions += 1;
	const awaited = (taskId: string, isReported: boolean) => ({
		kind: 'awaited',
		isReported,
		task: { taskId },
	});
	const wait = {
		executionId: `execution ${executions}`,
		parkedUntil: PARKED_UNTIL,
		items: [
			...reported.map((taskId) => awaited(taskId, true)),
			...polledOnly.map((taskId) => awaited(taskId, false)),
			{ kind: 'failed' },
		],
	};
	return {
		wait,
		report: async (body: unknown): Promise<Reply> => await call(body, { waits: { 0: wait } }),
	};
}

/** A call to a node whose saved context is this. */
async function call(body: unknown, store: object | undefined): Promise<Reply> {
	// The response is over at once, as n8n is quick.
	const response = { closed: false, once: (_event: string, done: () => void) => done() };
	const context = Object.assign(
		standIn<IWebhookFunctions>({
			getBodyData: () => body as IDataObject,
			getNode: () => NODE,
			getResponseObject: () => response as unknown as Response,
		}),
		{ runExecutionData: { executionData: { contextData: { [`node:${NODE.name}`]: store } } } },
	);
	return await wake(context, fakeClock());
}

const reportOf = (taskId: unknown) => ({ code: 200, data: { taskId, state: 'success' } });

test('the report of the last of several tasks wakes the execution, in any order', async () => {
	const { report } = parked(['task_1', 'task_2', 'task_3']);
	const replies: Reply[] = [];
	for (const taskId of ['task_3', 'task_1', 'task_3', 'task_2']) {
		replies.push(await report(reportOf(taskId)));
	}
	expect(replies).toEqual([NOTED, NOTED, NOTED, WAKES]);
});

test('only the one that woke it may do so again, in case n8n did not take it', async () => {
	const { report } = parked(['task_1', 'task_2']);
	expect(await report(reportOf('task_1'))).toEqual(NOTED);
	expect(await report(reportOf('task_2'))).toEqual(WAKES);
	expect(await report(reportOf('task_1'))).toEqual(GOES_ON);
	expect(await report(reportOf('task_2'))).toEqual(WAKES);
});

test('an execution that is parked again waits for its reports anew', async () => {
	const { wait, report } = parked(['task_1', 'task_2']);
	await report(reportOf('task_1'));
	wait.parkedUntil += 62_000;
	expect(await report(reportOf('task_2'))).toEqual(NOTED);
	expect(await report(reportOf('task_1'))).toEqual(WAKES);
});

test('reports to one execution are none to another with the same tasks', async () => {
	const [one, other] = [parked(['task_1', 'task_2']), parked(['task_1', 'task_2'])];
	await one.report(reportOf('task_1'));
	expect(await other.report(reportOf('task_2'))).toEqual(NOTED);
});

test('tasks that APIXO was not asked to report are not waited for here', async () => {
	const { report } = parked(['task_1'], ['task_2']);
	expect(await report(reportOf('task_2'))).toEqual(NO_SUCH_TASK);
	expect(await report(reportOf('task_1'))).toEqual(WAKES);
});

test.each([[undefined], [null], ['task_1'], [{}], [{ taskId: 'task_1' }], [reportOf('')]])(
	'a body that names no task (%j) is refused',
	async (body) => {
		const { report } = parked(['task_1']);
		expect(await report(body)).toEqual({ status: 400, message: 'The body names no task' });
	},
);

test.each([
	['saved nothing', undefined],
	['saved waits that are none', { waits: 'x' }],
	['waits no more', { waits: { 0: { executionId: '1', items: [] } } }],
])('a call to an execution that %s finds nobody', async (_, store) => {
	const nobody = { status: 404, message: 'No task is waited for' };
	expect(await call(reportOf('task_1'), store)).toEqual(nobody);
});
