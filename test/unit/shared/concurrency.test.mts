import { mapConcurrently } from '../../../nodes/shared/concurrency.ts';
import { settled } from '../support/clock.mts';

/** Work that ends when the test ends it. */
function manualWork() {
	const begun: string[] = [];
	const ends: Array<{ resolve: (value: string) => void; reject: (error: Error) => void }> = [];
	const work = async (item: string, index: number) => {
		begun.push(item);
		return await new Promise<string>((resolve, reject) => (ends[index] = { resolve, reject }));
	};
	return { begun, ends, work };
}

test('work begins in order, and never more than the limit is under way', async () => {
	const { begun, ends, work } = manualWork();
	const all = mapConcurrently(['a', 'b', 'c', 'd'], 2, work);
	expect(begun).toEqual(['a', 'b']);
	ends[1].resolve('B');
	await settled();
	expect(begun).toEqual(['a', 'b', 'c']);
	ends[0].resolve('A');
	ends[2].resolve('C');
	await settled();
	expect(begun).toEqual(['a', 'b', 'c', 'd']);
	ends[3].resolve('D');
	expect(await all).toEqual(['A', 'B', 'C', 'D']);
});

test.each([
	[0, 5],
	[3, 100],
	[3, 1],
])('%i items with the limit %i are each worked on once', async (count, limit) => {
	const done: number[] = [];
	const items = [...Array(count).keys()];
	await mapConcurrently(items, limit, async (item, index) => void done.push(item, index));
	expect(done).toEqual(items.flatMap((item) => [item, item]));
});

test('what the work throws comes out', async () => {
	const { ends, work } = manualWork();
	const all = mapConcurrently(['a', 'b'], 2, work);
	ends[1].reject(new Error('broken'));
	await expect(all).rejects.toThrow('broken');
});
