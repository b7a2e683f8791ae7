/**
 * A stand-in for a large interface, such as a context of n8n, that has some of its parts. Asking
 * for any other throws, so that no test passes on a part that it did not think of.
 */
export function standIn<T extends object>(parts: Partial<T>): T {
	// What the type promises beyond the parts, the proxy refuses.
	return new Proxy(parts, {
		get(target, name, receiver): unknown {
			if (name in target || typeof name === 'symbol') return Reflect.get(target, name, receiver);
			throw new Error(`The stand-in has no ${name}`);
		},
	}) as T;
}
