import { DEFAULT_KEY, startEmulator } from '../../emulator/index.mts';
import { openStage } from '../support/n8n/stage.mts';
import { startProxy } from './support/proxy.mts';

let proxy;
let stage;
let apixo;

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

const testWith = async (data) =>
	await stage.client.testCredential({
		type: 'apixoApi',
		data: { apiKey: DEFAULT_KEY, baseUrl: apixo.baseUrl, ...data },
	});

const BASE_URL_REFUSED = /Base URL of the APIXO credential cannot be used.*https:\/\//s;
const KEY_REFUSED = /API Key of the APIXO credential cannot be right.*Copy it again/s;

describe('the Test button of the credential', () => {
	it.each([
		['http:// on a public host', { baseUrl: 'http://gateway.example.com/api/v1' }, BASE_URL_REFUSED],
		['an API key with a line break in it', { apiKey: 'apixo-test\n-key' }, KEY_REFUSED],
		['an API key with a zero-width space in it', { apiKey: 'apixo-test\u200b-key' }, KEY_REFUSED],
	])('says what is wrong with %s, and sends nothing', async (_name, data, message) => {
		expect(await testWith(data)).toEqual({
			status: 'Error',
			message: expect.stringMatching(message),
		});
		expect(apixo.requests()).toEqual([]);
		expect(proxy.calls).toEqual([]);
	});

	it.each([
		['the right one', {}],
		['white space around key and Base URL', () => ({ apiKey: ` ${DEFAULT_KEY}\n`, baseUrl: ` ${apixo.baseUrl}/ ` })],
	])('is green for a good credential: %s', async (_name, data) => {
		const { status } = await testWith(typeof data === 'function' ? data() : data);
		expect(status).toBe('OK');
		expect(apixo.requests().map(({ kind, key }) => [kind, key])).toEqual([['balance', DEFAULT_KEY]]);
	});

	it('would have been seen sending: http:// inside the own network is sent', async () => {
		expect(await testWith({ baseUrl: 'http://gateway.internal/api/v1' })).toMatchObject({
			status: 'Error',
		});
		expect(proxy.calls).toEqual(['http://gateway.internal/api/v1/apikeys/current-balance']);
	});
});
