import type { Emulator } from '../../../emulator/index.mts';
import { clientOf, startEmulator } from './support.mts';
import type { Client } from './support.mts';

const IMAGE = { image_urls: ['https://example.com/a.png'] };
const REFERENCE = { reference_urls: ['https://example.com/a.png'] };

/** [mode, its media, sound, USD for 1 second in 720p, in 1080p] from the documentation's tables. */
const PER_SECOND: Array<
	[mode: string, media: object, sound: boolean | undefined, in720p: number, in1080p: number]
> = [
	['text-to-video', {}, undefined, 0.1, 0.15],
	['image-to-video', IMAGE, undefined, 0.1, 0.15],
	['reference-to-video', REFERENCE, undefined, 0.2, 0.3],
	['image-to-video-flash', IMAGE, false, 0.025, 0.0375],
	['image-to-video-flash', IMAGE, true, 0.05, 0.075],
	['reference-to-video-flash', REFERENCE, false, 0.05, 0.08],
	['reference-to-video-flash', REFERENCE, true, 0.1, 0.16],
];

/** Price of 5 seconds, the default, in the mode's default resolution, with sound. */
const BY_DEFAULT: Array<[mode: string, media: object, usd: number]> = [
	['text-to-video', {}, 0.5],
	['image-to-video', IMAGE, 0.5],
	['reference-to-video', REFERENCE, 1.5],
	['image-to-video-flash', IMAGE, 0.25],
	['reference-to-video-flash', REFERENCE, 0.8],
];

describe('the emulated charges', () => {
	let apixo: Emulator;
	let client: Client;

	beforeAll(async () => {
		apixo = await startEmulator({ generationMs: 60_000 });
		client = clientOf(apixo);
	});
	beforeEach(() => apixo.reset());
	afterAll(() => apixo.close());

	it.each(PER_SECOND)(
		'follow the price table: %s %j sound %s',
		async (mode, media, sound, ...prices) => {
			for (const [index, resolution] of ['720p', '1080p'].entries()) {
				await client.submit({ mode, ...media, sound, resolution, duration: 10 });
				expect(apixo.ledger()[index].usd).toBeCloseTo(prices[index] * 10, 10);
			}
		},
	);

	it.each(BY_DEFAULT)('assume the documented defaults: %s', async (mode, media, usd) => {
		await client.submit({ mode, ...media });
		expect(apixo.ledger()).toMatchObject([{ mode, usd }]);
	});

	it('leave no float dust on the balance', async () => {
		const input = {
			mode: 'image-to-video-flash',
			...IMAGE,
			resolution: '1080p',
			duration: 3,
			sound: false,
		};
		for (let count = 0; count < 3; count += 1) await client.submit(input);
		expect(apixo.ledger().map(({ usd }) => usd)).toEqual([0.1125, 0.1125, 0.1125]);
		const { text } = await client.balance();
		expect(text).toBe('{"code":200,"message":"success","data":99.6625}');
	});

	it('are one for each accepted submit, and none for any other call', async () => {
		const taskIds = [await client.submitted(), await client.submitted()];
		await client.submit({ prompt: '' });
		await client.status(taskIds[0]);
		await client.balance();
		const ledger = apixo.ledger();
		expect(ledger.map(({ taskId }) => taskId)).toEqual(taskIds);
		expect(new Set(taskIds).size).toBe(2);
		expect(ledger[0]).toEqual({
			taskId: taskIds[0],
			key: 'apixo-test-key',
			mode: 'text-to-video',
			usd: 0.5,
			at: expect.any(Number),
			request: { request_type: 'async', input: { mode: 'text-to-video', prompt: 'a fox' } },
		});
		expect(apixo.requests({ kind: 'submit' }).map(({ status }) => status)).toEqual([200, 200, 400]);
	});

	it('stop with 402 when the balance is less than the price', async () => {
		apixo.setBalance('apixo-test-key', 0.5);
		expect((await client.submit()).status).toBe(200);
		expect((await client.balance()).json.data).toBe(0);
		const { status, json } = await client.submit();
		expect([status, json.code]).toEqual([402, 402]);
		expect(apixo.ledger()).toHaveLength(1);
	});
});
