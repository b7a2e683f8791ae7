import type { TaskFacts } from './tasks.mts';

export const DEFAULT_KEY = 'apixo-test-key';

/** ms until a task is final, for all tasks or for each; Infinity: never */
export type GenerationTime = number | ((task: TaskFacts & { prompt: string }) => number);

/** What can change while it runs. */
interface Changeable {
	generationMs: GenerationTime;
	/** factor for the service's own times: callback retries, rate window */
	timeScale: number;
	/** errors as HTTP status, or as 200 with another `code` */
	errorForm: 'http' | 'envelope';
	/** per key; off by default */
	limits: { requestsPerMinute?: number; concurrentTasks?: number };
	/** fields of `input` that are accepted beside the documented ones, as some routes have them */
	extraInput: string[];
}
export type Changes = Partial<Changeable>;

interface Values extends Changeable {
	/** 0: any free one */
	port: number;
	host: string;
	/** API keys; a task belongs to its key */
	keys: Record<string, { balanceUsd: number }>;
	/** task IDs follow from it */
	seed: number;
	/** gets a line for each request and each callback */
	log?: (line: string) => void;
}
export type EmulatorOptions = Partial<Values>;

export interface Settings extends Values {
	firstKey: string;
	/** @throws on a setting that cannot change */
	change: (changes: Changes) => void;
	/** Back to what it was started with. */
	reset: () => void;
}

const DEFAULTS: Values = {
	port: 0,
	host: '127.0.0.1',
	keys: { [DEFAULT_KEY]: { balanceUsd: 100 } },
	generationMs: 2_000,
	timeScale: 1,
	seed: 1,
	errorForm: 'http',
	limits: {},
	extraInput: [],
};

const CHANGEABLE: Array<keyof Changeable> = [
	'generationMs',
	'timeScale',
	'errorForm',
	'limits',
	'extraInput',
];

/** A misspelt option would be one without effect. */
function assertKnown(options: object, known: string[]) {
	const unknown = Object.keys(options).filter((name) => !known.includes(name));
	if (unknown.length) throw new Error(`Not a setting: ${unknown.join(', ')}`);
}

/** @throws on a name that is not known */
export function createSettings(options: EmulatorOptions): Settings {
	assertKnown(options, [...Object.keys(DEFAULTS), 'log']);
	const values = { ...DEFAULTS, ...options };
	const initial = Object.fromEntries(CHANGEABLE.map((name) => [name, values[name]]));
	return {
		...values,
		firstKey: Object.keys(values.keys)[0],

		change(changes) {
			assertKnown(changes, CHANGEABLE);
			Object.assign(this, changes);
		},

		reset() {
			Object.assign(this, initial);
		},
	};
}
