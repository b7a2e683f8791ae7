import { ANSWERS } from '../../support/model/documented.mts';
import { readNetworkError } from '../../../nodes/apixo/networkErrors.ts';
import { type ServiceResponse, readResponse } from '../../../nodes/apixo/response.ts';
import type { Purpose } from '../../../nodes/apixo/action.ts';
import { failureFor } from '../../../nodes/apixo/verdict.ts';
import type { Failure } from '../../../nodes/apixo/result.ts';

const PURPOSES: Purpose[] = ['submit', 'read'];

/** What a failure lets the caller do. `unknown`: the user learns of it, and nothing is repeated. */
function verdictOf({ kind, message }: Failure): 'stop' | 'repeat' | 'unknown' {
	if (kind === 'ambiguous') {
		expect(message).toMatch(/may exist and may be billed/);
		return 'unknown';
	}
	return kind === 'retryable' ? 'repeat' : 'stop';
}

const verdicts = (response: ServiceResponse) =>
	PURPOSES.map((purpose) => verdictOf(failureFor(response, purpose)));

const asEnvelope = (code: number, statusCode = 200, message = 'why') =>
	readResponse({ statusCode, body: JSON.stringify({ code, message, data: null }) }, 0);
const asStatus = (code: number) => asEnvelope(code, code);
const asForeign = (statusCode: number, body = '<html>Not here</html>') =>
	readResponse({ statusCode, body }, 0);

describe.each(ANSWERS)('%i: submit %s, read %s', (code, ...expected) => {
	test.each([
		['as HTTP status', asStatus(code)],
		['in an envelope with HTTP 200', asEnvelope(code)],
	])('%s', (_, response) => {
		expect(verdicts(response)).toEqual(expected);
		for (const purpose of PURPOSES) {
			const { message, hint, details } = failureFor(response, purpose);
			expect(details).toEqual({ httpCode: code });
			expect(message).toMatch(/APIXO/);
			expect(hint).toMatch(/\S/);
		}
	});
});

test.each([
	['DNS', { code: 'ENOTFOUND' }, ['repeat', 'repeat']],
	['refused connection', { code: 'ECONNREFUSED' }, ['repeat', 'repeat']],
	['reset connection', { code: 'ECONNRESET' }, ['unknown', 'repeat']],
	['timeout after the body went out', { code: 'ECONNABORTED' }, ['unknown', 'repeat']],
])('network trouble: %s', (_, error, expected) => {
	expect(verdicts(readNetworkError(error))).toEqual(expected);
	expect(failureFor(readNetworkError(error), 'read').message).toMatch(/^APIXO.*: \S/);
});

test.each([
	[301, ['stop', 'stop']],
	[307, ['stop', 'stop']],
	[405, ['stop', 'stop']],
	[422, ['stop', 'stop']],
	[501, ['unknown', 'repeat']],
	[520, ['unknown', 'repeat']],
	[0, ['unknown', 'repeat']],
	[1001, ['unknown', 'repeat']],
])('the undocumented %i is judged by its kind', (code, expected) => {
	expect(verdicts(asStatus(code))).toEqual(expected);
});

/** What a server between n8n and APIXO answers in place of APIXO. */
const FOREIGN: Array<[status: number, verdicts: string[]]> = [
	[200, ['unknown', 'repeat']],
	[400, ['stop', 'stop']],
	[401, ['stop', 'stop']],
	[402, ['stop', 'stop']],
	[403, ['stop', 'stop']],
	[404, ['stop', 'stop']],
	[407, ['stop', 'stop']],
	[413, ['stop', 'stop']],
	[429, ['repeat', 'repeat']],
	// It may have passed the submission on, and lost the answer.
	[408, ['unknown', 'repeat']],
	[500, ['unknown', 'repeat']],
	[502, ['unknown', 'repeat']],
	[503, ['unknown', 'repeat']],
	[504, ['unknown', 'repeat']],
	[520, ['unknown', 'repeat']],
	[522, ['unknown', 'repeat']],
	[524, ['unknown', 'repeat']],
	[999, ['unknown', 'repeat']],
	// Cloudflare could not even connect.
	[521, ['repeat', 'repeat']],
	[523, ['repeat', 'repeat']],
	[525, ['repeat', 'repeat']],
	[526, ['repeat', 'repeat']],
];

describe.each(FOREIGN)('%i of a server in between: submit %s', (status, expected) => {
	test.each([
		['a web page', '<!doctype html><h1>Blocked: model and API key</h1>', ''],
		['plain text', 'no route to model', ''],
		...(status === 200
			? []
			: [
					['no body', '', ''],
					['broken JSON', '{"code":402,', ''],
					['JSON of its own', '{"message":"Forbidden"}', ', Forbidden'],
					['JSON with an error', '{"error":"nope","code":"E7"}', ', nope'],
				]),
	])('as %s blames neither the key nor the model', (_, body, said) => {
		const response = asForeign(status, body);
		expect(verdicts(response)).toEqual(expected);
		for (const purpose of PURPOSES) {
			const { message, hint, details } = failureFor(response, purpose);
			expect(message).toMatch(/^A server between n8n and APIXO/);
			expect(message).toContain(`: HTTP status ${status}${said}`);
			expect(`${message} ${hint}`).not.toMatch(/\bkey|model|permission|add balance/i);
			expect(hint).toMatch(/proxy|Max Parallel Tasks/);
			expect(details).toEqual(status === 200 ? {} : { httpCode: status });
		}
	});
});

test('a proxy that asks for a login did not pass the submission on, and nothing is said to be billed', () => {
	const { message, hint } = failureFor(asForeign(407), 'submit');
	expect(message).toMatch(/asks for a login and did not pass the request on: HTTP status 407$/);
	expect(`${message} ${hint}`).not.toMatch(/may (exist|be billed)/);
});

test('a submission that a gateway may have passed on comes with advice on both', () => {
	const { hint } = failureFor(asForeign(502), 'submit');
	expect(hint).toMatch(/^APIXO may have accepted and billed the request/);
	expect(hint).toMatch(/a proxy, a firewall or a gateway/);
});

test.each([
	[400, 'Insufficient credits'],
	[400, 'insufficient balance'],
	[400, 'Your account has not enough credits for this request'],
	[400, 'Balance is insufficient'],
	[403, 'Credit balance too low'],
	[403, 'quota exhausted'],
])('%i "%s" is a matter of balance', (code, message) => {
	for (const response of [asEnvelope(code, 200, message), asEnvelope(code, code, message)]) {
		expect(verdicts(response)).toEqual(['stop', 'stop']);
		expect(failureFor(response, 'submit')).toMatchObject({
			message: `The APIXO balance or quota is used up: ${message}`,
			hint: expect.stringMatching(/^Add balance/),
			details: { httpCode: code },
		});
	}
});

test.each([
	[400, 'Invalid request: duration must be an integer', /refused the request as invalid/],
	[400, 'Insufficient resolution of the image', /refused the request as invalid/],
	[400, 'balance the colors', /refused the request as invalid/],
	[403, 'IP not allowed', /does not allow this request/],
])('%i "%s" is none', (code, message, expected) => {
	expect(failureFor(asEnvelope(code, code, message), 'submit').message).toMatch(expected);
});

test('a response that cannot be read leaves a submission unknown', () => {
	expect(verdicts({ kind: 'unreadable', code: 200 })).toEqual(['unknown', 'repeat']);
});

test('what APIXO says is passed on', () => {
	expect(failureFor(asEnvelope(400), 'submit').message).toMatch(/: why$/);
});

test('the time that APIXO asks for is passed on', () => {
	const response: ServiceResponse = { kind: 'envelope', code: 429, retryAfterMs: 7_000 };
	expect(failureFor(response, 'submit')).toMatchObject({
		kind: 'retryable',
		untilDeadline: true,
		afterMs: 7_000,
	});
});

test('a stop by the user is neither repeated nor unknown', () => {
	const failure = failureFor({ kind: 'stopped' }, 'submit');
	expect(failure).toMatchObject({ kind: 'stopped', message: 'The execution was stopped' });
	expect(verdictOf(failure)).toBe('stop');
});

test.each(['may not use this model', 'IP allowlist', 'routing strategy', 'Prompt'])(
	'the hint on a refusal names what it may be: %s',
	(words) => expect(failureFor(asStatus(403), 'submit').hint).toContain(words),
);
