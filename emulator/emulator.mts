import { createControl } from './control.mts';
import { createHandler } from './handler.mts';
import { BASE_PATH } from './routes.mts';
import { listen } from './server.mts';
import { createSettings } from './settings.mts';
import { FINAL_STATES } from './tasks.mts';
import { createWorld } from './world.mts';
import type { Rule } from './misbehaviour.mts';
import type { Outcome } from './tasks.mts';
import type { Options } from './settings.mts';

/** What a test holds in its hand: everything it can read from the emulator and do to it. */
function createControls(
	settings: ReturnType<typeof createSettings>,
	world: ReturnType<typeof createWorld>,
) {
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
		/** Every request to the API and for files, in order. */
		requests: (filter?: { kind?: string }) => journal.list(filter),
		/** Every attempt to deliver a callback, in order. */
		callbacks: () => structuredClone(callbacks.attempts),
		/** @returns US dollars */
		balance: (key: string = settings.firstKey): number => accounts.balanceUsd(key),

		misbehave(rule: Rule): { id: number; remove: () => void } {
			const id = rules.add(rule);
			return { id, remove: () => rules.remove(id) };
		},
		/** Takes a rule back. @param id all rules when left out */
		behave: (id?: number) => rules.remove(id),

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
		 * @param task A `state` that is not final holds until `finish`, or until `generationMs` have passed.
		 */
		addTask({
			state = 'success',
			generationMs = Infinity,
			...given
		}: Outcome & {
			taskId?: string;
			key?: string;
			mode?: string;
			prompt?: string;
			callbackUrl?: string;
			createTime?: number;
			generationMs?: number;
		} = {}) {
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

		/** @param usd US dollars */
		setBalance: (key: string, usd: number) => accounts.setBalance(key, usd),
		/** For tasks submitted from now on. */
		setGeneration: (generationMs: number | ((task: object) => number)) =>
			settings.change({ generationMs }),
		/** @param changes generationMs, timeScale, errorForm, limits */
		configure: (changes: Partial<Options>) => settings.change(changes),
		/** Back to the start, on the same port: no tasks, rules or records, first balances and settings. */
		reset: () => world.reset(),
	};
}

/**
 * Starts a stand-in for APIXO on loopback.
 *
 * @throws when the port is taken, or an option is not known
 */
export async function startEmulator(options: Partial<Options> = {}) {
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
