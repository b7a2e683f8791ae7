'use strict';

/**
 * @typedef {object} Settings
 * @property {string} tarball the package as it would be published
 * @property {string} packageDir the same, unpacked
 * @property {boolean} isShort fewer repetitions and smaller sizes
 * @property {(text: string) => void} log
 *
 * @typedef {object} Result
 * @property {unknown} raw everything that was measured
 * @property {{ what: string, mark: string, measured: string, isMet: boolean }[]} marks
 * @property {{ caption: string, columns: string[], rows: string[][] }[]} tables
 * @property {import('../report/charts').Chart[]} charts
 * @property {string[]} notes
 *
 * @typedef {{ name: string, title: string, run: (settings: Settings) => Promise<Result> }} Scenario
 */

/** @type {Scenario[]} in the order of the document */
module.exports = [
	require('./batch'),
	require('./alternatives'),
	require('./polling'),
	require('./callback'),
	require('./download'),
	require('./package'),
	require('./queue'),
];
