// JavaScript, because Jest loads it as it is, on a Node that need not know TypeScript.
'use strict';

const base = require('../support/jest/base');

/** Real servers: most of the time they wait, so two files side by side; and room for the first install. */
module.exports = {
	...base,
	displayName: 'e2e',
	rootDir: __dirname,
	globalSetup: '<rootDir>/../support/jest/pack.js',
	testTimeout: 300_000,
	maxWorkers: 2,
	maxConcurrency: 7,
};
