import { type JsonObject, NodeApiError } from 'n8n-workflow';
import { readNetworkError } from '../../../nodes/apixo/networkErrors.ts';
import { NODE } from '../support/contexts.mts';

describe('a network error', () => {
	const coded = (code: string, more: { syscall?: string } = {}) =>
		Object.assign(new Error(`it was ${code}`), { code, ...more });
	const wrappings: Array<[string, (error: Error) => Error]> = [
		['as it is', (error) => error],
		['as a cause', (error) => new Error('outer', { cause: error })],
		// n8n passes what its HTTP client throws in the same way.
		['in n8n’s error', (error) => new NodeApiError(NODE, error as unknown as JsonObject)],
	];

	test.each([
		['ENOTFOUND', {}, false],
		['EAI_AGAIN', {}, false],
		['ECONNREFUSED', {}, false],
		['EHOSTUNREACH', {}, false],
		['ENETUNREACH', {}, false],
		['ETIMEDOUT', { syscall: 'connect' }, false],
		['ECONNRESET', {}, true],
		['ECONNRESET', { syscall: 'read' }, true],
		['ECONNABORTED', {}, true],
		['ETIMEDOUT', {}, true],
		['EPIPE', { syscall: 'write' }, true],
		['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', {}, false],
		['CERT_NOT_YET_VALID', {}, false],
	])('%s %j: may have reached the service: %s', (code, more, reached) => {
		for (const [, wrap] of wrappings) {
			expect(readNetworkError(wrap(coded(code, more)))).toMatchObject({
				kind: 'unanswered',
				reached,
			});
		}
	});

	test.each([
		[
			'Client network socket disconnected before secure TLS connection was established',
			'ECONNRESET',
			false,
			'the connection was closed before it was encrypted',
		],
		[
			'write EPROTO 80:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:',
			'EPROTO',
			true,
			'what answers there does not encrypt',
		],
	])('"%s" may have reached the service: %s', (message, code, reached, reason) => {
		for (const [, wrap] of wrappings) {
			const error = Object.assign(new Error(message), { code });
			expect(readNetworkError(wrap(error))).toEqual({ kind: 'unanswered', reached, reason });
		}
	});

	test.each(wrappings)(
		'is put into words, since n8n replaces messages that name a code, %s',
		(_, wrap) => {
			expect(readNetworkError(wrap(coded('ECONNREFUSED'))).reason).toBe(
				'the connection was refused',
			);
			expect(readNetworkError(wrap(coded('ENOVEL'))).reason).toBe('the connection broke off');
		},
	);

	test.each([[new Error('socket hang up')], [{ message: 'odd' }], ['text'], [null], [undefined]])(
		'of an unknown kind (%s) may have reached the service',
		(error) => {
			const { reached, reason } = readNetworkError(error);
			expect(reached).toBe(true);
			expect(reason).not.toBe('');
		},
	);

	test('that is its own cause does not hang', () => {
		const error = new Error('loop');
		error.cause = error;
		expect(readNetworkError(error).reached).toBe(true);
	});
});
