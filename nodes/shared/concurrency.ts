/**
 * Maps the items, with at most `limit` of them under way at once; they start in order.
 *
 * @returns the results in the order of the items
 * @throws what `work` throws
 */
export async function mapConcurrently<Item, Output>(
	items: Item[],
	limit: number,
	work: (item: Item, index: number) => Promise<Output>,
): Promise<Output[]> {
	const results = new Array<Output>(items.length);
	let next = 0;
	const worker = async () => {
		while (next < items.length) {
			const index = next++;
			results[index] = await work(items[index], index);
		}
	};
	await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
	return results;
}
