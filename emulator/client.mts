import { PREFIX } from './control.mts';
import { BASE_PATH } from './routes.mts';
import type { ControlBodies } from './control.mts';
import type { Emulator } from './controls.mts';

type Remote<Method extends (...args: never) => unknown> = (
	...args: Parameters<Method>
) => Promise<ReturnType<Method>>;

type SameMethods = Exclude<
	keyof Emulator,
	'origin' | 'baseUrl' | 'misbehave' | 'setGeneration' | 'close'
>;

/** An emulator in another process: the same methods as in this one, each giving a promise. */
export type RemoteEmulator = Pick<Emulator, 'origin' | 'baseUrl'> & {
	[Name in SameMethods]: Remote<Emulator[Name]>;
} & {
	misbehave: (
		...args: Parameters<Emulator['misbehave']>
	) => Promise<{ id: number; remove: () => Promise<void> }>;
	/** ms; a function cannot be sent */
	setGeneration: (generationMs: number) => Promise<void>;
};

/** @param origin such as http://127.0.0.1:4010 */
export function connectEmulator(origin: string): RemoteEmulator {
	/** @throws the emulator's own error message */
	async function call<Answer>(
		method: 'GET' | 'POST' | 'DELETE',
		name: string,
		{ query = {}, body }: { query?: Record<string, string | undefined>; body?: object } = {},
	): Promise<Answer> {
		const given = Object.entries(query).flatMap(([key, value]) =>
			value === undefined ? [] : [[key, value]],
		);
		const response = await fetch(`${origin}${PREFIX}${name}?${new URLSearchParams(given)}`, {
			method,
			body: body && JSON.stringify(body),
		});
		const answer: unknown = await response.json();
		// The other end is control.mts: what it answers is what the emulator's method returned.
		if (!response.ok) throw new Error((answer as { error: string }).error);
		return answer as Answer;
	}

	const read = <Answer,>(name: string, query?: Record<string, string | undefined>) =>
		call<Answer>('GET', name, { query });

	const act = <Name extends keyof ControlBodies, Answer>(name: Name, body: ControlBodies[Name]) =>
		call<Answer>('POST', name, { body });

	const behave = (id?: number) =>
		call<void>('DELETE', 'misbehave', { query: { id: id === undefined ? id : String(id) } });

	return {
		origin,
		baseUrl: `${origin}${BASE_PATH}`,
		ledger: () => read('ledger'),
		tasks: () => read('tasks'),
		requests: ({ kind } = {}) => read('requests', { kind }),
		callbacks: () => read('callbacks'),
		balance: (key) => read('balance', { key }),
		misbehave: async (rule) => {
			const { id }: { id: number } = await act('misbehave', rule);
			return { id, remove: () => behave(id) };
		},
		behave,
		finish: (taskId, outcome) => act('finish', { ...outcome, taskId }),
		addTask: (task = {}) => act('addTask', task),
		retryCallbacks: () => act('retryCallbacks', {}),
		setBalance: (key, usd) => act('setBalance', { key, usd }),
		setGeneration: (generationMs) => act('settings', { generationMs }),
		configure: (changes) => act('settings', changes),
		reset: () => act('reset', {}),
	};
}
