import type { Effects, Emulator, Rule } from '../../../emulator/index.mts';
import { codeOf, messageOf } from '../../../tools/shared/errors.mts';
import { clientOf, sleep, startEmulator, until } from './support.mts';
import type { Client } from './support.mts';

describe('the emulated misbehaviour', () => {
	let apixo: Emulator;
	let client: Client;

	beforeAll(async () => {
		apixo = await startEmulator({ generationMs: 0 });
		client = clientOf(apixo);
	});
	beforeEach(() => apixo.reset());
	afterAll(() => apixo.close());

	const onSubmit = (effects: Effects, rest?: Partial<Rule>) =>
		apixo.misbehave({ on: 'submit', do: effects, ...rest });
	const onStatus = (effects: Effects, rest?: Partial<Rule>) =>
		apixo.misbehave({ on: 'status', do: effects, ...rest });
	const charges = () => apixo.ledger().length;
	const dropped = () => apixo.requests().at(-1)?.dropped;

	/** The error a client sees when its connection ends too early. */
	const networkError = (reply: Promise<unknown>): Promise<string | undefined> =>
		reply.then(
			() => undefined,
			(error: { cause?: unknown }) => codeOf(error.cause) ?? messageOf(error),
		);

	describe('a submit that was not accepted', () => {
		const REFUSALS: Array<[what: string, effects: Effects, status: number, code: number]> = [
			['any HTTP status', { httpStatus: 503 }, 503, 503],
			['an error code in a 200', { code: 500, message: 'broken' }, 200, 500],
			['429 with Retry-After', { retryAfter: 7 }, 429, 429],
			[
				'an envelope of its own',
				{ httpStatus: 403, envelope: { code: 403, message: 'no' } },
				403,
				403,
			],
		];

		it.each(REFUSALS)('answers with %s, unpaid', async (_, effects, status, code) => {
			onSubmit(effects);
			const answer = await client.submit();
			expect([answer.status, answer.json.code]).toEqual([status, code]);
			expect(charges()).toBe(0);
		});

		it('sends Retry-After and other headers', async () => {
			onSubmit({ retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT', headers: { 'x-trace': '1' } });
			const { headers } = await client.submit();
			expect(headers.get('retry-after')).toBe('Wed, 21 Oct 2026 07:28:00 GMT');
			expect(headers.get('x-trace')).toBe('1');
		});

		it('loses its connection, unpaid', async () => {
			onSubmit({ reset: true });
			expect(await networkError(client.submit())).toBe('ECONNRESET');
			expect(charges()).toBe(0);
			await until(() => dropped() === 'reset');
		});
	});

	describe('a submit that was accepted and paid', () => {
		it('loses its answer', async () => {
			onSubmit({ loseAnswer: true });
			expect(await networkError(client.submit())).toBeDefined();
			expect(charges()).toBe(1);
			await until(() => dropped() === 'loseAnswer');
			expect(apixo.requests()[0].taskId).toBe(apixo.ledger()[0].taskId);
		});

		it('gets half an answer', async () => {
			onSubmit({ cut: true });
			expect(await networkError(client.submit())).toBeDefined();
			expect(charges()).toBe(1);
			await until(() => dropped() === 'cut');
			expect(apixo.requests()[0].status).toBe(200);
		});

		const UNREADABLE: Array<[what: string, effects: Effects, status: number, text: RegExp]> = [
			['JSON that does not parse', { malformedJson: true }, 200, /^\{"code":200.*,$/],
			['HTML', { html: true }, 200, /^<!doctype html>/],
			['plain text', { text: 'Log in first' }, 200, /^Log in first$/],
			['no text', { text: '' }, 200, /^$/],
			['no task ID', { noTaskId: true }, 200, /^\{"code":200,"message":"success","data":\{\}\}$/],
			['a gateway time-out', { httpStatus: 504, accept: true }, 504, /"code":504/],
		];

		it.each(UNREADABLE)('gets %s', async (_, effects, status, text) => {
			onSubmit(effects);
			const answer = await client.submit();
			expect(answer.status).toBe(status);
			expect(answer.text).toMatch(text);
			expect(charges()).toBe(1);
		});

		it('is slow to answer, and stays paid when the client gives up', async () => {
			onSubmit({ delayMs: 60_000 });
			const patience = new AbortController();
			const error = networkError(client.submit({}, { signal: patience.signal }));
			await until(() => charges() === 1);
			patience.abort();
			expect(await error).toBeDefined();
			expect(charges()).toBe(1);
			await until(() => dropped() === 'client');
		});
	});

	it('delays an answer by the time given', async () => {
		apixo.misbehave({ on: 'balance', do: { delayMs: 100 } });
		const before = Date.now();
		expect((await client.balance()).json.data).toBe(100);
		expect(Date.now() - before).toBeGreaterThanOrEqual(99);
	});

	describe('of a task', () => {
		const stateOf = async (taskId: string) => (await client.task(taskId)).state;

		it('lets a task fail that was submitted so', async () => {
			onSubmit({ fail: { failCode: 'SensitiveContent', failMsg: 'Not that' } });
			expect(await client.task(await client.submitted())).toMatchObject({
				state: 'failed',
				failCode: 'SensitiveContent',
				failMsg: 'Not that',
			});
		});

		it('lets a task never be final, until it is finished on command', async () => {
			onSubmit({ never: true });
			const taskId = await client.submitted();
			expect(await stateOf(taskId)).toBe('processing');
			apixo.finish(taskId);
			expect(await stateOf(taskId)).toBe('success');
		});

		it('gives one submit its own generation time', async () => {
			onSubmit({ generationMs: 60_000 }, { times: 1 });
			expect(await stateOf(await client.submitted())).toBe('pending');
			expect(await stateOf(await client.submitted())).toBe('success');
		});

		it('shows an unknown state until the task is final', async () => {
			onSubmit({ state: 'queued', generationMs: 60_000 });
			const taskId = await client.submitted();
			expect(await stateOf(taskId)).toBe('queued');
			apixo.finish(taskId);
			expect(await stateOf(taskId)).toBe('success');
		});

		it('shows an unknown state in some answers only', async () => {
			onStatus({ state: 'weird' }, { times: 2 });
			const taskId = await client.submitted();
			const states = [await stateOf(taskId), await stateOf(taskId), await stateOf(taskId)];
			expect(states).toEqual(['weird', 'weird', 'success']);
		});

		it('lets a task fail or never be final from a status request on', async () => {
			const [first, second] = [await client.submitted(), await client.submitted()];
			onStatus({ fail: { failCode: 'Timeout' } }, { match: { taskId: first }, times: 1 });
			onStatus({ never: true }, { match: { taskId: second }, times: 1 });
			expect([await stateOf(first), await stateOf(first)]).toEqual(['failed', 'failed']);
			expect([await stateOf(second), await stateOf(second)]).toEqual(['processing', 'processing']);
		});

		it.each(['', '{"resultUrls":', '{}', '{"resultUrls":[]}'])(
			'gives the result %j, for good or once',
			async (resultJson) => {
				onSubmit({ resultJson }, { times: 1 });
				const bad = await client.submitted();
				expect(await client.task(bad)).toMatchObject({
					state: 'success',
					resultJson,
				});
				onStatus({ resultJson }, { match: { state: 'success' }, times: 1 });
				const good = await client.submitted();
				expect((await client.task(good)).resultJson).toBe(resultJson);
				expect((await client.task(good)).resultJson).toContain(good);
			},
		);
	});

	describe('rules', () => {
		const statuses = async (count: number) => {
			const seen: number[] = [];
			for (let call = 0; call < count; call += 1) seen.push((await client.balance()).status);
			return seen;
		};

		it('are used as often as they say', async () => {
			apixo.misbehave({ on: 'balance', times: 2, do: { httpStatus: 500 } });
			expect(await statuses(4)).toEqual([500, 500, 200, 200]);
		});

		it('pick the nth request that fits', async () => {
			apixo.misbehave({ on: 'balance', match: { nth: 2 }, do: { httpStatus: 502 } });
			apixo.misbehave({ on: 'balance', match: { nth: 3 }, do: { httpStatus: 503 } });
			expect(await statuses(4)).toEqual([200, 502, 503, 200]);
		});

		it('match by task, mode, prompt and key', async () => {
			onSubmit({ httpStatus: 500 }, { match: { promptIncludes: 'bad', mode: 'text-to-video' } });
			expect((await client.submit({ prompt: 'a bad fox' })).status).toBe(500);
			const taskId = await client.submitted({ prompt: 'a good fox' });
			onStatus({ httpStatus: 503 }, { match: { promptIncludes: 'good' }, times: 1 });
			expect((await client.status(taskId)).status).toBe(503);
			onStatus({ httpStatus: 503 }, { match: { key: 'another' } });
			expect((await client.status(taskId)).status).toBe(200);
		});

		it('can be on several kinds of request', async () => {
			apixo.misbehave({ on: ['submit', 'balance'], do: { httpStatus: 503 } });
			expect((await client.balance()).status).toBe(503);
			expect((await client.submit()).status).toBe(503);
		});

		it('end when they are removed', async () => {
			const { remove } = apixo.misbehave({ on: 'balance', do: { httpStatus: 500 } });
			apixo.misbehave({ on: 'balance', do: { httpStatus: 501 } });
			expect(await statuses(1)).toEqual([500]);
			remove();
			expect(await statuses(1)).toEqual([501]);
			apixo.behave();
			expect(await statuses(1)).toEqual([200]);
		});

		/** Rules as a careless test may write them. */
		const MISSPELT: Array<[rule: object, name: string]> = [
			[{ on: 'sumbit', do: { reset: true } }, 'sumbit'],
			[{ on: 'balance', do: { httpstatus: 500 } }, 'httpstatus'],
			[{ on: 'balance', do: { noTaskId: true } }, 'noTaskId'],
			[{ on: 'balance', match: { prompt: 'x' }, do: { reset: true } }, 'prompt'],
			[{ on: 'balance', time: 1, do: { reset: true } }, 'time'],
		];

		it.each(MISSPELT)('that could never apply are refused: %j', (rule, name) => {
			expect(() => apixo.misbehave(rule as Rule)).toThrow(name);
		});
	});

	it('ends at once when closed in the middle of a delay', async () => {
		const other = await startEmulator();
		other.misbehave({ on: 'balance', do: { delayMs: 60_000 } });
		const error = networkError(clientOf(other).balance());
		await until(() => other.requests().length === 1);
		await sleep(10);
		await other.close();
		expect(await error).toBeDefined();
	});
});
