import { waitOf } from '../support/clock.mts';
import { failureOf, valueOf } from '../support/results.mts';
import { type Answer, clientFor, scriptedService } from '../support/service.mts';
import { REQUEST, taskData } from '../support/tasks.mts';

const MINUTE = 60_000;

/** A client against scripted answers, which may repeat requests for a minute. */
function client(script: { submit?: Answer[]; status?: Answer[] }) {
	const service = scriptedService(script);
	const wait = waitOf(MINUTE);
	return { ...service, ...wait, client: clientFor(service.context, wait, MINUTE) };
}

test('a task is asked for again while the service has passing trouble, for the client’s budget', async () => {
	const { client: patient, asked } = client({
		status: [{ status: 503 }, { networkError: 'ECONNRESET' }, { data: taskData('success') }],
	});
	expect(valueOf(await patient.getTask('task_1')).state).toBe('success');
	expect(asked()).toHaveLength(3);

	const troubled = client({ status: Array<Answer>(100).fill({ status: 503 }) });
	expect(failureOf(await troubled.client.getTask('task_1')).kind).toBe('retryable');
	expect(troubled.clock.elapsed()).toBeGreaterThan(MINUTE / 3);
	expect(troubled.clock.elapsed()).toBeLessThanOrEqual(MINUTE);
});

test('a deadline of a call’s own goes before the client’s budget', async () => {
	const { client: patient, clock, asked } = client({ status: [{ status: 503 }] });
	expect((await patient.getTask('task_1', clock.now())).ok).toBe(false);
	expect([asked().length, clock.elapsed()]).toEqual([1, 0]);
});

test('a poll is one request, whatever comes of it', async () => {
	const { client: patient, asked } = client({ status: [{ status: 503 }] });
	expect(failureOf(await patient.pollTask('task_1')).details).toEqual({
		taskId: 'task_1',
		httpCode: 503,
	});
	expect(asked()).toEqual(['task_1']);
});

test('a response that reports success without a task ID leaves a submission unknown', async () => {
	const { client: patient, paid } = client({ submit: [{ data: {} }] });
	expect(failureOf(await patient.submit(REQUEST, undefined, 0))).toMatchObject({
		kind: 'ambiguous',
		message: expect.stringMatching(/^APIXO's answer could not be read/),
	});
	expect(paid()).toHaveLength(1);
});

test('a task is unknown only if APIXO itself says so', async () => {
	const { client: asking } = client({ status: [{ status: 404 }, { page: 404 }] });
	expect(failureOf(await asking.getTask('task_1'))).toMatchObject({
		isUnknownTask: true,
		message: 'APIXO has no task task_1 for this API key',
		hint: expect.stringContaining('run the workflow anew'),
	});
	const foreign = failureOf(await asking.getTask('task_1'));
	expect(foreign.isUnknownTask).toBeUndefined();
	expect(foreign.message).toMatch(/^A server between n8n and APIXO .*\(task task_1\)$/);
	expect(foreign.details).toEqual({ taskId: 'task_1', httpCode: 404 });
});

test('nothing is submitted once the run was stopped', async () => {
	const { client: patient, stop, paid } = client({});
	stop();
	expect(failureOf(await patient.submit(REQUEST, undefined, 0)).kind).toBe('stopped');
	expect(paid()).toEqual([]);
});
