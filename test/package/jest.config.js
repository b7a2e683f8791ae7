'use strict';

module.exports = {
	displayName: 'package',
	rootDir: __dirname,
	testEnvironment: 'node',
	transform: {},
	testTimeout: 60_000,
	maxWorkers: 1,
};
