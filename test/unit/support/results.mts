import { type Failure, type Result, err, finalFailure } from '../../../nodes/apixo/result.ts';

/** @throws if it is a failure */
export function valueOf<T>(result: Result<T>): T {
	if (result.ok) return result.value;
	throw new Error(`This should not have failed: ${result.failure.message}`);
}

/** @throws if it is no failure */
export function failureOf(result: Result<unknown>): Failure {
	if (!result.ok) return result.failure;
	throw new Error(`This should have failed, but is ${JSON.stringify(result.value)}`);
}

/** A failure that repeating does not change. */
export const refused = (message = 'trouble', details: Failure['details'] = {}): Result<never> =>
	err(finalFailure(message, 'wait', details));

/** Passing trouble. */
export const retryable = (
	more: { afterMs?: number; untilDeadline?: boolean; message?: string; httpCode?: number } = {},
): Result<never> => {
	const { afterMs, untilDeadline = true, message = 'trouble', httpCode } = more;
	const details = httpCode === undefined ? {} : { httpCode };
	return err({ kind: 'retryable', message, hint: 'wait', details, afterMs, untilDeadline });
};

/** What is there for sure. @throws if it is not */
export function given<T>(value: T | null | undefined, what = 'value'): T {
	if (value === undefined || value === null) throw new Error(`There is no ${what}`);
	return value;
}
