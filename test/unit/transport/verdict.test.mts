import { ANSWERS } from '../../support/model/documented.mts';
import { readNetworkError, readResponse } from '../../../nodes/WanVideo/transport/answer.ts';
import { failureFor } from '../../../nodes/WanVideo/transport/verdict.ts';

/** What a failure lets the caller do: `stop`, `repeat`, or `unknown` (told, never repeated). */
function verdictOf({ retry, ambiguous, message }) {
	if (!ambiguous) return retry === undefined ? 'stop' : 'repeat';
	expect(message).toMatch(/may exist and may be billed/);
	return retry === undefined ? 'unknown' : 'repeated although unknown';
}

const verdicts = (answer) => [
	verdictOf(failureFor(answer, 'submit')),
	verdictOf(failureFor(answer, 'read')),
];

const asStatus = (statusCode) => readResponse({ statusCode, body: '', headers: {} }, 0);
const asEnvelope = (code) =>
	readResponse({ statusCode: 200, body: { code, message: 'why', data: null } }, 0);

describe.each(ANSWERS)('%i: submit %s, read %s', (code, ...expected) => {
	test.each([
		['as HTTP status', asStatus(code)],
		['in an envelope with HTTP 200', asEnvelope(code)],
	])('%s', (_, answer) => {
		expect(verdicts(answer)).toEqual(expected);
		for (const purpose of ['submit', 'read']) {
			const { message, hint, details } = failureFor(answer, purpose);
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
])('the undocumented %i is judged by its sort', (code, expected) => {
	expect(verdicts(asStatus(code))).toEqual(expected);
});

test('an answer that cannot be read leaves a submission unknown', () => {
	expect(verdicts({ kind: 'unreadable', code: 200 })).toEqual(['unknown', 'repeat']);
});

test('what APIXO says is passed on', () => {
	expect(failureFor(asEnvelope(400), 'submit').message).toMatch(/: why$/);
});

test('the time that APIXO asks for is passed on', () => {
	const answer = { ...asEnvelope(429), retryAfterMs: 7_000 };
	expect(failureFor(answer, 'submit').retry).toEqual({ patient: true, afterMs: 7_000 });
});

test('a stop by the user is neither repeated nor unknown', () => {
	const failure = failureFor({ kind: 'stopped' }, 'submit');
	expect(failure).toMatchObject({ stopped: true, message: 'The execution was stopped' });
	expect(verdictOf(failure)).toBe('stop');
});
