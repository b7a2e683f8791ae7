import { inParallel } from '../../../nodes/WanVideo/waiting/parallel.ts';

/** Work that ends when it is told to. */
function workshop() {
	const begun = [];
	const ends = [];
	const work = (index) => {
		begun.push(index);
		return new Promise((resolve, reject) => (ends[index] = { resolve, reject }));
	};
	return { begun, ends, work };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('work begins in order, and never more than the limit is under way', async () => {
	const { begun, ends, work } = workshop();
	const all = inParallel(4, 2, work);
	expect(begun).toEqual([0, 1]);
	ends[1].resolve();
	await settled();
	expect(begun).toEqual([0, 1, 2]);
	ends[0].resolve();
	ends[2].resolve();
	await settled();
	expect(begun).toEqual([0, 1, 2, 3]);
	ends[3].resolve();
	await all;
});

test.each([
	[0, 5],
	[3, 100],
	[3, 1],
])('%i pieces with the limit %i are each done once', async (count, limit) => {
	const done = [];
	await inParallel(count, limit, async (index) => void done.push(index));
	expect(done).toEqual([...Array(count).keys()]);
});

test('what the work throws comes out', async () => {
	const { ends, work } = workshop();
	const all = inParallel(2, 2, work);
	ends[1].reject(new Error('broken'));
	await expect(all).rejects.toThrow('broken');
});
