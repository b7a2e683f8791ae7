'use strict';

const DEFAULT_KEY = 'apixo-test-key';

/**
 * @typedef {object} Options
 * @property {number} port 0: any free one
 * @property {string} host
 * @property {Record<string, {balanceUsd: number}>} keys API keys; a task belongs to its key
 * @property {number | ((task: object) => number)} generationMs ms until a task is final
 * @property {number} timeScale factor for the service's own times: callback retries, rate window
 * @property {number} seed task IDs follow from it
 * @property {'http' | 'envelope'} errorForm errors as HTTP status, or as 200 with another `code`
 * @property {{requestsPerMinute?: number, concurrentTasks?: number}} limits per key; off by default
 * @property {(line: string) => void} [log] gets a line for each request and each callback
 */

/** @type {Options} */
const DEFAULTS = {
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

/** @param {Partial<Options>} options @throws on a name that is not known */
function createSettings(options) {
	assertKnown(options, [...Object.keys(DEFAULTS), 'log']);
	const settings = { ...DEFAULTS, ...options };
	const initial = Object.fromEntries(CHANGEABLE.map((name) => [name, settings[name]]));
	return {
		...settings,
		firstKey: Object.keys(settings.keys)[0],

		/** @param {Partial<Options>} changes of what can change while it runs @throws on any other */
		change(changes) {
			assertKnown(changes, CHANGEABLE);
			Object.assign(this, changes);
		},

		/** Back to what it was started with. */
		reset() {
			Object.assign(this, initial);
		},
	};
}

module.exports = { createSettings, DEFAULT_KEY };
