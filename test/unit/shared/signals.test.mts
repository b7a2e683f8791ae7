import v8 from 'node:v8';
import vm from 'node:vm';
import { setTimeout as sleep } from 'node:timers/promises';
import { withTimeout } from '../../../nodes/shared/signals.ts';

v8.setFlagsFromString('--expose-gc');
const collectGarbage: () => void = vm.runInNewContext('gc');

const aborted = async (signal: AbortSignal) =>
	await new Promise<string>((resolve) => {
		signal.addEventListener('abort', () => resolve('aborted'), { once: true });
	});

test('the time comes even after garbage collections', async () => {
	const never = new AbortController();
	const work = withTimeout(never.signal, 100, aborted);
	let isOver = false;
	void work.then(() => (isOver = true));
	for (let round = 0; round < 20 && !isOver; round += 1) {
		collectGarbage();
		await sleep(50);
	}
	expect(isOver).toBe(true);
});

test('the other signal ends the work, too', async () => {
	const stopping = new AbortController();
	const work = withTimeout(stopping.signal, 60_000, aborted);
	stopping.abort();
	expect(await work).toBe('aborted');
});

test('what the work returns or throws comes out', async () => {
	const { signal } = new AbortController();
	expect(await withTimeout(signal, 60_000, async () => await Promise.resolve(7))).toBe(7);
	const failing = withTimeout(signal, 60_000, async () => await Promise.reject(new Error('no')));
	await expect(failing).rejects.toThrow('no');
});
