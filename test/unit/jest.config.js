'use strict';

module.exports = {
	displayName: 'unit',
	rootDir: __dirname,
	testEnvironment: 'node',
	// A large file takes longer than Jest's five seconds where much else is running.
	testTimeout: 30_000,
	transform: {},
};
