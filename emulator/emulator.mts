import { createControl } from './control.mts';
import { createHandler } from './handler.mts';
import { BASE_PATH } from './routes.mts';
import { listen } from './server.mts';
import { createSettings } from './settings.mts';
import { createWorld } from './world.mts';
import type { Charge } from './accounts.mts';
import type { CallbackAttempt } from './callbacks.mts';
import type { RequestEntry } from './journal.mts';
import type { Rule } from './misbehaviour.mts';
import type { RequestKind } from './routes.mts';
import type { Changes, EmulatorOptions, GenerationTime, Settings } from './settings.mts';
import type { NewTask, Outcome, TaskView } from './tasks.mts';
import type { World } from './world.mts';

/** What a test can read from the emulator and do to it. */
interface Controls {
	/** Every charge, in order: one for each accepted submit. */
	ledger: () => Charge[];
	tasks: () => TaskView[];
	/** Every request to the API and for files, in order of arrival. */
	requests: (filter?: { kind?: RequestKind }) => RequestEntry[];
	/** Every attempt to deliver a callback, in order. */
	callbacks: () => CallbackAttempt[];
	/** @param key the first one when left out @returns US dollars */
	balance: (key?: string) => number;
	/** @throws on a name that is not known */
	misbehave: (rule: Rule) => { id: number; remove: () => void };
	/** Takes a rule back. @param id all rules when left out */
	behave: (id?: number) => void;
	/**
	 * Makes a task final now. Its callback, if it has one, is sent.
	 *
	 * @param outcome success when left out
	 * @throws when there is no such task
	 */
	finish: (taskId: string, outcome?: Outcome) => TaskView;
	/** Makes the next attempt of every callback that failed so far, instead of in its time. */
	retryCallbacks: () => void;
	/** Adds a task that was submitted and paid for at another time. */
	addTask: (task?: NewTask) => TaskView;
	setBalance: (key: string, usd: number) => void;
	/** For tasks submitted from now on. */
	setGeneration: (generationMs: GenerationTime) => void;
	/** @throws on a setting that cannot change */
	configure: (changes: Changes) => void;
	/** Back to the start, on the same port: no tasks, rules or records, first balances and settings. */
	reset: () => void;
}

export interface Emulator extends Controls {
	/** without a slash at the end */
	origin: string;
	/** of the API, for the credential */
	baseUrl: string;
	/** Ends timers, connections and the server. */
	close: () => Promise<void>;
}

function createControls(settings: Settings, world: World): Controls {
	const { accounts, rules, journal, tasks, callbacks } = world;

	function finish(taskId: string, outcome?: Outcome) {
		const task = tasks.get(taskId);
		if (!task) throw new Error(`No such task: ${taskId}`);
		tasks.finish(task, outcome);
		void callbacks.deliver(task);
		return tasks.view(task);
	}

	return {
		ledger: () => structuredClone(accounts.ledger),
		tasks: () => tasks.all().map((task) => tasks.view(task)),
		requests: (filter) => journal.list(filter),
		callbacks: () => structuredClone(callbacks.attempts),
		balance: (key = settings.firstKey) => accounts.balanceUsd(key),

		misbehave(rule) {
			const id = rules.add(rule);
			return { id, remove: () => rules.remove(id) };
		},
		behave: (id) => rules.remove(id),

		finish,
		retryCallbacks: () => callbacks.retry(),

		addTask({ state = 'success', generationMs = Infinity, ...given } = {}) {
			const { failCode, failMsg, resultUrls, resultJson, ...facts } = given;
			const task = tasks.create(
				{ key: settings.firstKey, mode: 'text-to-video', requestType: 'async', ...facts },
				generationMs,
			);
			if (state === 'success' || state === 'failed') {
				return finish(task.taskId, { state, failCode, failMsg, resultUrls, resultJson });
			}
			tasks.apply(task, { state });
			world.watch(task);
			return tasks.view(task);
		},

		setBalance: (key, usd) => accounts.setBalance(key, usd),
		setGeneration: (generationMs) => settings.change({ generationMs }),
		configure: (changes) => settings.change(changes),
		reset: () => world.reset(),
	};
}

/**
 * Starts a stand-in for APIXO on loopback.
 *
 * @throws when the port is taken, or an option is not known
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
	const settings = createSettings(options);
	const server = await listen(settings);
	const world = createWorld(settings, server.origin);
	const handler = createHandler(settings, world);
	const emulator = {
		origin: server.origin,
		baseUrl: `${server.origin}${BASE_PATH}`,
		...createControls(settings, world),

		async close() {
			world.reset();
			handler.close();
			await server.close();
		},
	};
	server.serve({ handle: handler.handle, control: createControl(emulator) });
	return emulator;
}
