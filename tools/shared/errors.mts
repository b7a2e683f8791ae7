/*
 * Readers for what was caught. Not by `instanceof Error`: under Jest, the errors of Node itself
 * come from another realm.
 */

/** @returns Node's own code, such as ENOENT */
export function codeOf(error: unknown): string | undefined {
	const hasCode = typeof error === 'object' && error !== null && 'code' in error;
	return hasCode && typeof error.code === 'string' ? error.code : undefined;
}

export function messageOf(error: unknown): string {
	const hasMessage = typeof error === 'object' && error !== null && 'message' in error;
	return String(hasMessage ? error.message : error);
}
