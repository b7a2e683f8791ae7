// JavaScript, because Jest loads it as it is, on a Node that need not know TypeScript.
'use strict';

const base = require('../support/jest/base');

module.exports = {
	...base,
	displayName: 'engine',
	rootDir: __dirname,
	setupFilesAfterEnv: ['<rootDir>/jest.setup.mts'],
	testTimeout: 60_000,
	maxWorkers: 2,
	maxConcurrency: 50,
};
