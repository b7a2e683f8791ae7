import { createControl } from './control.mts';
import { createHandler } from './handler.mts';
import { BASE_PATH } from './routes.mts';
import { listen } from './server.mts';
import { createSettings } from './settings.mts';
import { createWorld } from './world.mts';
import type { Controls, Emulator } from './controls.mts';
import type { EmulatorOptions, Settings } from './settings.mts';
import type { Outcome } from './tasks.mts';
import type { World } from './world.mts';

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
