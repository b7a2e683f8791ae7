import { systemClock } from '../../../nodes/WanVideo/time/clock.ts';
import { Stop } from '../../../nodes/WanVideo/time/stop.ts';

beforeEach(() => jest.useFakeTimers({ now: 1_000_000 }));
afterEach(() => jest.useRealTimers());

/** Whether a promise has been kept by now. */
function observed(promise) {
	const seen = { isOver: false };
	void promise.then(() => (seen.isOver = true));
	return seen;
}

test.each([
	['without a stop', undefined],
	['with a stop that never comes', new Stop()],
])('sleeps as long as asked, %s', async (_, stop) => {
	const sleep = observed(systemClock.sleep(60_000, stop));
	await jest.advanceTimersByTimeAsync(59_999);
	expect(sleep.isOver).toBe(false);
	await jest.advanceTimersByTimeAsync(1);
	expect(sleep.isOver).toBe(true);
	expect(systemClock.now()).toBe(1_060_000);
});

test('wakes as soon as stopping is requested', async () => {
	const stop = new Stop();
	const sleep = observed(systemClock.sleep(60_000, stop));
	await jest.advanceTimersByTimeAsync(10);
	expect(sleep.isOver).toBe(false);
	stop.request();
	await jest.advanceTimersByTimeAsync(0);
	expect(sleep.isOver).toBe(true);
});

test('does not fall asleep after a stop', async () => {
	const stop = new Stop();
	stop.request();
	const sleep = observed(systemClock.sleep(60_000, stop));
	await jest.advanceTimersByTimeAsync(0);
	expect(sleep.isOver).toBe(true);
});

test('leaves no watcher behind', async () => {
	const stop = new Stop();
	const leave = jest.fn();
	jest.spyOn(stop, 'watch').mockReturnValue(leave);
	const sleep = systemClock.sleep(10, stop);
	await jest.advanceTimersByTimeAsync(10);
	await sleep;
	expect(leave).toHaveBeenCalledTimes(1);
});
