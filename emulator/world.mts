import { Accounts } from './accounts.mts';
import { Callbacks } from './callbacks.mts';
import { Journal } from './journal.mts';
import { Limits } from './limits.mts';
import { Misbehaviour } from './misbehaviour.mts';
import { FILES_PATH } from './routes.mts';
import { Tasks, stateOf } from './tasks.mts';
import { Timers } from './timers.mts';
import type { Facts } from './misbehaviour.mts';
import type { Settings } from './settings.mts';
import type { Task } from './tasks.mts';

export type World = ReturnType<typeof createWorld>;

/**
 * Everything the emulator remembers, and the timers that report tasks when they are final.
 *
 * @param origin of the server, for result URLs
 */
export function createWorld(settings: Settings, origin: string) {
	const timers = new Timers();
	const accounts = new Accounts(settings.keys);
	const rules = new Misbehaviour();
	const journal = new Journal(settings.log);
	const limits = new Limits(settings);
	const tasks = new Tasks({
		seed: settings.seed,
		fileUrl: (taskId) => `${origin}${FILES_PATH}/${taskId}.mp4`,
	});
	const callbacks = new Callbacks({
		data: (task) => tasks.data(task),
		takeEffects: (task) => rules.take('callback', factsOf(task)),
		timeScale: () => settings.timeScale,
		onAttempt: (attempt) => journal.callbackEnded(attempt),
	});

	/** What a rule can match about a task. */
	function factsOf(task: Task): Facts {
		const { taskId, key, mode, prompt } = task;
		return { taskId, key, mode, prompt, state: stateOf(task) };
	}

	/** Reports the task when it is final. Only a task with a callback needs a timer. */
	function watch(task: Task) {
		if (!task.callbackUrl) return;
		timers.after(task.finalTime - Date.now(), () => {
			if (task.finalTime === Infinity) return;
			task.finalTime = Math.min(task.finalTime, Date.now());
			void callbacks.deliver(task);
		});
	}

	/** Counts and watches a new task. @returns settles when its submit may be answered */
	async function started(task: Task): Promise<void> {
		limits.taskStarted(task);
		const isEarly = task.callbackUrl && rules.peek('callback', factsOf(task)).early;
		if (!isEarly) return watch(task);
		task.finalTime = Date.now();
		return await callbacks.deliverEarly(task);
	}

	function reset() {
		timers.clear();
		for (const part of [callbacks, rules, tasks, accounts, journal, limits, settings]) part.reset();
	}

	return { accounts, rules, journal, limits, tasks, callbacks, factsOf, watch, started, reset };
}
