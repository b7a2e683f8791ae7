import { Stop } from '../../../nodes/WanVideo/time/stop.ts';

test('all watchers are told, once', () => {
	const stop = new Stop();
	const told = [];
	for (let watcher = 0; watcher < 500; watcher += 1) stop.watch(() => told.push(watcher));
	expect(told).toHaveLength(0);
	stop.request();
	stop.request();
	expect(told).toHaveLength(500);
	expect(stop.requested).toBe(true);
});

test('who watches too late is told at once', () => {
	const stop = new Stop();
	stop.request();
	const watcher = jest.fn();
	stop.watch(watcher);
	expect(watcher).toHaveBeenCalledTimes(1);
});

test('who has gone is not told', () => {
	const stop = new Stop();
	const [gone, here] = [jest.fn(), jest.fn()];
	const leave = stop.watch(gone);
	stop.watch(here);
	leave();
	leave();
	stop.request();
	expect(gone).not.toHaveBeenCalled();
	expect(here).toHaveBeenCalledTimes(1);
});

test('a watcher may leave or request again while it is told', () => {
	const stop = new Stop();
	const last = jest.fn();
	const leave = stop.watch(() => {
		leave();
		stop.request();
	});
	stop.watch(last);
	stop.request();
	expect(last).toHaveBeenCalledTimes(1);
});
