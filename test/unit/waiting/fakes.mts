import { Stop } from '../../../nodes/WanVideo/time/stop.ts';
import { parseTask } from '../../../nodes/WanVideo/wan/task.ts';

const START = Date.UTC(2026, 0, 9);

/** More than any wait in these tests takes; without real time, an endless one could not time out. */
const MOST_SLEEPS = 10_000;

/** A clock on which sleeping takes no time, but the time that was asked for goes by. */
export function fakeClock() {
	let now = START;
	let sleeps = 0;
	return {
		now: () => now,
		sleep: async (ms, stop) => {
			sleeps += 1;
			if (sleeps > MOST_SLEEPS) throw new Error('This wait does not end');
			if (!stop?.requested) now += ms;
		},
		/** Milliseconds since the clock was made. */
		elapsed: () => now - START,
	};
}

export function paceOf(timeoutMs: number) {
	const clock = fakeClock();
	return { clock, stop: new Stop(), deadline: clock.now() + timeoutMs };
}

export const good = (value) => ({ ok: true, value });

export const bad = (failure) => ({
	ok: false,
	failure: { message: 'trouble', hint: 'wait', details: {}, ...failure },
});

/** Trouble that may be repeated. */
export const passing = (afterMs, patient = true) => bad({ retry: { afterMs, patient } });

const RESULT = '{"resultUrls":["https://file.apixo.ai/video.mp4"]}';

export const taskIn = (state, more) =>
	good(parseTask({ taskId: 'task_1', state, resultJson: RESULT, ...more }, 'task_1'));
