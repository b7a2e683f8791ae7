import { readResponse, retryAfterMs } from '../../../nodes/apixo/response.ts';

const NOW = Date.UTC(2026, 0, 9, 13, 0, 0);
const read = (statusCode: number, body?: string, headers = {}) =>
	readResponse({ statusCode, body, headers }, NOW);

describe('Retry-After', () => {
	test.each([
		['5', 5_000],
		[5, 5_000],
		['0', 0],
		['1.5', 1_500],
		['-3', 0],
		['Fri, 09 Jan 2026 13:00:30 GMT', 30_000],
		['Fri, 09 Jan 2026 12:00:00 GMT', 0],
		[['7', '9'], 7_000],
		['soon', undefined],
		[undefined, undefined],
		[null, undefined],
		[{}, undefined],
		['Infinity', undefined],
	])('%j means %s ms', (header, expected) => expect(retryAfterMs(header, NOW)).toBe(expected));
});

describe('a response', () => {
	test.each([
		['as APIXO sends it', '{"code":200,"message":"success","data":{"taskId":"t"}}'],
		['with white space', ' {"data": {"taskId": "t"},\r\n "message": "success", "code": 200}\n'],
	])('is read %s', (_, body) => {
		expect(read(200, body)).toEqual({
			kind: 'envelope',
			code: 200,
			message: 'success',
			data: { taskId: 't' },
			retryAfterMs: undefined,
		});
	});

	test('carries the code of its envelope where HTTP says 200', () => {
		const body = '{"code":429,"message":"slow down","data":null}';
		expect(read(200, body, { 'retry-after': '2' })).toMatchObject({
			kind: 'envelope',
			code: 429,
			message: 'slow down',
			retryAfterMs: 2_000,
		});
	});

	test('carries the HTTP status where that is the trouble, whatever the envelope says', () => {
		expect(read(503, '{"code":200,"message":"fine"}')).toMatchObject({ code: 503 });
		expect(read(401, '{"code":400}')).toMatchObject({ code: 401 });
	});

	test.each([
		['<html>Bad Gateway</html>'],
		[''],
		[undefined],
		['[]'],
		['null'],
		['{"code":502,"mess'],
		['{"code":"E_PROXY"}'],
	])('with HTTP 502 and the body %j is of a server in between', (body) => {
		expect(read(502, body, { 'retry-after': '2' })).toEqual({
			kind: 'foreign',
			code: 502,
			message: undefined,
			retryAfterMs: 2_000,
		});
	});

	test.each([
		['{"message":"Forbidden"}', 'Forbidden'],
		['{"error":"blocked","status":403}', 'blocked'],
		['{"message":{"text":"no"}}', undefined],
	])('of a server in between keeps what it says: %s', (body, message) => {
		expect(read(403, body)).toMatchObject({ kind: 'foreign', code: 403, message });
	});

	test.each([['<html></html>'], [' \n<!doctype html>'], ['Please log in'], ['\ufffd\u0001']])(
		'with HTTP 200 and the body %j is of a server in between',
		(body) => expect(read(200, body)).toMatchObject({ kind: 'foreign', code: 200 }),
	);

	test.each([
		['{"code":200,"data":{"ta'],
		[''],
		[' '],
		[undefined],
		['null'],
		['"text"'],
		['[{"code":200}]'],
		['{"data":{"taskId":"t"}}'],
		['{"code":"fine"}'],
	])('with HTTP 200 and the body %j is unreadable', (body) => {
		expect(read(200, body)).toMatchObject({ kind: 'unreadable', code: 200 });
	});

	test.each([['{"code":{"toString":5}}'], ['{"code":null}'], ['{"code":""}'], ['{"code":[]}']])(
		'is unreadable if its code is no number: %s',
		(body) => expect(read(200, body).kind).toBe('unreadable'),
	);

	test('a code in text counts', () => {
		expect(read(200, '{"code":"402"}')).toMatchObject({ kind: 'envelope', code: 402 });
	});
});
