'use strict';

/** A whole cluster: one test after another, and room for the first install. */
module.exports = {
	displayName: 'queue',
	rootDir: __dirname,
	testMatch: ['<rootDir>/**/*.test.js'],
	testEnvironment: 'node',
	transform: {},
	testTimeout: 120_000,
	maxWorkers: 1,
};
