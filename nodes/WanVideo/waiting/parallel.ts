/**
 * Does work number 0 to `count - 1`, with at most `limit` under way at once, in order of start.
 * @throws what the work throws
 */
export async function inParallel(
	count: number,
	limit: number,
	work: (index: number) => Promise<void>,
): Promise<void> {
	let next = 0;
	const worker = async () => {
		while (next < count) await work(next++);
	};
	await Promise.all(Array.from({ length: Math.min(limit, count) }, worker));
}
