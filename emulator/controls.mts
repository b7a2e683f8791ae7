import type { Charge } from './accounts.mts';
import type { CallbackAttempt } from './callbacks.mts';
import type { RequestEntry } from './journal.mts';
import type { Rule } from './misbehaviour.mts';
import type { RequestKind } from './routes.mts';
import type { Changes, GenerationTime } from './settings.mts';
import type { NewTask, Outcome, TaskView } from './tasks.mts';

/** What a test can read from the emulator and do to it. */
export interface Controls {
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
