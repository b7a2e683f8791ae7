import type { Effects, Emulator } from '../../../emulator/index.mts';
import { required } from '../../support/required.mts';
import { clientOf, sleep, startEmulator, startReceiver, until } from './support.mts';
import type { Client, Receiver } from './support.mts';

describe('the emulated callbacks', () => {
	let apixo: Emulator;
	let client: Client;
	let receiver: Receiver;

	beforeAll(async () => {
		apixo = await startEmulator({ generationMs: 50, timeScale: 0.001 });
		client = clientOf(apixo);
	});
	beforeEach(async () => {
		apixo.reset();
		receiver = await startReceiver();
	});
	afterEach(() => receiver.close());
	afterAll(() => apixo.close());

	const onCallback = (effects: Effects) => apixo.misbehave({ on: 'callback', do: effects });
	const attemptsEnded = (count: number) =>
		until(() => apixo.callbacks().filter(({ endedAt }) => endedAt).length === count);

	it('report a final task once, with the envelope of a status answer', async () => {
		const taskId = await client.submitWithCallback(receiver.url);
		await attemptsEnded(1);
		await sleep(50);
		expect(receiver.received).toHaveLength(1);
		expect(receiver.received[0].at - apixo.tasks()[0].createTime).toBeGreaterThanOrEqual(49);
		expect(receiver.received[0]).toMatchObject({ method: 'POST', url: '/hook?id=1' });
		expect(JSON.parse(receiver.received[0].text)).toEqual((await client.status(taskId)).json);
		expect(apixo.callbacks()).toMatchObject([
			{ taskId, url: receiver.url, attempt: 1, status: 200, answer: 'noted' },
		]);
	});

	it('report a failed task, and one finished on command', async () => {
		apixo.setGeneration(Infinity);
		const taskId = await client.submitWithCallback(receiver.url);
		apixo.finish(taskId, { failCode: 'Timeout' });
		await attemptsEnded(1);
		expect(JSON.parse(receiver.received[0].text).data).toMatchObject({
			taskId,
			failCode: 'Timeout',
		});
	});

	it('report a task once that was finished before its time', async () => {
		const taskId = await client.submitWithCallback(receiver.url);
		apixo.finish(taskId);
		apixo.finish(taskId);
		await sleep(120);
		expect(receiver.received).toHaveLength(1);
	});

	it('do not happen for async tasks', async () => {
		apixo.finish(await client.submitted());
		await sleep(60);
		expect(apixo.callbacks()).toEqual([]);
	});

	it.each([[500], [404], [204], [302]])(
		'are tried again after any answer but 200: %i',
		async (status) => {
			const refusing = await startReceiver([status, status, 200]);
			await client.submitWithCallback(refusing.url);
			await attemptsEnded(3);
			expect(apixo.callbacks().map((attempt) => attempt.status)).toEqual([status, status, 200]);
			await refusing.close();
		},
	);

	it('are tried again on command, before their time', async () => {
		apixo.configure({ timeScale: 1 });
		const refusing = await startReceiver([503, 200]);
		await client.submitWithCallback(refusing.url);
		await attemptsEnded(1);
		apixo.retryCallbacks();
		await attemptsEnded(2);
		apixo.retryCallbacks();
		await sleep(50);
		expect(apixo.callbacks().map(({ status }) => status)).toEqual([503, 200]);
		await refusing.close();
	});

	it('are given up after three more attempts with growing delays', async () => {
		const refusing = await startReceiver([503]);
		await client.submitWithCallback(refusing.url);
		await attemptsEnded(4);
		await sleep(150);
		const attempts = apixo.callbacks();
		expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
		for (const [index, delayMs] of [30, 60, 120].entries()) {
			const endedAt = required(attempts[index].endedAt, 'end');
			expect(attempts[index + 1].at - endedAt).toBeGreaterThanOrEqual(delayMs - 1);
		}
		await refusing.close();
	});

	it('are tried again when nobody listens', async () => {
		const gone = await startReceiver();
		await gone.close();
		await client.submitWithCallback(gone.url);
		await attemptsEnded(4);
		expect(apixo.callbacks().map(({ error }) => error)).toEqual(Array(4).fill('ECONNREFUSED'));
	});

	it('can come in several copies', async () => {
		onCallback({ duplicate: 2 });
		await client.submitWithCallback(receiver.url);
		await attemptsEnded(3);
		expect(new Set(receiver.received.map(({ text }) => text)).size).toBe(1);
	});

	it('can come before the submit is answered', async () => {
		apixo.setGeneration(60_000);
		onCallback({ early: true });
		await client.submitWithCallback(receiver.url);
		expect(receiver.received).toHaveLength(1);
		expect(apixo.callbacks()[0].endedAt).toBeDefined();
	});

	it('can be lost for good, or in the first attempts only', async () => {
		onCallback({ lose: true });
		await client.submitWithCallback(receiver.url);
		await attemptsEnded(4);
		expect(receiver.received).toEqual([]);

		apixo.reset();
		onCallback({ lose: 1 });
		await client.submitWithCallback(receiver.url);
		await attemptsEnded(2);
		expect(receiver.received).toHaveLength(1);
	});

	it('can be late', async () => {
		onCallback({ delayMs: 100 });
		await client.submitWithCallback(receiver.url);
		await attemptsEnded(1);
		const completeTime = required(apixo.tasks()[0].completeTime, 'time');
		expect(receiver.received[0].at - completeTime).toBeGreaterThanOrEqual(99);
	});

	it('can lie', async () => {
		onCallback({ forge: { data: { taskId: 'task_other', state: 'failed' } } });
		await client.submitWithCallback(receiver.url);
		await attemptsEnded(1);
		const { code, data } = JSON.parse(receiver.received[0].text);
		expect([code, data.taskId, data.state]).toEqual([200, 'task_other', 'failed']);
	});

	it('can be no JSON, or of any size', async () => {
		onCallback({ malformed: true });
		await client.submitWithCallback(receiver.url);
		await attemptsEnded(1);
		expect(() => JSON.parse(receiver.received[0].text)).toThrow(SyntaxError);

		apixo.reset();
		onCallback({ oversizedBytes: 100_000 });
		await client.submitWithCallback(receiver.url);
		await attemptsEnded(1);
		expect(receiver.received[1].text).toHaveLength(100_000);
		expect(JSON.parse(receiver.received[1].text).code).toBe(200);
	});

	it('of one submit can be chosen by its prompt', async () => {
		apixo.misbehave({ on: 'callback', match: { promptIncludes: 'lost' }, do: { lose: true } });
		await client.submitWithCallback(receiver.url, { prompt: 'lost fox' });
		await client.submitWithCallback(receiver.url, { prompt: 'good fox' });
		await attemptsEnded(5);
		expect(receiver.received).toHaveLength(1);
	});

	it('stop at a reset', async () => {
		const refusing = await startReceiver([500]);
		apixo.configure({ timeScale: 0.01 });
		await client.submitWithCallback(refusing.url);
		await attemptsEnded(1);
		apixo.reset();
		await sleep(350);
		expect([apixo.callbacks().length, refusing.received.length]).toEqual([0, 1]);
		await refusing.close();
	});
});
