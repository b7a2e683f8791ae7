import { DEFAULT_KEY, type Emulator, startEmulator } from '../../emulator/index.mts';
import { type Stage, openStage } from '../support/n8n/stage.mts';
import { type RecordingProxy, startProxy } from './support/proxy.mts';

let proxy: RecordingProxy;
let stage: Stage;
let apixo: Emulator;

beforeAll(async () => {
	proxy = await startProxy();
	stage = await openStage({ env: proxy.env });
	apixo = await startEmulator();
});
afterAll(async () => {
	await apixo?.close();
	await stage?.close();
	await proxy?.close();
});
afterEach(() => {
	apixo.reset();
	proxy.calls.length = 0;
});

/** @param data of the credential, where it is not good */
const testWith = async (data: { apiKey?: string; baseUrl?: string }) =>
	await stage.client.testCredential({
		type: 'apixoApi',
		data: { apiKey: DEFAULT_KEY, baseUrl: apixo.baseUrl, ...data },
	});

const BASE_URL_REFUSED = /Base URL of the APIXO credential cannot be used.*https:\/\//s;
const KEY_REFUSED = /API Key of the APIXO credential cannot be right.*Copy it again/s;

describe('the Test button of the credential', () => {
	it.each([
		[
			'http:// on a public host',
			{ baseUrl: 'http://gateway.example.com/api/v1' },
			BASE_URL_REFUSED,
		],
		['an API key with a line break in it', { apiKey: 'apixo-test\n-key' }, KEY_REFUSED],
		['an API key with an accent in it', { apiKey: 'apixo-tést-key' }, KEY_REFUSED],
	])('says what is wrong with %s, and sends nothing', async (_name, data, refusal) => {
		const { status, message } = await testWith(data);
		expect(status).toBe('Error');
		expect(message).toMatch(refusal);
		expect(apixo.requests()).toEqual([]);
		expect(proxy.calls).toEqual([]);
	});

	it.each([
		['as it is', (key: string, url: string) => [key, url]],
		['copied with white space around it', (key: string, url: string) => [` ${key}\n`, ` ${url}\n`]],
		[
			'its key copied with a character that nobody sees',
			(key: string, url: string) => [`${key}\u200b`, url],
		],
	])('is green for a good key and Base URL, %s', async (_name, copied) => {
		const [apiKey, baseUrl] = copied(DEFAULT_KEY, apixo.baseUrl);
		expect((await testWith({ apiKey, baseUrl })).status).toBe('OK');
		expect(apixo.requests()).toMatchObject([{ kind: 'balance', key: DEFAULT_KEY }]);
	});

	it('sends to http:// inside the own network, and the proxy notes it', async () => {
		expect(await testWith({ baseUrl: 'http://gateway.internal/api/v1' })).toMatchObject({
			status: 'Error',
		});
		expect(proxy.calls).toEqual(['http://gateway.internal/api/v1/apikeys/current-balance']);
	});
});
