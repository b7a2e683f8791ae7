import { PREFIX } from './control.mts';

/**
 * Drives an emulator in another process: the same methods as in-process, each giving a promise.
 * Functions cannot travel, so `setGeneration` takes ms only.
 *
 * @param origin such as http://127.0.0.1:4010
 */
export function connectEmulator(origin: string) {
	/** @throws the emulator's own error message */
	async function call(method, name, body, query = {}) {
		const given = Object.entries(query).filter(([, value]) => value !== undefined);
		const response = await fetch(`${origin}${PREFIX}${name}?${new URLSearchParams(given)}`, {
			method,
			body: body && JSON.stringify(body),
		});
		const answer = await response.json();
		if (!response.ok) throw new Error(answer.error);
		return answer;
	}

	const behave = (id) => call('DELETE', 'misbehave', undefined, { id });

	return {
		origin,
		baseUrl: `${origin}/api/v1`,
		ledger: () => call('GET', 'ledger'),
		tasks: () => call('GET', 'tasks'),
		requests: (filter) => call('GET', 'requests', undefined, filter),
		callbacks: () => call('GET', 'callbacks'),
		balance: (key) => call('GET', 'balance', undefined, { key }),
		misbehave: async (rule) => {
			const { id } = await call('POST', 'misbehave', rule);
			return { id, remove: () => behave(id) };
		},
		behave,
		finish: (taskId, outcome) => call('POST', 'finish', { ...outcome, taskId }),
		addTask: (task) => call('POST', 'addTask', task ?? {}),
		retryCallbacks: () => call('POST', 'retryCallbacks', {}),
		setBalance: (key, usd) => call('POST', 'setBalance', { key, usd }),
		setGeneration: (generationMs) => call('POST', 'settings', { generationMs }),
		configure: (changes) => call('POST', 'settings', changes),
		reset: () => call('POST', 'reset'),
	};
}
