// JavaScript, because Jest loads it as it is, on a Node that need not know TypeScript.
'use strict';

const base = require('../support/jest/base');

/** One n8n and one browser for all files, which run one after another. */
module.exports = {
	...base,
	displayName: 'browser',
	rootDir: __dirname,
	globalSetup: '<rootDir>/support/global-setup.js',
	globalTeardown: '<rootDir>/support/global-teardown.js',
	testTimeout: 180_000,
	maxWorkers: 1,
};
