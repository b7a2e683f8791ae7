import { ANSWERS } from '../../support/model/documented.mts';
import { readNetworkError } from '../../../nodes/apixo/networkErrors.ts';
import { type ServiceResponse, readResponse } from '../../../nodes/apixo/response.ts';
import { type Purpose, failureFor } from '../../../nodes/apixo/verdict.ts';
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

const asStatus = (statusCode: number) => readResponse({ statusCode, body: '', headers: {} }, 0);
const asEnvelope = (code: number) =>
	readResponse({ statusCode: 200, body: JSON.stringify({ code, message: 'why', data: null }) }, 0);

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

test('the hint names a key that may not use the model', () => {
	expect(failureFor(asStatus(403), 'submit').hint).toContain('may not use this model');
});
