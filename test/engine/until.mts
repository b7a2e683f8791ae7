import { sleep } from 'n8n-workflow';

/** Waits until `isSo()`. @throws when that takes more than 15 s */
export async function until(isSo: () => boolean) {
	const deadline = Date.now() + 15_000;
	while (!isSo()) {
		if (Date.now() > deadline) throw new Error(`Never came true: ${isSo}`);
		await sleep(20);
	}
}
