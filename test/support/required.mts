/**
 * A value that a test takes for granted.
 *
 * @param what it is, for the error
 * @throws when there is none
 */
export function required<T>(value: T | null | undefined, what: string): T {
	if (value === undefined || value === null) throw new Error(`There is no ${what}`);
	return value;
}
