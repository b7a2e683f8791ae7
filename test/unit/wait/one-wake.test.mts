import { EventEmitter } from 'node:events';
import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import { wake } from '../../../nodes/WanVideo/wait/wake.ts';
import { fakeClock } from '../support/clock.mts';
import { NODE } from '../support/contexts.mts';
import { standIn } from '../support/standIn.mts';

type Response = ReturnType<IWebhookFunctions['getResponseObject']>;

const WAKES = { wakes: true };
const GOES_ON = { status: 409, message: 'The execution goes on just now' };

let executions = 0;

/** An execution that waits for the report of one task. */
function parked() {
	const awaited = { kind: 'awaited', isReported: true, task: { taskId: 'task_1' } };
	const wait = { executionId: `parked ${executions++}`, parkedUntil: 1, items: [awaited] };
	const contextData = { [`node:${NODE.name}`]: { waits: { 0: wait } } };
	return async () => {
		const answer = Object.assign(new EventEmitter(), { statusCode: 200, writableFinished: false });
		const context = standIn<IWebhookFunctions>({
			getBodyData: (): IDataObject => ({ data: { taskId: 'task_1' } }),
			getNode: () => NODE,
			getResponseObject: () => answer as unknown as Response,
		});
		Object.assign(context, { runExecutionData: { executionData: { contextData } } });
		const reply = await wake(context, fakeClock());
		/** As n8n answers, or as the caller goes away. */
		const end = (statusCode: number, writableFinished = true) => {
			Object.assign(answer, { statusCode, writableFinished }).emit('close');
		};
		return { reply, end };
	};
}

test('a callback that is delivered twice at the same time wakes the execution once', async () => {
	const report = parked();
	const [first, second] = [await report(), await report()];
	expect([first.reply, second.reply]).toEqual([WAKES, GOES_ON]);
	first.end(200);
	expect((await report()).reply).toEqual(GOES_ON);
});

test.each([
	['n8n failed to go on', 500, true],
	['its caller went away some time ago, without an answer', 200, false],
])('a callback may wake the execution again if %s', async (_, status, isAnswered) => {
	const report = parked();
	(await report()).end(status, isAnswered);
	// On this clock, all that sleeps has slept by then.
	await new Promise((resolve) => setImmediate(resolve));
	expect((await report()).reply).toEqual(WAKES);
});
