'use strict';

const { createControl } = require('./control');
const { createHandler } = require('./handler');
const { BASE_PATH } = require('./routes');
const { listen } = require('./server');
const { createSettings } = require('./settings');
const { FINAL_STATES } = require('./tasks');
const { createWorld } = require('./world');

/**
 * What a test holds in its hand: everything it can read from the emulator and do to it.
 *
 * @param {ReturnType<typeof import('./settings').createSettings>} settings
 * @param {ReturnType<typeof createWorld>} world
 */
function createControls(settings, world) {
	const { accounts, rules, journal, tasks, callbacks } = world;

	function finish(taskId, outcome) {
		const task = tasks.get(taskId);
		if (!task) throw new Error(`No such task: ${taskId}`);
		tasks.finish(task, outcome);
		callbacks.deliver(task);
		return tasks.view(task);
	}

	return {
		/** Every charge, in order: one for each accepted submit. */
		ledger: () => structuredClone(accounts.ledger),
		tasks: () => tasks.all().map((task) => tasks.view(task)),
		/** Every request to the API and for files, in order. @param {{kind?: string}} [filter] */
		requests: (filter) => journal.list(filter),
		/** Every attempt to deliver a callback, in order. */
		callbacks: () => structuredClone(callbacks.attempts),
		/** @param {string} [key] @returns {number} US dollars */
		balance: (key = settings.firstKey) => accounts.balanceUsd(key),

		/** @param {import('./misbehaviour').Rule} rule @returns {{id: number, remove: () => void}} */
		misbehave(rule) {
			const id = rules.add(rule);
			return { id, remove: () => rules.remove(id) };
		},
		/** Takes a rule back. @param {number} [id] all rules when left out */
		behave: (id) => rules.remove(id),

		/**
		 * Makes a task final now. Its callback, if it has one, goes out.
		 *
		 * @param {string} taskId
		 * @param {import('./tasks').Outcome} [outcome] success when left out
		 * @throws when there is no such task
		 */
		finish,
		/** Makes the next attempt of every callback that failed so far, instead of in its time. */
		retryCallbacks: () => callbacks.retry(),

		/**
		 * Adds a task that was submitted and paid for at another time.
		 *
		 * @param {import('./tasks').Outcome & {taskId?: string, key?: string, mode?: string,
		 *   prompt?: string, callbackUrl?: string, createTime?: number, generationMs?: number}} [task]
		 *   A `state` that is not final holds until `finish`, or until `generationMs` have passed.
		 */
		addTask({ state = 'success', generationMs = Infinity, ...given } = {}) {
			const { failCode, failMsg, resultUrls, resultJson, ...facts } = given;
			const task = tasks.create(
				{ key: settings.firstKey, mode: 'text-to-video', requestType: 'async', ...facts },
				generationMs,
			);
			const outcome = { state, failCode, failMsg, resultUrls, resultJson };
			if (FINAL_STATES.includes(state)) return finish(task.taskId, outcome);
			tasks.destine(task, { state });
			world.watch(task);
			return tasks.view(task);
		},

		/** @param {string} key @param {number} usd US dollars */
		setBalance: (key, usd) => accounts.setBalance(key, usd),
		/** For tasks submitted from now on. @param {number | ((task: object) => number)} generationMs */
		setGeneration: (generationMs) => settings.change({ generationMs }),
		/** @param {Partial<import('./settings').Options>} changes generationMs, timeScale, errorForm, limits */
		configure: (changes) => settings.change(changes),
		/** Back to the start, on the same port: no tasks, rules or records, first balances and settings. */
		reset: () => world.reset(),
	};
}

/**
 * Starts a stand-in for APIXO on loopback.
 *
 * @param {Partial<import('./settings').Options>} [options]
 * @throws when the port is taken, or an option is not known
 */
async function startEmulator(options = {}) {
	const settings = createSettings(options);
	const server = await listen(settings);
	const world = createWorld(settings, server.origin);
	const handler = createHandler(settings, world);
	const emulator = {
		origin: server.origin,
		baseUrl: `${server.origin}${BASE_PATH}`,
		...createControls(settings, world),

		/** Ends timers, connections and the server. */
		async close() {
			world.reset();
			handler.close();
			await server.close();
		},
	};
	server.serve({ handle: handler.handle, control: createControl(emulator) });
	return emulator;
}

module.exports = { startEmulator };
