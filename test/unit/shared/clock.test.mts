import { spawnSync } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { systemClock } from '../../../nodes/shared/clock.ts';

/** Whether a promise has been kept by now. */
function observed(promise: Promise<void>) {
	const seen = { isOver: false };
	void promise.then(() => (seen.isOver = true));
	return seen;
}

describe('the clock of this machine', () => {
	beforeEach(() => jest.useFakeTimers({ now: 1_000_000 }));
	afterEach(() => jest.useRealTimers());

	test.each([
		['without a signal', undefined],
		['with a signal that is never aborted', new AbortController().signal],
	])('sleeps as long as asked, %s', async (_, signal) => {
		const sleep = observed(systemClock.sleep(60_000, signal));
		await jest.advanceTimersByTimeAsync(59_999);
		expect(sleep.isOver).toBe(false);
		await jest.advanceTimersByTimeAsync(1);
		expect(sleep.isOver).toBe(true);
		expect(systemClock.now()).toBe(1_060_000);
	});

	test('wakes as soon as the signal is aborted', async () => {
		const stop = new AbortController();
		const sleep = observed(systemClock.sleep(60_000, stop.signal));
		await jest.advanceTimersByTimeAsync(10);
		expect(sleep.isOver).toBe(false);
		stop.abort();
		await jest.advanceTimersByTimeAsync(0);
		expect(sleep.isOver).toBe(true);
	});

	test('does not fall asleep after the signal was aborted', async () => {
		const sleep = observed(systemClock.sleep(60_000, AbortSignal.abort()));
		await jest.advanceTimersByTimeAsync(0);
		expect(sleep.isOver).toBe(true);
	});

	test('leaves no listener behind', async () => {
		const { signal } = new AbortController();
		const signals = jest.spyOn(AbortSignal, 'any');
		const sleep = systemClock.sleep(10, signal);
		const used = [signal, ...signals.mock.results.map(({ value }) => value as AbortSignal)];
		const listeners = () => used.flatMap((one) => getEventListeners(one, 'abort'));
		expect(listeners()).toHaveLength(1);
		await jest.advanceTimersByTimeAsync(10);
		await sleep;
		expect(listeners()).toEqual([]);
		signals.mockRestore();
	});

	test('wakes all sleepers of one signal, each of them once', async () => {
		const stop = new AbortController();
		const woken: number[] = [];
		const sleep = async (sleeper: number) => {
			await systemClock.sleep(60_000, stop.signal);
			woken.push(sleeper);
		};
		const all = Array.from({ length: 500 }, async (_, sleeper) => await sleep(sleeper));
		await jest.advanceTimersByTimeAsync(10);
		expect(woken).toHaveLength(0);
		stop.abort();
		stop.abort();
		await Promise.all(all);
		expect(woken).toHaveLength(500);
	});

	test('does not wake those again that have woken by themselves', async () => {
		const stop = new AbortController();
		const woken: string[] = [];
		void systemClock.sleep(10, stop.signal).then(() => woken.push('short'));
		void systemClock.sleep(60_000, stop.signal).then(() => woken.push('long'));
		await jest.advanceTimersByTimeAsync(10);
		expect(woken).toEqual(['short']);
		stop.abort();
		await jest.advanceTimersByTimeAsync(0);
		expect(woken).toEqual(['short', 'long']);
	});
});

const FIVE_HUNDRED_SLEEPERS = `
	const { systemClock } = require('../../../nodes/shared/clock.ts');
	const stop = new AbortController();
	const sleep = async () => await systemClock.sleep(20, stop.signal);
	const sleepers = Array.from({ length: 500 }, sleep);
	setImmediate(() => stop.abort());
	Promise.all(sleepers).then(() => console.log('awake'));
`;

test('Node does not warn of a leak, however many sleep under one signal', () => {
	const { stdout, stderr } = spawnSync(
		process.execPath,
		['--import', 'tsx', '-e', FIVE_HUNDRED_SLEEPERS],
		{ cwd: import.meta.dirname, encoding: 'utf8' },
	);
	expect([stdout, stderr]).toEqual(['awake\n', '']);
});
