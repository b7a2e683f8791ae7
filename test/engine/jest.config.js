'use strict';

module.exports = {
	displayName: 'engine',
	rootDir: __dirname,
	testEnvironment: 'node',
	transform: {},
	setupFilesAfterEnv: ['<rootDir>/jest.setup.js'],
	testTimeout: 20_000,
	maxWorkers: 2,
	maxConcurrency: 50,
};
