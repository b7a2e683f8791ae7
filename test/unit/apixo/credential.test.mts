import { NodeOperationError, UserError } from 'n8n-workflow';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { ANSWERS } from '../../support/model/documented.mts';
import { required } from '../../support/required.mts';
import { ApixoApi } from '../../../credentials/ApixoApi.credentials.ts';
import { asTheNode, asTheTestButton, testedBaseUrl } from '../support/credential.mts';

const credential = new ApixoApi();
const field = (wanted: string) =>
	required(
		credential.properties.find(({ name }) => name === wanted),
		wanted,
	);

test('asks for the key, hidden, and for nothing else that must be filled in', () => {
	expect(credential.name).toBe('apixoApi');
	expect(field('apiKey')).toMatchObject({ required: true, typeOptions: { password: true } });
	expect(credential.properties.filter((property) => property.required)).toHaveLength(1);
});

test('points at the service by default', () => {
	expect(field('baseUrl').default).toBe('https://api.apixo.ai/api/v1');
});

test('sends the key in the documented header, and nowhere else', async () => {
	const request = { url: '/statusTask', headers: { Accept: 'application/json' } };
	expect(await asTheTestButton({ apiKey: ' the-key\n' }, request)).toEqual({
		url: '/statusTask',
		headers: { Accept: 'application/json', Authorization: 'Bearer the-key' },
	});
});

test('is tested with the balance, which costs nothing', () => {
	expect(credential.test.request.url).toBe('/apikeys/current-balance');
	expect(credential.test.request.method ?? 'GET').toBe('GET');
});

/** 402 speaks of the balance: the key itself is good. */
test.each(ANSWERS.map(([code]) => code).filter((code) => code !== 402))(
	'turns red on code %i, even in an answer with HTTP status 200',
	(code) => {
		expect(credential.test.rules).toContainEqual({
			type: 'responseSuccessBody',
			properties: { key: 'code', value: code, message: expect.stringMatching(/\S/) },
		});
	},
);

const KEY = 'sk-apixo-1';

/** Of the Base URL, then of the API Key, and what the node takes it for. */
const ACCEPTED: Array<[what: string, data: ICredentialDataDecryptedObject, baseUrl: string]> = [
	['no Base URL', { apiKey: KEY }, 'https://api.apixo.ai/api/v1'],
	['an empty Base URL', { apiKey: KEY, baseUrl: '' }, 'https://api.apixo.ai/api/v1'],
	['a blank Base URL', { apiKey: KEY, baseUrl: ' \n' }, 'https://api.apixo.ai/api/v1'],
	['slashes behind it', { apiKey: KEY, baseUrl: 'https://a.example/v1//' }, 'https://a.example/v1'],
	['space around it', { apiKey: KEY, baseUrl: ' https://a.example/v1\n' }, 'https://a.example/v1'],
	['another port', { apiKey: KEY, baseUrl: 'https://a.example:8443' }, 'https://a.example:8443'],
	['capital letters', { apiKey: KEY, baseUrl: 'HTTPS://A.example' }, 'HTTPS://A.example'],
	[
		'this machine',
		{ apiKey: KEY, baseUrl: 'http://localhost:4010/v1' },
		'http://localhost:4010/v1',
	],
	['its address', { apiKey: KEY, baseUrl: 'http://127.0.0.1:4010' }, 'http://127.0.0.1:4010'],
	['the network', { apiKey: KEY, baseUrl: 'http://192.168.1.5/v1' }, 'http://192.168.1.5/v1'],
	['a container', { apiKey: KEY, baseUrl: 'http://gateway:8080' }, 'http://gateway:8080'],
	['space around the key', { apiKey: `\t${KEY}\r\n` }, 'https://api.apixo.ai/api/v1'],
	['signs in the key', { apiKey: '!sk~{"x"}' }, 'https://api.apixo.ai/api/v1'],
];

test.each(ACCEPTED)('node and Test button accept %s', async (_, data, baseUrl) => {
	const apiKey = String(data.apiKey).trim();
	expect(await asTheNode(data)).toEqual({ apiKey, baseUrl, decrypted: data });
	expect(await asTheTestButton(data)).toEqual({
		url: '/apikeys/current-balance',
		headers: { Authorization: `Bearer ${apiKey}` },
	});
	expect(testedBaseUrl(data)).toBe(baseUrl);
});

const BASE_URL_FAULT = /^The Base URL of the APIXO credential cannot be used/;
const KEY_FAULT = /^The API Key of the APIXO credential cannot be right/;

const REFUSED: Array<[what: string, data: ICredentialDataDecryptedObject, fault: RegExp]> = [
	...[
		'http://api.apixo.ai/api/v1',
		'HTTP://api.apixo.ai/api/v1',
		'http://8.8.8.8',
		'http://localhost.example.com',
		'http://[2606:4700::1]/v1',
		'ftp://api.apixo.ai',
		'api.apixo.ai/api/v1',
		'https://',
		'https://user:pass@api.apixo.ai',
		'https://api.apixo.ai@evil.example',
		'https://evil.example\\@api.apixo.ai',
		'https://api.apixo.ai/api/v1?a=b',
		'https://api.apixo.ai/api/v1#a',
		'https://api.apixo.ai/api v1',
		'https://api.apixo.ai\n.evil.example',
		'https://api.apixo.ai/\u200bapi/v1',
	].map((baseUrl): [string, ICredentialDataDecryptedObject, RegExp] => [
		`the Base URL ${JSON.stringify(baseUrl)}`,
		{ apiKey: KEY, baseUrl },
		BASE_URL_FAULT,
	]),
	...['', '  ', 'sk apixo', 'sk-\napixo', 'sk-\r\nX-Header: 1', 'sk-é'].map(
		(apiKey): [string, ICredentialDataDecryptedObject, RegExp] => [
			`the API Key ${JSON.stringify(apiKey)}`,
			{ apiKey },
			KEY_FAULT,
		],
	),
	['a number as API Key', { apiKey: 5 }, KEY_FAULT],
	['no API Key', {}, KEY_FAULT],
	['a number as Base URL', { apiKey: KEY, baseUrl: 5 }, BASE_URL_FAULT],
];

/** What was thrown. @throws if nothing was */
const thrownBy = async (work: Promise<unknown>): Promise<unknown> => {
	const outcome = await work.then(
		() => undefined,
		(error: unknown) => ({ error }),
	);
	return required(outcome, 'error').error;
};

/** What copying leaves around a key, and the key alone. */
const COPIED: Array<[apiKey: string, key: string]> = [
	[`\u200b${KEY}\ufeff`, KEY],
	['sk-\u200bapixo-1', KEY],
	[`Bearer ${KEY}`, KEY],
	[`Authorization: Bearer ${KEY}\n`, KEY],
	[`"${KEY}"`, KEY],
	[`'Bearer ${KEY}'`, KEY],
	['bearer-of-news', 'bearer-of-news'],
];

test.each(COPIED)('node and Test button take %j for the key that it holds', async (apiKey, key) => {
	expect(await asTheNode({ apiKey })).toMatchObject({ apiKey: key });
	const { headers } = await asTheTestButton({ apiKey });
	expect(headers).toEqual({ Authorization: `Bearer ${key}` });
});

test.each([
	['', /empty/],
	['Bearer ', /empty/],
	['YOUR_API_KEY', /stands for a key/],
	['{{ $json.key }}', /stands for a key/],
	['sk-apixo\n-1', /line break/],
	['sk-apixo 1', /space/],
	['sk-apixö', /character that no key has/],
])('the API Key %j is refused with what is wrong with it', async (apiKey, what) => {
	const thrown = await thrownBy(asTheTestButton({ apiKey }));
	expect(thrown).toBeInstanceOf(UserError);
	expect(String(thrown)).toMatch(what);
});

test.each(REFUSED)('node and Test button refuse %s, before it is sent', async (_, data, fault) => {
	const byNode = await thrownBy(asTheNode(data));
	const byButton = await thrownBy(asTheTestButton(data));
	if (!(byNode instanceof NodeOperationError)) throw new Error('The node fails in another way');
	if (!(byButton instanceof UserError)) throw new Error('The Test button fails in another way');
	expect(byNode.message).toMatch(fault);
	expect(byNode.description).toMatch(/\S/);
	expect(byButton.message).toMatch(fault);
	// The button shows a message alone, so it holds what the node has in two.
	const advice = required(byNode.description, 'description').replace(
		/ Nothing was submitted\.$/,
		'',
	);
	expect(byButton.message).toBe(`${byNode.message}. ${advice}`);
});

test('n8n’s HTTP Request node may use the credential for another address', async () => {
	const data = { apiKey: KEY, baseUrl: 'http://gateway.example.com' };
	const elsewhere = await asTheTestButton(data, { url: 'https://other.example/x' });
	expect(elsewhere).toMatchObject({ headers: { Authorization: `Bearer ${KEY}` } });
	const atBaseUrl = asTheTestButton(data, { url: 'http://gateway.example.com/x' });
	expect(await thrownBy(atBaseUrl)).toBeInstanceOf(UserError);
	const badKey = asTheTestButton(
		{ ...data, apiKey: 'sk apixo' },
		{ url: 'https://other.example/x' },
	);
	expect(await thrownBy(badKey)).toBeInstanceOf(UserError);
});
