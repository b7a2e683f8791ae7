// JavaScript, because Jest loads it as it is, on a Node that need not know TypeScript.
'use strict';

const base = require('../support/jest/base');

/** Real servers: one test file at a time, and room for the first install. */
module.exports = {
	...base,
	displayName: 'e2e',
	rootDir: __dirname,
	globalSetup: '<rootDir>/../support/jest/pack.js',
	testTimeout: 300_000,
	maxWorkers: 1,
	maxConcurrency: 7,
};
