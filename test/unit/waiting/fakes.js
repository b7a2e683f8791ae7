'use strict';

const { built } = require('../built');
const { Stop } = built('time/stop');
const { parseTask } = built('wan/task');

const START = Date.UTC(2026, 0, 9);

/** A clock on which sleeping takes no time, but the time that was asked for goes by. */
function fakeClock() {
	let now = START;
	return {
		now: () => now,
		sleep: async (ms, stop) => {
			if (!stop?.requested) now += ms;
		},
		/** Milliseconds since the clock was made. */
		elapsed: () => now - START,
	};
}

/** @param {number} timeoutMs */
function paceOf(timeoutMs) {
	const clock = fakeClock();
	return { clock, stop: new Stop(), deadline: clock.now() + timeoutMs };
}

const good = (value) => ({ ok: true, value });

const bad = (failure) => ({
	ok: false,
	failure: { message: 'trouble', hint: 'wait', details: {}, ...failure },
});

/** Trouble that may be repeated. */
const passing = (afterMs, patient = true) => bad({ retry: { afterMs, patient } });

const RESULT = '{"resultUrls":["https://file.apixo.ai/video.mp4"]}';

const taskIn = (state, more) =>
	good(parseTask({ taskId: 'task_1', state, resultJson: RESULT, ...more }, 'task_1'));

module.exports = { bad, fakeClock, good, paceOf, passing, taskIn };
