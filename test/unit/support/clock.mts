import type { Clock } from '../../../nodes/shared/clock.ts';

const START = Date.UTC(2026, 0, 9);

/** More than any wait in these tests takes: without real time, an endless one could not time out. */
const MAX_SLEEPS = 10_000;

export interface FakeClock extends Clock {
	/** Milliseconds since the clock was made. */
	elapsed(): number;
}

/** A clock on which sleeping takes no time, but the time that was asked for goes by. */
export function fakeClock(): FakeClock {
	let now = START;
	let sleeps = 0;
	return {
		now: () => now,
		sleep: async (ms, signal) => {
			sleeps += 1;
			if (sleeps > MAX_SLEEPS) throw new Error('This wait does not end');
			if (!signal?.aborted) now += ms;
		},
		elapsed: () => now - START,
	};
}

export interface Wait {
	clock: FakeClock;
	/** Ends the wait as a user's stop does. */
	stop(): void;
	signal: AbortSignal;
	/** Unix milliseconds. */
	deadline: number;
}

export function waitOf(timeoutMs: number): Wait {
	const clock = fakeClock();
	const controller = new AbortController();
	return {
		clock,
		stop: () => controller.abort(),
		signal: controller.signal,
		deadline: clock.now() + timeoutMs,
	};
}

/** Lets everything go on that waits for no time. */
export const settled = async () => await new Promise<void>((resolve) => setImmediate(resolve));

/** A clock that stands still. Who sleeps is woken by hand. */
export function stoppedClock() {
	const sleepers: Array<{ ms: number; resolve: () => void }> = [];
	return {
		now: () => 0,
		sleep: async (ms: number) => {
			await new Promise<void>((resolve) => sleepers.push({ ms, resolve }));
		},
		/** Wakes all that sleep. @returns how many milliseconds each meant to */
		wake: (): number[] => sleepers.splice(0).map(({ ms, resolve }) => (resolve(), ms)),
	};
}

/**
 * A clock on which many may sleep at once: when all of them do, time jumps to the first that is due.
 * What waits for something else must be settled by then.
 *
 * @param tickMs goes by whenever the time is read
 */
export function virtualClock(tickMs = 0): FakeClock & { advance(ms: number): void } {
	let now = START;
	let sleepers: Array<{ at: number; wake: () => void }> = [];
	let isTicking = false;
	async function tick() {
		isTicking = true;
		while (sleepers.length > 0) {
			await settled();
			now = Math.max(now, Math.min(...sleepers.map(({ at }) => at)));
			for (const { wake } of sleepers.filter(({ at }) => at <= now)) wake();
			await settled();
		}
		isTicking = false;
	}
	return {
		now: () => (now += tickMs),
		sleep: async (ms, signal) => {
			if (signal?.aborted) return;
			// Node warns of a leak from the eleventh listener of one signal on.
			const own = signal && AbortSignal.any([signal]);
			await new Promise<void>((resolve) => {
				const wake = () => {
					sleepers = sleepers.filter((one) => one !== sleeper);
					own?.removeEventListener('abort', wake);
					resolve();
				};
				const sleeper = { at: now + ms, wake };
				sleepers.push(sleeper);
				own?.addEventListener('abort', wake);
				if (!isTicking) void tick();
			});
		},
		elapsed: () => now - START,
		advance: (ms) => {
			now += ms;
		},
	};
}
