/** Why something failed: Node's own code, such as ECONNREFUSED, or the message. */
export function reasonOf(error: unknown): string {
	const isObject = typeof error === 'object' && error !== null;
	if (isObject && 'code' in error && typeof error.code === 'string') return error.code;
	return String(isObject && 'message' in error ? error.message : error);
}
