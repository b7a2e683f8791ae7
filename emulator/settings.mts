export const DEFAULT_KEY = 'apixo-test-key';

export interface Options {
	/** 0: any free one */
	port: number;
	host: string;
	/** API keys; a task belongs to its key */
	keys: Record<string, { balanceUsd: number }>;
	/** ms until a task is final */
	generationMs: number | ((task: object) => number);
	/** factor for the service's own times: callback retries, rate window */
	timeScale: number;
	/** task IDs follow from it */
	seed: number;
	/** errors as HTTP status, or as 200 with another `code` */
	errorForm: 'http' | 'envelope';
	/** per key; off by default */
	limits: { requestsPerMinute?: number; concurrentTasks?: number };
	/** gets a line for each request and each callback */
	log?: (line: string) => void;
}

const DEFAULTS: Options = {
	port: 0,
	host: '127.0.0.1',
	keys: { [DEFAULT_KEY]: { balanceUsd: 100 } },
	generationMs: 2_000,
	timeScale: 1,
	seed: 1,
	errorForm: 'http',
	limits: {},
};

const CHANGEABLE = ['generationMs', 'timeScale', 'errorForm', 'limits'];

/** A misspelt option would be one without effect. */
function assertKnown(options, known) {
	const unknown = Object.keys(options).filter((name) => !known.includes(name));
	if (unknown.length) throw new Error(`Not a setting: ${unknown.join(', ')}`);
}

/** @throws on a name that is not known */
export function createSettings(options: Partial<Options>) {
	assertKnown(options, [...Object.keys(DEFAULTS), 'log']);
	const settings = { ...DEFAULTS, ...options };
	const initial = Object.fromEntries(CHANGEABLE.map((name) => [name, settings[name]]));
	return {
		...settings,
		firstKey: Object.keys(settings.keys)[0],

		/** @param changes of what can change while it runs @throws on any other */
		change(changes: Partial<Options>) {
			assertKnown(changes, CHANGEABLE);
			Object.assign(this, changes);
		},

		/** Back to what it was started with. */
		reset() {
			Object.assign(this, initial);
		},
	};
}
