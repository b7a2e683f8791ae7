/** Does work on all of a list, some at once. */
export async function inParallel<T>(
	list: T[],
	atOnce,
	work: (one: T, index: number) => Promise<void>,
) {
	let next = 0;
	const worker = async () => {
		while (next < list.length) {
			const index = next++;
			await work(list[index], index);
		}
	};
	await Promise.all(Array.from({ length: atOnce }, worker));
}
