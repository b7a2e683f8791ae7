import { ANSWERS } from '../../support/model/documented.mts';
import { ApixoApi } from '../../../credentials/ApixoApi.credentials.ts';

const credential = new ApixoApi();
const field = (name) => credential.properties.find((property) => property.name === name);

test('asks for the key, hidden, and for nothing else that must be filled in', () => {
	expect(credential.name).toBe('apixoApi');
	expect(field('apiKey')).toMatchObject({ required: true, typeOptions: { password: true } });
	expect(credential.properties.filter(({ required }) => required)).toHaveLength(1);
});

test('points at the service, unless told otherwise', () => {
	expect(field('baseUrl').default).toBe('https://api.apixo.ai/api/v1');
});

test('sends the key in the documented header, and nowhere else', async () => {
	const request = { url: '/statusTask', headers: { Accept: 'application/json' } };
	expect(await credential.authenticate({ apiKey: ' the-key\n' }, request)).toEqual({
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
