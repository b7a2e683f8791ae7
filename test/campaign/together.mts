/** @returns those that have the same key together, in the order of the first of each */
export function togetherBy<T>(list: T[], keyOf: (one: T) => string): Array<[T, ...T[]]> {
	const groups = new Map<string, [T, ...T[]]>();
	for (const one of list) {
		const group = groups.get(keyOf(one));
		if (group === undefined) groups.set(keyOf(one), [one]);
		else group.push(one);
	}
	return [...groups.values()];
}
